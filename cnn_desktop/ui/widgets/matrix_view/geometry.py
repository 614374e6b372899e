"""Where the cells of a square matrix lie, zoomed and moved."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF

LARGEST_SIDE = 150.0
"""Pixels of a cell at which one stops zooming in."""


@dataclass(frozen=True)
class MatrixGeometry:
    """`count`×`count` cells of `side` pixels, of which the plot shows those from `left` and `top` on, in pixels."""

    count: int
    plot: QRectF
    side: float
    left: float = 0.0
    top: float = 0.0

    @classmethod
    def fitted(cls, count: int, plot: QRectF) -> "MatrixGeometry":
        """All cells, as large as they can be."""
        return cls(count, plot, _fitting(count, plot))

    @property
    def is_whole(self) -> bool:
        """Whether all cells are in sight."""
        return self.side <= _fitting(self.count, self.plot) + 1e-9

    @property
    def area(self) -> QRectF:
        """The part of the plot that cells cover."""
        whole = self.count * self.side
        width, height = min(self.plot.width(), whole - self.left), min(self.plot.height(), whole - self.top)
        return QRectF(self.plot.left(), self.plot.top(), width, height)

    @property
    def rows(self) -> range:
        """Rows with a pixel in sight."""
        return self._seen(self.top, self.area.height())

    @property
    def columns(self) -> range:
        """Columns with a pixel in sight."""
        return self._seen(self.left, self.area.width())

    def rect(self, row: int, column: int) -> QRectF:
        """A cell, in pixels of the widget; it may lie outside the plot."""
        return QRectF(
            self.plot.left() + column * self.side - self.left,
            self.plot.top() + row * self.side - self.top,
            self.side,
            self.side,
        )

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """The row and column under a point of the widget."""
        if not self.area.contains(point):
            return None
        row = int((point.y() - self.plot.top() + self.top) / self.side)
        column = int((point.x() - self.plot.left() + self.left) / self.side)
        return (row, column) if row < self.count and column < self.count else None

    def placed(self, plot: QRectF) -> "MatrixGeometry":
        """The same part in another plot; all cells stay all cells."""
        if self.is_whole:
            return self.fitted(self.count, plot)
        return replace(self, plot=plot).zoomed(1.0, plot.topLeft())

    def zoomed(self, factor: float, about: QPointF) -> "MatrixGeometry":
        """Cells `factor` times as large; what lies at the point `about` stays there, as far as the edges allow."""
        side = min(max(self.side * factor, _fitting(self.count, self.plot)), max(LARGEST_SIDE, self.side))
        across, down = about.x() - self.plot.left(), about.y() - self.plot.top()
        scale = side / self.side
        return replace(
            self, side=side, left=(self.left + across) * scale - across, top=(self.top + down) * scale - down
        )._kept_in()

    def moved(self, across: float, down: float) -> "MatrixGeometry":
        """Moved by so many pixels, not beyond the edges."""
        return replace(self, left=self.left - across, top=self.top - down)._kept_in()

    def centred(self, row: int, column: int, least_side: float) -> "MatrixGeometry":
        """With a cell in the middle, as far as the edges allow, and at least so large."""
        side = max(self.side, least_side, _fitting(self.count, self.plot))
        left = (column + 0.5) * side - self.plot.width() / 2
        top = (row + 0.5) * side - self.plot.height() / 2
        return replace(self, side=side, left=left, top=top)._kept_in()

    def showing(self, row: int, column: int) -> "MatrixGeometry":
        """Moved as little as needed to have the whole cell in sight."""
        cell = self.rect(row, column)
        across = max(0.0, self.plot.left() - cell.left()) or min(0.0, self.plot.right() - cell.right())
        down = max(0.0, self.plot.top() - cell.top()) or min(0.0, self.plot.bottom() - cell.bottom())
        return self.moved(across, down)

    def _kept_in(self) -> "MatrixGeometry":
        whole = self.count * self.side
        left = min(max(0.0, self.left), max(0.0, whole - self.plot.width()))
        top = min(max(0.0, self.top), max(0.0, whole - self.plot.height()))
        return replace(self, left=left, top=top)

    def _seen(self, hidden: float, length: float) -> range:
        first = int(hidden / self.side)
        last = -int(-(hidden + length - 1e-6) // self.side)
        return range(min(first, self.count), min(last, self.count))


def _fitting(count: int, plot: QRectF) -> float:
    return min(min(plot.width(), plot.height()) / max(1, count), LARGEST_SIDE)
