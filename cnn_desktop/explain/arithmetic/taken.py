"""What an operation took, as arrays of the first picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic.working import Cell, Origin, Working
from cnn_desktop.explain.recording import INPUT, Axes, Operation, Recording

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
        """What an operation gave for the first picture, without the batch."""
        recording = self.recording
        return (recording.input if source == INPUT else recording.operations[source].output)[0].detach()

    def numbers(self, value: Any) -> np.ndarray:
        """The numbers of an operation, by its name, of a tensor, or a number itself: float64."""
        if isinstance(value, str):
            value = self.tensor(value)
        return value.detach().cpu().double().numpy() if isinstance(value, torch.Tensor) else np.float64(value)

    def origin(self, source: str, index: Index) -> Origin:
        """Where a number of `source` is shown."""
        operations = self.recording.operations
        axes = Axes(1, 2, 3) if source == INPUT else operations[source].axes
        return Origin(source, cell_of(axes, tuple(self.tensor(source).shape), index))


Rule = Callable[[Taken], Working]
Rules = Mapping[str, Rule]


def index_of(axes: Axes, shape: tuple[int, ...], cell: Cell) -> Index:
    """The place in a tensor of `shape` (without the batch) of the cell in which it is shown.

    Raises:
        NoArithmeticError: there is no such cell.
    """
    order, sides = _shown(axes, shape)
    if not all(0 <= at < end for at, end in zip(cell, sides, strict=True)):
        raise NoArithmeticError(_("There is no such number; choose one of the map."))
    moved = tuple(shape[axis] for axis in order)
    places = np.unravel_index(int(np.ravel_multi_index(cell, sides)), moved) if moved else ()
    index = dict(zip(order, places, strict=True))
    return tuple(int(index[axis]) for axis in range(len(shape)))


def cell_of(axes: Axes, shape: tuple[int, ...], index: Index) -> Cell:
    """The cell in which a place of a tensor is shown."""
    order, sides = _shown(axes, shape)
    if not order:
        return Cell(0, 0, 0)
    flat = np.ravel_multi_index([index[axis] for axis in order], tuple(shape[axis] for axis in order))
    return Cell(*(int(at) for at in np.unravel_index(int(flat), sides)))


def _shown(axes: Axes, shape: tuple[int, ...]) -> tuple[list[int], tuple[int, int, int]]:
    """The axes of a tensor in the order in which `Recording.maps` lays them out, and the C×H×W that they fill."""
    if not shape:
        return [], (1, 1, 1)
    channel = max(axes.channel - 1, 0)
    if len(shape) == 3 and axes.row is not None and axes.column is not None:
        order = [channel, axes.row - 1, axes.column - 1]
        return order, (shape[order[0]], shape[order[1]], shape[order[2]])
    order = [channel, *(axis for axis in range(len(shape)) if axis != channel)]
    width = shape[order[-1]] if len(order) > 1 else 1
    return order, (shape[channel], int(np.prod(shape)) // shape[channel] // max(width, 1), width)
