"""Where each cell of a matrix is drawn. Whole pixels only, so that all cells are equal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF

from cnn_desktop.ui.widgets.number_matrix.content import Cell

Arrangement = Literal["row", "stack"]
"""Channels side by side, or one in front of the others."""

_GAP = 16
"""Between planes side by side."""
_STEP = 5
"""By how much a plane stands out behind the one before it."""
_MOST_BEHIND = 6
EDGE = 3
"""Room around everything, for marks."""


@dataclass(frozen=True)
class CellSize:
    """Pixels; numbers are written only into cells at least `text` wide and high, others are square."""

    width: int
    height: int
    text: tuple[int, int] = (24, 14)

    @property
    def has_text(self) -> bool:
        """Whether numbers fit."""
        return self.width >= self.text[0] and self.height >= self.text[1]

    def within(self, width: float, height: float) -> CellSize:
        """As large as fits, at least a pixel."""
        fitting = replace(self, width=max(1, min(self.width, int(width))), height=max(1, min(self.height, int(height))))
        if fitting.has_text:
            return replace(fitting, height=min(fitting.height, fitting.width))
        side = min(fitting.width, fitting.height)
        return replace(self, width=side, height=side, text=(side + 1, side + 1))


@dataclass(frozen=True)
class Geometry:
    """The planes of a matrix laid out from the top left.

    Args:
        shape: channels, rows, columns.
        arrangement: how the channels lie.
        cell: how large a cell is.
        front: the channel in front of a stack.
        title_height: pixels kept for a line above each plane.
    """

    shape: tuple[int, int, int]
    arrangement: Arrangement
    cell: CellSize
    front: int = 0
    title_height: int = 0

    @property
    def plane_size(self) -> QSizeF:
        """How large a plane is, without its title."""
        return QSizeF(self.shape[2] * self.cell.width, self.shape[1] * self.cell.height)

    @property
    def behind(self) -> int:
        """How many planes stand out behind the front one."""
        return min(self.shape[0] - 1, _MOST_BEHIND) if self.arrangement == "stack" else 0

    @property
    def size(self) -> QSizeF:
        """How large everything is."""
        plane, more = self.plane_size, 2 * EDGE + self.behind * _STEP
        across = self.shape[0] if self.arrangement == "row" else 1
        return QSizeF(across * plane.width() + (across - 1) * _GAP + more, plane.height() + self.title_height + more)

    def plane(self, channel: int) -> QRectF:
        """Where a channel is drawn; those behind the front one are partly hidden by it."""
        top = EDGE + self.title_height + self.behind * _STEP
        if self.arrangement == "stack":
            depth = min((channel - self.front) % max(1, self.shape[0]), self.behind)
            return QRectF(QPointF(EDGE + depth * _STEP, top - depth * _STEP), self.plane_size)
        return QRectF(QPointF(EDGE + channel * (self.plane_size.width() + _GAP), top), self.plane_size)

    def seen(self) -> list[int]:
        """The channels in the order in which they are drawn, the front one last."""
        if self.arrangement == "row":
            return list(range(self.shape[0]))
        return [(self.front + depth) % self.shape[0] for depth in range(self.behind, -1, -1)]

    def rect(self, cell: Cell) -> QRectF:
        """Where a cell is drawn."""
        return self.block(cell.channel, cell.row, cell.column, 1, 1)

    def block(self, channel: int, row: int, column: int, rows: int, columns: int) -> QRectF:
        """Where a rectangle of cells is drawn."""
        corner, size = self.plane(channel).topLeft(), self.cell
        return QRectF(
            corner.x() + column * size.width,
            corner.y() + row * size.height,
            columns * size.width,
            rows * size.height,
        )

    def at(self, point: QPointF) -> Cell | None:
        """The cell under a point, of the channels that can be seen whole."""
        channels = range(self.shape[0]) if self.arrangement == "row" else range(self.front, self.front + 1)
        for channel in channels:
            plane = self.plane(channel)
            row = int((point.y() - plane.top()) // self.cell.height)
            column = int((point.x() - plane.left()) // self.cell.width)
            if 0 <= row < self.shape[1] and 0 <= column < self.shape[2]:
                return Cell(channel, row, column)
        return None

    def fitted(self, space: QSizeF) -> Geometry:
        """The same with cells as large as `space` allows, up to what they are."""
        channels, rows, columns = self.shape
        if not channels * rows * columns:
            return self
        across = channels if self.arrangement == "row" else 1
        more = 2 * EDGE + self.behind * _STEP
        width = (space.width() - more - (across - 1) * _GAP) / (across * columns)
        height = (space.height() - more - self.title_height) / rows
        return replace(self, cell=self.cell.within(width, height))
