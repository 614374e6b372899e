"""The numbers of a matrix, and how each is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

Plane = tuple[tuple[float, ...], ...]


class Cell(NamedTuple):
    """A place in a matrix, counted from 0."""

    channel: int
    row: int
    column: int


class Edges(NamedTuple):
    """How many rows and columns at each side are padding."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0


NO_EDGES = Edges()
_FEWEST = 1
"""Digits after the point of which none is left out."""


@dataclass(frozen=True)
class Content:
    """Numbers as channels of rows of columns.

    Args:
        planes: C×H×W.
        padding: what of it isn't part of the picture; its cells are drawn as such.
        scale: the number furthest from zero that a colour stands for; None takes that of the numbers.
        decimals: digits after the point; None takes as many as tell the numbers apart, and none for whole ones.
        blanks: how many cells at the end of the last row hold nothing.
    """

    planes: tuple[Plane, ...] = ()
    padding: Edges = NO_EDGES
    scale: float | None = None
    decimals: int | None = None
    blanks: int = 0

    @classmethod
    def of(
        cls,
        values: Any,
        *,
        padding: Edges = NO_EDGES,
        scale: float | None = None,
        decimals: int | None = None,
        blanks: int = 0,
    ) -> Content:
        """Take numbers as nested sequences, an array or a tensor: C×H×W, H×W, or a single row."""
        nested = values.tolist() if hasattr(values, "tolist") else values
        while _depth(nested) < 3:
            nested = [nested]
        planes = tuple(tuple(tuple(map(float, row)) for row in plane) for plane in nested)
        return cls(planes, padding, scale, decimals, blanks)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, rows, columns."""
        rows = len(self.planes[0]) if self.planes else 0
        return len(self.planes), rows, len(self.planes[0][0]) if rows else 0

    @cached_property
    def reach(self) -> float:
        """The number that gets the full colour, above 0."""
        return self.scale if self.scale else self._largest or 1.0

    @cached_property
    def _ends(self) -> tuple[float, float]:
        """The lowest and the highest number."""
        finite = [v for plane in self.planes for row in plane for v in row if math.isfinite(v)]
        return min(finite, default=0.0), max(finite, default=0.0)

    @property
    def _largest(self) -> float:
        return max(abs(end) for end in self._ends)

    @cached_property
    def digits(self) -> int:
        """Digits after the point."""
        if self.decimals is not None:
            return self.decimals
        if all(v.is_integer() for plane in self.planes for row in plane for v in row if math.isfinite(v)):
            return 0
        power = math.floor(math.log10(self._largest)) if self._largest else 0
        return max(0, 3 - power) if power > 0 else min(6, max(2, 1 - power))

    def value(self, cell: Cell) -> float:
        """The number in a cell."""
        return self.planes[cell.channel][cell.row][cell.column]

    def text(self, cell: Cell) -> str:
        """The number as it stands in its cell."""
        return written(self.value(cell), self.digits)

    def is_padding(self, row: int, column: int) -> bool:
        """Whether a cell lies outside the picture."""
        top, left, bottom, right = self.padding
        _channels, rows, columns = self.shape
        return not (top <= row < rows - bottom and left <= column < columns - right)

    def is_blank(self, row: int, column: int) -> bool:
        """Whether a cell holds nothing."""
        _channels, rows, columns = self.shape
        return row * columns + column >= rows * columns - self.blanks

    @cached_property
    def longest(self) -> str:
        """The longest text of all cells: that of the lowest number or of the highest."""
        return max((written(end, self.digits) for end in self._ends), key=len)

    @cached_property
    def shortened(self) -> Content:
        """The same, written with a digit less where nobody asked for so many: for cells that are narrow."""
        if self.decimals is not None or self.digits <= _FEWEST:
            return self
        return replace(self, decimals=self.digits - 1)

    def changed(self, cell: Cell, value: float) -> Content:
        """The same with another number in one cell."""
        plane = self.planes[cell.channel]
        row = (*plane[cell.row][: cell.column], value, *plane[cell.row][cell.column + 1 :])
        plane = (*plane[: cell.row], row, *plane[cell.row + 1 :])
        planes = (*self.planes[: cell.channel], plane, *self.planes[cell.channel + 1 :])
        return replace(self, planes=planes)


def written(value: float, digits: int) -> str:
    """A number with `digits` after the point; never “-0.00”."""
    if not math.isfinite(value):
        return f"{value}"
    return f"{round(value, digits) + 0.0:.{digits}f}"


def exact(value: float) -> str:
    """A number as precise as fp32 is, without trailing zeros."""
    return f"{value:.7g}"


def _depth(nested: Any) -> int:
    depth = 0
    while isinstance(nested, Sequence):
        if not nested:
            return 3
        nested, depth = nested[0], depth + 1
    return depth
