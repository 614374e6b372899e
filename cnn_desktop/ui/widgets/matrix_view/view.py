"""The matrix under mouse and keys: zoomed, moved, its cells opened."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from cnn_desktop.ui.widgets.matrix_view.canvas import MatrixCanvas
from cnn_desktop.ui.widgets.matrix_view.table import Cell

_WHEEL_FACTOR = 1.25
"""How much larger cells get at a step of the wheel."""
_NOTCH = 120
"""What a step of the wheel is called."""


class MatrixView(MatrixCanvas):
    """The wheel, + and - zoom, a drag moves, 0 shows all; a click or Enter opens a cell; arrows go on to the next."""

    cell_chosen = Signal(int, int)
    """The actual class and the answer of the cell that was opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionMatrix")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._is_moving = False

    # ---- the mouse

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / _NOTCH
        if steps and self.table is not None:
            self.zoom(_WHEEL_FACTOR**steps, event.position())
            self._hover(event.position())
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._pressed is None:
            self._hover(here)
            return
        far = (here - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._is_moving:
            self._is_moving = True
            self._hover(None)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._is_moving:
            self._go_to(self.geometry_of_cells.moved(here.x() - self._last.x(), here.y() - self._last.y()))
            self._last = here

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_pressed, was_moving = self._pressed is not None, self._is_moving
        self._pressed, self._is_moving = None, False
        self._hover(event.position())
        cell = self.geometry_of_cells.at(event.position())
        if was_pressed and not was_moving and cell is not None and self.table is not None:
            self.current = cell
            self._open()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, point: QPointF | None) -> None:
        cell = None if point is None or self.table is None else self.geometry_of_cells.at(point)
        self.setCursor(Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor)
        if cell != self.hovered:
            self.hovered = cell
            self.update()

    # ---- the keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.table is None:
            super().keyPressEvent(event)
        elif (cell := self._stepped(event)) is not None:
            self.current = cell
            self._go_to(self.geometry_of_cells.showing(*cell))
            self._describe()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current:
            self._open()
        elif event.text() in ("+", "=", "-"):
            self.zoom(1 / _WHEEL_FACTOR if event.text() == "-" else _WHEEL_FACTOR, self._focus_point)
        elif event.text() == "0":
            self.fit()
        else:
            super().keyPressEvent(event)

    def _stepped(self, event: QKeyEvent) -> Cell | None:
        """The cell to which a key goes on."""
        end = self.geometry_of_cells.count
        page = max(1, len(self.geometry_of_cells.rows) - 1)
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_PageUp: (-page, 0),
            Qt.Key.Key_PageDown: (page, 0),
            Qt.Key.Key_Home: (0, -end),
            Qt.Key.Key_End: (0, end),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            return None
        if self.current is None:
            return (self.geometry_of_cells.rows.start, self.geometry_of_cells.columns.start)
        row, column = (min(max(at + by, 0), end - 1) for at, by in zip(self.current, step, strict=True))
        return row, column

    @property
    def _focus_point(self) -> QPointF | None:
        return None if self.current is None else self.geometry_of_cells.rect(*self.current).center()

    def _open(self) -> None:
        if self.current is not None:
            self._describe()
            self.update()
            self.cell_chosen.emit(*self.current)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
