"""The matrix under mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.colors import Colors
from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.number_matrix.content import NO_EDGES, Cell, Content, Edges, exact
from cnn_desktop.ui.widgets.number_matrix.editing import CellField, Editing
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
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class NumberMatrix(QWidget):
    """Numbers on coloured cells. Arrow keys and a click choose a cell; where `editing` allows, typing changes it.

    Args:
        name: what screen readers call it.
        tint: what the colours say; several are for channel after channel, the last for all that follow.
        arrangement: how several channels lie.
        editing: what a person may change; None for nothing.
        cell: the width and height that a cell has where there is room, in pixels.
    """

    cell_pointed = Signal(object)
    """The `Cell` under the cursor or chosen with the keys, or None."""
    cell_chosen = Signal(object)
    """The `Cell` that was clicked, or on which Enter was pressed."""
    cell_changed = Signal(object, float)
    """The `Cell` in which a person put another number, and that."""

    def __init__(
        self,
        name: str,
        tint: Tint | Sequence[Tint] = "blue",
        *,
        arrangement: Arrangement = "row",
        editing: Editing | None = None,
        cell: tuple[int, int] = (48, 32),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
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
        self._editing = editing
        self._field: CellField | None = None
        self._largest = cell
        self._images: dict[int, QImage] = {}
        self._images_are_for: Colors | None = None
        self.cells = self._geometry()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        self._close_field()
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
        self._close_field()
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

    # ---- the mouse

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position())
        self._point(cell)
        if cell is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint() + QPoint(12, 12), self.text_at(cell), self)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_of(event)
        if cell is None:
            return
        self.choose(cell)
        if self._editing is not None and self._editing.choices:
            self._put(cell, self._editing.stepped(self.content.value(cell), 1))
        self.cell_chosen.emit(cell)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_of(event)
        if cell is not None and self._editing is not None and not self._editing.choices:
            self._open_field(cell, "")
        else:
            self.mousePressEvent(event)

    def _cell_of(self, event: QMouseEvent) -> Cell | None:
        return self._at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None

    def _point(self, cell: Cell | None) -> None:
        if cell != self.pointed:
            self.point(cell)
            self.cell_pointed.emit(cell)

    def text_at(self, cell: Cell) -> str:
        """What a tool tip says of a cell."""
        if self.content.is_padding(cell.row, cell.column):
            return _("padding: {value}").format(value=exact(self.content.value(cell)))
        text = _("row {row}, column {column}: {value}")
        return text.format(row=cell.row, column=cell.column, value=exact(self.content.value(cell)))

    # ---- the keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if not all(self.content.shape):
            super().keyPressEvent(event)
        elif step is not None:
            self._go(*step)
        elif self.current is None or not self._acts(event, self.current):
            super().keyPressEvent(event)

    def _go(self, down: int, across: int) -> None:
        channels, rows, columns = self.content.shape
        if self.current is None:
            cell = Cell(self._front, 0, 0)
        else:
            channel, row, column = self.current
            column += across
            if self._arrangement == "row" and not 0 <= column < columns and 0 <= channel + across < channels:
                channel, column = channel + across, column % columns
            cell = Cell(channel, min(max(row + down, 0), rows - 1), min(max(column, 0), columns - 1))
        self.choose(cell)
        self.cell_pointed.emit(cell)

    def _acts(self, event: QKeyEvent, cell: Cell) -> bool:
        """Do what a key means for a cell; whether it means anything."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        rules = self._editing
        if rules is None:
            if is_enter:
                self.cell_chosen.emit(cell)
            return is_enter
        if rules.choices and (is_enter or event.key() == Qt.Key.Key_Space):
            self._put(cell, rules.stepped(self.content.value(cell), 1))
        elif event.text() in ("+", "=") or (event.text() == "-" and rules.choices):
            self._put(cell, rules.stepped(self.content.value(cell), -1 if event.text() == "-" else 1))
        elif not rules.choices and (is_enter or event.key() == Qt.Key.Key_F2):
            self._open_field(cell, "")
        elif not rules.choices and event.text() and event.text() in "0123456789.-":
            self._open_field(cell, event.text())
        else:
            return False
        return True

    # ---- editing

    def _open_field(self, cell: Cell, typed: str) -> None:
        if self._editing is None:
            return
        if self._field is None:
            self._field = CellField(self, self._editing)
            self._field.done.connect(self._take_typed)
            self._field.left.connect(self.setFocus)
        self.choose(cell)
        self._field.setAccessibleName(self.text_at(cell))
        text = typed or f"{self.content.value(cell):g}"
        self._field.open(self.cells.rect(cell).toRect(), text, is_typed=bool(typed))

    def _take_typed(self, value: float) -> None:
        if self.current is not None:
            self._put(self.current, value)

    def _close_field(self) -> None:
        if self._field is not None:
            self._field.close_quietly()

    def _put(self, cell: Cell, value: float) -> None:
        if self._editing is None:
            return
        value = self._editing.nearest(value)
        if value != self.content.value(cell):
            self.set_value(cell, value)
            self.cell_changed.emit(cell, value)

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
