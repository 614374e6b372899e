"""What an operation took, as arrays of the first picture."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic.working import Cell, Origin, Working
from cnn_desktop.explain.recording import Operation, Recording
from cnn_desktop.explain.recording.operation import Places

Index = tuple[int, ...]
"""A place in a tensor of the first picture, without the axis of the batch."""


class NoArithmeticError(ModelError):
    """A number that isn't written out; the message says why."""


@dataclass(frozen=True)
class Taken:
    """One number of an operation, and access to what it was computed from."""

    recording: Recording
    operation: Operation
    index: Index
    item: int = 0
    """Which of the batch, where networks lay parts of one picture out as a batch."""

    def argument(self, name: str, default: Any = None) -> Any:
        """What the operation was called with; `default` where it wasn't, or with None."""
        value = self.operation.arguments.get(name)
        return default if value is None else value

    def parameter(self, name: str) -> np.ndarray | None:
        """Weights or statistics, float64; None where there are none."""
        value = self.argument(name)
        return None if value is None else self.numbers(value)

    def source(self, name: str = "input") -> np.ndarray:
        """An argument's numbers for the first picture, float64."""
        return self.numbers(self.argument(name))

    def raw(self, name: str = "input") -> torch.Tensor:
        """The same as torch holds them."""
        return self.tensor(self.argument(name))

    def tensor(self, source: str) -> torch.Tensor:
        """What an operation gave for the same picture, without the batch."""
        whole = self.recording.taken(source)
        if len(whole) != len(self.operation.output):
            raise NoArithmeticError(
                _("“{name}” mixes parts of the picture: that can’t be written out here.").format(
                    name=self.operation.name
                )
            )
        return whole[self.item].detach()

    def numbers(self, value: Any) -> np.ndarray:
        """The numbers of an operation, by its name, of a tensor, or a number itself: float64."""
        if isinstance(value, str):
            value = self.tensor(value)
        return (
            value.detach().cpu().double().numpy() if isinstance(value, torch.Tensor) else np.asarray(value, np.float64)
        )

    def origin(self, source: str, index: Index, item: int) -> Origin | None:
        """Where a number of `source` is shown; None where it isn't, being of another part of the batch."""
        places = self.recording.places(source)
        is_shown = item == 0 and math.prod(_shown(places)[1]) == math.prod(places.shape[1:])
        return Origin(source, cell_of(places, index)) if is_shown else None


Rule = Callable[[Taken], Working]
Rules = Mapping[str, Rule]


def index_of(places: Places, cell: Cell) -> Index:
    """The place in a tensor of the cell in which it is shown.

    Raises:
        NoArithmeticError: there is no such cell.
    """
    order, sides = _shown(places)
    if math.prod(sides) != math.prod(places.shape[1:]):
        raise NoArithmeticError(_("These numbers are no maps of the picture: they can’t be chosen one by one."))
    if not all(0 <= at < end for at, end in zip(cell, sides, strict=True)):
        raise NoArithmeticError(_("There is no such number; choose one of the map."))
    flat = np.ravel_multi_index(cell, sides)
    found = np.unravel_index(int(flat), tuple(places.shape[axis] for axis in order))
    index = dict(zip(order, found, strict=True))
    return tuple(int(index[axis]) for axis in range(1, len(places.shape)))


def cell_of(places: Places, index: Index) -> Cell:
    """The cell in which a place of a tensor is shown."""
    order, sides = _shown(places)
    flat = np.ravel_multi_index([index[axis - 1] for axis in order], tuple(places.shape[axis] for axis in order))
    return Cell(*(int(at) for at in np.unravel_index(int(flat), sides)))


def _shown(places: Places) -> tuple[list[int], tuple[int, int, int]]:
    """The axes of a tensor in the order in which `Recording.maps` lays them out, and the C×H×W that they fill."""
    axes = places.axes
    if axes.row is not None:
        first = [axis for axis in axes if axis is not None]
    else:
        first = [axes.channel] if axes.channel else []
    others = [axis for axis in range(1, len(places.shape)) if axis not in first]
    return [*first, *others], (places.channels, *places.extent)
