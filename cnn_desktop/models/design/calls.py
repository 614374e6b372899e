"""Constructors of modules with what they are called with: one fact for the network and for its code. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Argument = int | float | bool | tuple[int, ...]


@dataclass(frozen=True)
class Call:
    """The constructor `name` of torch.nn, or with `is_ours` of this package, and its arguments."""

    name: str
    positional: tuple[Argument, ...] = ()
    named: Mapping[str, Argument] = field(default_factory=dict)
    is_ours: bool = False

    @property
    def text(self) -> str:
        """As it stands in code: nn.Conv2d(3, 32, 3, padding=1)."""
        arguments = [*map(repr, self.positional), *(f"{key}={value!r}" for key, value in self.named.items())]
        return f"{'' if self.is_ours else 'nn.'}{self.name}({', '.join(arguments)})"
