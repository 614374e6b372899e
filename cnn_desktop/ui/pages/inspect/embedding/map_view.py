"""The map: points to zoom into, to point at, and to draw a line around."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.inspect.embedding.bubble import paint_bubble
from cnn_desktop.ui.pages.inspect.embedding.markers import PointPainter
from cnn_desktop.ui.pages.inspect.embedding.plane import Plane, inside
from cnn_desktop.ui.theme import S16, colors

_REACH = 12.0
"""Pixels from the cursor within which a point is meant."""
_MOVED = 5.0
"""Pixels after which a press is no click any more."""
_WHEEL = 1.2
_USUAL_TEXT = 13
"""Pixels."""
_PAN = 40.0
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class MapView(QWidget):
    """Wheel zooms, right or Shift drags, a line drawn around points chooses them.

    Arrows go from point to point, Space chooses one more, Enter opens it.
    """

    pointed = Signal(int)
    """The point under the cursor, or that the keys went to; -1: none."""
    opened = Signal(int)
    """A point was clicked, or Enter pressed on it."""
    chosen = Signal(object)
    """int64 array: the points inside a line that was drawn, or that keys chose; empty: none any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("datasetMap")
        self.setAccessibleName(_("Map of the dataset"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.empty_text = ""
        self._plane = Plane()
        self._classes = np.zeros(0, np.int64)
        self._is_wrong = self._is_hidden = np.zeros(0, bool)
        self._emphasised = -1
        self._painter: PointPainter | None = None
        self._image: QImage | None = None
        self._current = -1
        self._bubble: tuple[int, QImage | None, str] = (-1, None, "")
        self._pressed: QPointF | None = None
        self._dragged: QPointF | None = None
        self._outline: list[QPointF] = []
        self._picked: set[int] = set()
        """The points that keys chose, one by one."""
        self._is_drawing = False

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self._classes)

    @property
    def current(self) -> int:
        """The point that is pointed at; -1: none."""
        return self._current

    def show_points(
        self, places: np.ndarray, classes: np.ndarray, is_wrong: np.ndarray, *, keeps_view: bool = False
    ) -> None:
        """Show points at float N×2 places, of int64 N classes."""
        self._plane.show(places, keeps_view=keeps_view)
        self._classes, self._is_wrong = classes, is_wrong
        self._is_hidden = np.zeros(len(classes), bool)
        self._outline = []
        self._picked.clear()
        self._point_at(-1)
        self._redraw()

    def hide_points(self, is_hidden: np.ndarray) -> None:
        """Leave points out, bool N: they can't be seen, pointed at or chosen."""
        self._is_hidden = is_hidden
        self._redraw()

    def emphasise(self, place: int) -> None:
        """Let the points of other classes fade; -1: of none."""
        if place != self._emphasised:
            self._emphasised = place
            self._redraw()

    def show_bubble(self, point: int, picture: QImage | None, text: str) -> None:
        """Show a picture and words beside a point while it is pointed at."""
        self._bubble = (point, picture, text)
        self.update()

    def position(self, point: int) -> QPointF:
        """Where a point lies in the widget."""
        x, y = self._plane.pixels()[point]
        return QPointF(float(x), float(y))

    def clear_choice(self) -> None:
        """Take the drawn line away."""
        self._outline = []
        self._picked.clear()
        self.chosen.emit(np.zeros(0, np.int64))
        self.update()

    def show_everything(self) -> None:
        """Zoom out."""
        self._plane.reset()
        self._redraw()

    # ---- finding points

    def _nearest(self, at: QPointF, reach: float) -> int:
        away = np.hypot(*(self._plane.pixels() - (at.x(), at.y())).T)
        away[self._is_hidden] = np.inf
        best = int(away.argmin()) if len(away) else -1
        return best if best >= 0 and away[best] <= reach else -1

    def _next(self, direction: tuple[float, float]) -> int:
        """The point to which an arrow key goes: near, and rather in its direction than aside of it."""
        pixels = self._plane.pixels()
        if self._current < 0:
            return self._nearest(QPointF(self.width() / 2, self.height() / 2), np.inf)
        apart = pixels - pixels[self._current]
        ahead = apart @ np.array(direction)
        aside = np.abs(apart @ np.array(direction[::-1]))
        cost = np.where((ahead > 0.5) & (ahead >= aside) & ~self._is_hidden, ahead + 2 * aside, np.inf)
        best = int(cost.argmin())
        return best if np.isfinite(cost[best]) else self._current

    def _point_at(self, point: int) -> None:
        if point == self._current:
            return
        self._current = point
        self._bubble = (-1, None, "")
        self.setCursor(Qt.CursorShape.PointingHandCursor if point >= 0 else Qt.CursorShape.CrossCursor)
        self.pointed.emit(point)
        self.update()

    # ---- painting

    def _redraw(self) -> None:
        self._image = None
        self.update()

    def _drawn(self) -> QImage:
        now, ratio = colors(), self.devicePixelRatioF()
        classes = int(self._classes.max(initial=0)) + 1
        enlarged = ratio * max(1.0, self.fontInfo().pixelSize() / _USUAL_TEXT)  # as presenter mode enlarges all else
        if self._painter is None or self._painter.key != (now, enlarged, classes):
            self._painter = PointPainter(now, enlarged, classes)
            self._image = None
        if self._image is None:
            seen = ~self._is_hidden
            faint = (self._classes != self._emphasised) & (self._emphasised >= 0)
            size = round(self.width() * ratio), round(self.height() * ratio)
            self._image = self._painter.paint(
                self._plane.pixels()[seen] * ratio, self._classes[seen], self._is_wrong[seen], faint[seen], size
            )
            self._image.setDevicePixelRatio(ratio)
        return self._image

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.count:
            painter.setPen(QColor(colors().muted))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(S16, S16, -S16, -S16), wrapped, self.empty_text)
            painter.end()
            return
        painter.drawImage(QPointF(0, 0), self._drawn())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._outline:
            accent = QColor(colors().accent)
            painter.setPen(QPen(accent, 1.5))
            accent.setAlphaF(0.12)
            painter.setBrush(accent)
            painter.drawPolygon(QPolygonF(self._outline))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors().accent), 2))
        for point in self._picked:
            painter.drawEllipse(self.position(point), 6, 6)
        if self._current >= 0:
            at = self.position(self._current)
            painter.drawEllipse(at, 8, 8)
            point, picture, text = self._bubble
            if point == self._current:
                paint_bubble(painter, at, self.size(), picture, text)
        painter.end()

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 480)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._plane.resize(self.width(), self.height())
        self._redraw()

    # ---- the mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not is_left or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self._pressed, self._is_drawing = event.position(), False

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._dragged is not None:
            moved, self._dragged = here - self._dragged, here
            self._plane.pan_by(moved.x(), moved.y())
            self._outline = []
            self._redraw()
        elif self._pressed is None:
            self._point_at(self._nearest(here, _REACH))
        elif self._is_drawing:
            self._outline.append(here)
            self.update()
        elif (here - self._pressed).manhattanLength() > _MOVED:
            self._is_drawing = True
            self._outline = [self._pressed, here]
            self._point_at(-1)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._dragged = None
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif self._pressed is not None and self._is_drawing:
            self._picked.clear()
            outline = np.array([(point.x(), point.y()) for point in self._outline])
            self.chosen.emit(np.flatnonzero(inside(outline, self._plane.pixels()) & ~self._is_hidden))
        elif self._pressed is not None and (point := self._nearest(event.position(), _REACH)) >= 0:
            self.opened.emit(point)
        elif self._outline or self._picked:
            self.clear_choice()
        self._pressed, self._is_drawing = None, False

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._nearest(event.position(), _REACH) < 0:
            self.show_everything()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() / 120
        self._zoom(_WHEEL**turned, event.position())
        event.accept()

    def _zoom(self, factor: float, at: QPointF) -> None:
        self._plane.zoom_by(factor, at.x(), at.y())
        self._outline = []
        self._redraw()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._point_at(-1)

    # ---- the keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        middle = QPointF(self.width() / 2, self.height() / 2)
        if key in _DIRECTIONS and self.count:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                across, down = _DIRECTIONS[key]
                self._plane.pan_by(-_PAN * across, -_PAN * down)
                self._redraw()
            else:
                self._point_at(self._next(_DIRECTIONS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.opened.emit(self._current)
        elif key == Qt.Key.Key_Space and self._current >= 0:
            self._pick(self._current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(1 / _WHEEL if key == Qt.Key.Key_Minus else _WHEEL, middle)
        elif key == Qt.Key.Key_0:
            self.show_everything()
        elif key == Qt.Key.Key_Escape and (self._outline or self._picked or self._current >= 0):
            self._point_at(-1)
            self.clear_choice()
        else:
            super().keyPressEvent(event)

    def _pick(self, point: int) -> None:
        """Choose one more, or one less."""
        self._outline = []
        self._picked ^= {point}
        self.chosen.emit(np.array(sorted(self._picked), np.int64))
        self.update()
