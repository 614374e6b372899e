"""The drawn matrix: what it shows, what is marked, how large its cells are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPointF, QSize, QSizeF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.colors import Colors
from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.number_matrix.content import NO_EDGES, Cell, Content, Edges, exact
from cnn_desktop.ui.widgets.number_matrix.geometry import Arrangement, CellSize, Geometry
from cnn_desktop.ui.widgets.number_matrix.marks import Window
from cnn_desktop.ui.widgets.number_matrix.painting import Painter, number_font, plane_image
from cnn_desktop.ui.widgets.number_matrix.shading import Tint

_TITLE = 20
_SMALLEST_FONT = 9
_READABLE = 9
"""Rows and columns up to which the numbers can be read however little room there is."""
_NARROW = 20
"""Cells that are to be narrower aren't meant to hold numbers, and don't grow to do so."""
_DOT = CellSize(2, 2)


class MatrixCanvas(QWidget):
    """Numbers on coloured cells, without mouse and keys."""

    def __init__(
        self,
        tint: Tint | Sequence[Tint],
        arrangement: Arrangement,
        cell: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tints = _listed(tint)
        self.content = Content()
        self.written = self.content
        """The content with as many digits as there is room for."""
        self.titles: tuple[str, ...] = ()
        self.window_mark: Window | None = None
        self.winners: tuple[Cell, ...] = ()
        self.pointed: Cell | None = None
        self.current: Cell | None = None
        self._arrangement: Arrangement = arrangement
        self._front = 0
        self._largest = cell
        self._images: dict[int, QImage] = {}
        self._images_are_for: Colors | None = None
        self.cells = self._geometry()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    # ---- what is shown

    def show_values(
        self,
        values: Any,
        *,
        scale: float | None = None,
        decimals: int | None = None,
        padding: Edges = NO_EDGES,
        titles: Sequence[str] = (),
        blanks: int = 0,
    ) -> None:
        """Show other numbers: nested sequences, an array or a tensor, C×H×W, H×W or a row.

        Args:
            values: the numbers.
            scale: the number that gets the full colour; None for the one furthest from zero.
            decimals: digits after the point; None for as many as tell the numbers apart.
            padding: rows and columns at the sides that aren't part of the picture.
            titles: a line above each channel.
            blanks: how many cells at the end of the last row hold nothing.
        """
        self.content = Content.of(values, scale=scale, decimals=decimals, padding=padding, blanks=blanks)
        self.titles = tuple(titles)
        self.winners = ()
        self._front = min(self._front, max(0, self.content.shape[0] - 1))
        self.pointed, self.current = self._if_there(self.pointed), self._if_there(self.current)
        self._refresh()

    def value(self, cell: Cell) -> float:
        """The number in a cell."""
        return self.content.value(cell)

    def values(self) -> list[list[list[float]]]:
        """All numbers: channels of rows of columns."""
        return [[list(row) for row in plane] for plane in self.content.planes]

    def set_value(self, cell: Cell, value: float) -> None:
        """Put a number into a cell, without telling anybody."""
        self.content = self.content.changed(cell, float(value))
        self._refresh()

    def set_tint(self, tint: Tint | Sequence[Tint]) -> None:
        """Colour the cells in another way."""
        self._tints = _listed(tint)
        self._refresh()

    def tint_of(self, channel: int) -> Tint:
        """How the cells of a channel are coloured."""
        return self._tints[min(channel, len(self._tints) - 1)]

    @property
    def front(self) -> int:
        """The channel in front of a stack."""
        return self._front

    def bring_forward(self, channel: int) -> None:
        """Put a channel in front of a stack."""
        self._front = channel
        self._refresh()

    # ---- marks

    def mark(self, window: Window | None) -> None:
        """Frame the cells that a kernel lies on; None takes the frame away."""
        if window != self.window_mark:
            self.window_mark = window
            self.update()

    def single_out(self, *cells: Cell) -> None:
        """Frame single cells, such as the largest of a pool; without any, none."""
        self.winners = cells
        self.update()

    def point(self, cell: Cell | None) -> None:
        """Outline a cell, such as the one that belongs to what is pointed at in another matrix; nobody is told."""
        cell = self._if_there(cell)
        if cell != self.pointed:
            self.pointed = cell
            self.update()

    def choose(self, cell: Cell | None) -> None:
        """Make a cell the current one, without telling anybody."""
        self.current = self._if_there(cell)
        self._describe()
        self.update()

    def _if_there(self, cell: Cell | None) -> Cell | None:
        if cell is None:
            return None
        is_there = all(0 <= at < end for at, end in zip(cell, self.content.shape, strict=True))
        return cell if is_there and not self.content.is_blank(cell.row, cell.column) else None

    def _at(self, point: QPointF) -> Cell | None:
        return self._if_there(self.cells.at(point))

    # ---- room and drawing

    def _geometry(self) -> Geometry:
        text = max(20, self._room_for(self.content.shortened)), _SMALLEST_FONT + 5
        wide, high = self._largest
        size = CellSize(wide if wide < _NARROW else max(wide, self._room_for(self.content) + 6), high, text)
        title = _TITLE if self.titles else 0
        return Geometry(self.content.shape, self._arrangement, size, self._front, title)

    def _room_for(self, content: Content) -> int:
        """How wide a cell is that holds the longest number, small."""
        return int(QFontMetricsF(number_font(self, _SMALLEST_FONT)).horizontalAdvance(content.longest)) + 5

    def _refresh(self) -> None:
        self._images_are_for = None
        self._fit()
        self._describe()
        self.updateGeometry()

    def _fit(self) -> None:
        self.cells = self._geometry().fitted(QSizeF(self.size()))
        fits = self._room_for(self.content) <= self.cells.cell.width
        self.written = self.content if fits else self.content.shortened
        self.update()

    def size_within(self, space: QSize) -> QSize:
        """How much of `space` it fills."""
        return self._geometry().fitted(QSizeF(space)).size.toSize()

    @override
    def sizeHint(self) -> QSize:
        return self._geometry().size.toSize()

    @override
    def minimumSizeHint(self) -> QSize:
        wanted = self._geometry()
        is_small = max(wanted.shape[1:]) <= _READABLE
        cell = replace(wanted.cell, width=wanted.cell.text[0], height=wanted.cell.text[1]) if is_small else _DOT
        return replace(wanted, cell=cell).size.toSize()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not all(self.content.shape):
            return
        if self._images_are_for is not colors():
            self._images_are_for = colors()
            self._images = {
                channel: plane_image(self.content, channel, self.tint_of(channel)) for channel in self.cells.seen()
            }
        painter = QPainter(self)
        Painter(self, painter, self._images).paint()
        painter.end()

    # ---- words

    def text_at(self, cell: Cell) -> str:
        """What a tool tip says of a cell."""
        if self.content.is_padding(cell.row, cell.column):
            return _("padding: {value}").format(value=exact(self.content.value(cell)))
        text = _("row {row}, column {column}: {value}")
        return text.format(row=cell.row, column=cell.column, value=exact(self.content.value(cell)))

    def _describe(self) -> None:
        channels, rows, columns = self.content.shape
        if self.current is not None:
            self.setAccessibleDescription(self.text_at(self.current))
        elif channels > 1:
            text = _("{channels} channels of {rows} rows and {columns} columns of numbers")
            self.setAccessibleDescription(text.format(channels=channels, rows=rows, columns=columns))
        else:
            text = _("{rows} rows and {columns} columns of numbers")
            self.setAccessibleDescription(text.format(rows=rows, columns=columns))


def _listed(tint: Tint | Sequence[Tint]) -> tuple[Tint, ...]:
    return (tint,) if isinstance(tint, str) else tuple(tint)
