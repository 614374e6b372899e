"""Which part of a network a person would name to say where a layer is."""

from torch import nn

_MOST = 36
"""Layers of a block that can still be taken in at a glance."""


class Blocks:
    """The parts of `module` under which its layers are listed: those that are more than a row of others."""

    def __init__(self, module: nn.Module) -> None:
        self._blocks = {
            name for name, part in module.named_modules() if name and _is_block(part) and _leaves(part) <= _MOST
        }

    def of(self, inside: str) -> str:
        """The block of what happens in the part named `inside`: the largest that holds it, else that part itself."""
        steps = inside.split(".")
        enclosing = (".".join(steps[: count + 1]) for count in range(len(steps)))
        return next((name for name in enclosing if name in self._blocks), inside)


def _is_block(part: nn.Module) -> bool:
    has_children = next(part.children(), None) is not None
    return has_children and not isinstance(part, (nn.Sequential, nn.ModuleList, nn.ModuleDict))


def _leaves(part: nn.Module) -> int:
    return sum(next(inner.children(), None) is None for inner in part.modules())
