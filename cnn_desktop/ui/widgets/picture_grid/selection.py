"""Which of many pictures are chosen, and which one the keys go on from."""

from collections.abc import Collection


class Selection:
    """Chosen places of 0…`count`-1; all methods keep within them."""

    def __init__(self) -> None:
        self.count = 0
        self.chosen: set[int] = set()
        self.current = -1
        """The one that is opened by Enter and that arrows go on from; -1: none yet."""
        self._anchor = 0

    def reset(self, count: int, chosen: Collection[int] = (), current: int = -1) -> None:
        """Start anew with `count` pictures, some of them chosen."""
        self.count = count
        self.chosen = set(chosen)
        self.current = current
        self._anchor = max(0, current)

    def choose(self, place: int) -> None:
        """Choose one and no other."""
        self.chosen = {place}
        self.current = self._anchor = place

    def toggle(self, place: int) -> None:
        """Add one, or take it out."""
        self.chosen ^= {place}
        self.current = self._anchor = place

    def extend(self, place: int) -> None:
        """Choose all from the one that was chosen last up to this one."""
        first, last = sorted((min(self._anchor, self.count - 1), place))
        self.chosen = set(range(first, last + 1))
        self.current = place

    def choose_all(self) -> None:
        """Choose every picture."""
        self.chosen = set(range(self.count))
        self.current = max(self.current, 0) if self.count else -1

    def clear(self) -> None:
        """Choose none; the keys go on from where they were."""
        self.chosen = set()

    def step(self, by: int, extending: bool) -> None:
        """Go `by` places on from the current one, not over the ends."""
        if not self.count:
            return
        target = 0 if self.current < 0 else min(max(self.current + by, 0), self.count - 1)
        if extending:
            self.extend(target)
        else:
            self.choose(target)
