"""Things that are looked up by name: datasets, architectures."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Generic, TypeVar

from cnn_desktop.core.errors import BadInputError, listed
from cnn_desktop.core.language import _

T = TypeVar("T")


class Registry(Generic[T]):
    """Names and what they stand for, in the order of registration.

    Args:
        kind: what is registered, as a person would call it ("dataset"); used in messages.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def register(self, name: str) -> Callable[[Callable[[], T]], Callable[[], T]]:
        """Decorate a class or factory without arguments: what it makes is registered as `name`.

        Raises:
            ValueError: the name is taken.
        """

        def decorate(factory: Callable[[], T]) -> Callable[[], T]:
            if name in self._entries:
                raise ValueError(f"the {self.kind} {name!r} is registered twice")
            self._entries[name] = factory()
            return factory

        return decorate

    def __getitem__(self, name: str) -> T:
        """Look `name` up.

        Raises:
            BadInputError: nothing has that name; the message lists the nearest names.
        """
        if name not in self._entries:
            raise BadInputError(self._unknown(name))
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name.lower(), self._entries, n=3, cutoff=0.5)
        if near:
            return _("There is no {kind} “{name}”; did you mean {near}?").format(
                kind=self.kind, name=name, near=listed(near)
            )
        return _("There is no {kind} “{name}”; there are {all}.").format(
            kind=self.kind, name=name, all=listed(self._entries)
        )
