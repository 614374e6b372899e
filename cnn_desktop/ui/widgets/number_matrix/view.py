"""The matrix under mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.ui.widgets.number_matrix.canvas import MatrixCanvas
from cnn_desktop.ui.widgets.number_matrix.content import Cell
from cnn_desktop.ui.widgets.number_matrix.editing import CellField, Editing
from cnn_desktop.ui.widgets.number_matrix.geometry import Arrangement
from cnn_desktop.ui.widgets.number_matrix.shading import Tint

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class NumberMatrix(MatrixCanvas):
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
        super().__init__(tint, arrangement, cell, parent)
        self.setAccessibleName(name)
        self._editing = editing
        self._field: CellField | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

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

    @override
    def _fit(self) -> None:
        """Whatever moves the cells closes the field over one of them."""
        super()._fit()
        if self._field is not None:
            self._field.close_quietly()

    def _put(self, cell: Cell, value: float) -> None:
        if self._editing is None:
            return
        value = self._editing.nearest(value)
        if value != self.content.value(cell):
            self.set_value(cell, value)
            self.cell_changed.emit(cell, value)
