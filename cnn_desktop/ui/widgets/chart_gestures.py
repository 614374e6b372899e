"""How mouse and keyboard move a chart: look at a place, zoom in, wander, see everything again."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.ui.widgets.chart_frame import ChartFrame
from cnn_desktop.ui.widgets.chart_view import View

_KEY_STEP = 0.02
_ZOOM_STEP = 1.25
_LEAST_DRAG = 6
"""Pixels; a shorter drag is a click."""


class ChartGestures(QWidget):
    """Wheel and drag zoom, a double click shows everything; arrows move the cursor, or with Shift the part shown.

    A class on top says what the chart's frame and view are, and draws.
    """

    cursor_moved = Signal(object)
    """The x under the cursor, or None: sent when a person moves it."""

    view: View

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cursor_x: float | None = None
        self.band: tuple[float, float] | None = None
        """Where the mouse was pressed and is now, in pixels, while a part is being chosen."""
        self.shows_focus = False
        """Whether the keyboard brought the focus here: one who clicks sees where it is."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def frame_now(self) -> ChartFrame:
        """Where the parts of the chart lie."""
        raise NotImplementedError

    def show_view(self) -> None:
        """Draw what is now in view."""
        raise NotImplementedError

    def set_cursor(self, x: float | None) -> None:
        """Tell about the place `x`; None: about none."""
        if x != self.cursor_x:
            self.cursor_x = x
            self.update()

    def zoom_to(self, low: float, high: float) -> None:
        """Show the part from `low` to `high`."""
        self.view.zoom_to(low, high)
        self.show_view()

    def reset_zoom(self) -> None:
        """Show everything."""
        self.view.part = None
        self.show_view()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.frame_now.x_at(event.position().x()) is not None:
            self.band = (event.position().x(), event.position().x())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.band is not None:
            self.band = (self.band[0], event.position().x())
            self.update()
        self._move_cursor(event.position())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        band, self.band = self.band, None
        if band is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if abs(band[1] - band[0]) >= _LEAST_DRAG:
            frame = self.frame_now
            low, high = (frame.x.value(frame.share_at(pixel)) for pixel in sorted(band))
            self.zoom_to(low, high)
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.band = None
        self.reset_zoom()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        frame, turns = self.frame_now, event.angleDelta().y() / 120
        if not turns or frame.x_at(event.position().x()) is None:
            event.ignore()
            return
        self.view.zoom_by(_ZOOM_STEP**-turns, frame.share_at(event.position().x()))
        self.show_view()
        self._move_cursor(event.position())
        event.accept()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._move_cursor(None)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.shows_focus = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.shows_focus = False
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._obey(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def _obey(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Do what a key asks for; whether it asks for anything here."""
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        if direction and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.view.pan_by(0.1 * direction)
        elif direction:
            self._step_cursor(_KEY_STEP * direction)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = _ZOOM_STEP if key == Qt.Key.Key_Minus else 1 / _ZOOM_STEP
            self.view.zoom_by(factor, self._cursor_share())
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Escape) and (self.view.part or self.cursor_x is not None):
            self._tell_cursor(None)
            self.reset_zoom()
        else:
            return False
        self.show_view()
        return True

    def _cursor_share(self) -> float:
        """Where the cursor stands between the ends of the plot; the middle if it isn't there."""
        share = 0.5 if self.cursor_x is None else self.view.x_axis(2).share(self.cursor_x)
        return share if 0 <= share <= 1 else 0.5

    def _step_cursor(self, change: float) -> None:
        """Move the cursor; at the edge of a part, the part moves along."""
        share = self._cursor_share() + (change if self.cursor_x is not None else 0.0)
        if not 0 <= share <= 1:
            self.view.pan_by(change)
        self._tell_cursor(self.view.x_axis(2).value(min(1.0, max(0.0, share))))

    def _move_cursor(self, position: QPointF | None) -> None:
        self._tell_cursor(None if position is None else self.frame_now.x_at(position.x()))

    def _tell_cursor(self, x: float | None) -> None:
        if x != self.cursor_x:
            self.set_cursor(x)
            self.cursor_moved.emit(x)
