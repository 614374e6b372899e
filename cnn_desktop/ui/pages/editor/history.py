"""What was done to a design, to be undone and done again."""

from dataclasses import dataclass

from cnn_desktop.core.design import Design

_KEPT = 500


@dataclass(frozen=True)
class State:
    """A design, and which of its layers is chosen."""

    design: Design
    row: int


class History:
    """States in their order; changes in a row with the same key are undone at once."""

    def __init__(self, state: State) -> None:
        self._past: list[State] = []
        self._future: list[State] = []
        self._now = state
        self._key = ""

    @property
    def now(self) -> State:
        """The state that is shown."""
        return self._now

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._future)

    def record(self, state: State, key: str = "") -> None:
        """Go to a new state; `key` names what a person goes on changing, such as one field of one layer."""
        if not key or key != self._key:
            self._past = [*self._past, self._now][-_KEPT:]
        self._key = key
        self._future.clear()
        self._now = state

    def replace(self, state: State) -> None:
        """Go to a state that nobody undoes, such as another layer that is chosen."""
        self._now = state
        self._key = ""

    def undo(self) -> None:
        """Go back to the state before."""
        if self._past:
            self._future.append(self._now)
            self._now = self._past.pop()
            self._key = ""

    def redo(self) -> None:
        """Go again to the state that was left by `undo`."""
        if self._future:
            self._past.append(self._now)
            self._now = self._future.pop()
            self._key = ""
