"""A picture as its pixels, with a frame that can be moved over them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.number_matrix.painting import mark_color

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class PixelBoard(QWidget):
    """Shows a square picture pixel by pixel; a click, a drag or the arrow keys move the frame.

    Args:
        name: for screen readers.
        frame: rows and columns that the frame holds.
    """

    frame_moved = Signal()
    pointed = Signal(object)
    """Row and column of the pixel under the cursor, or None."""

    def __init__(self, name: str, frame: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame_size = frame
        self.image = QImage(1, 1, QImage.Format.Format_RGB888)
        self.top = self.left = 0
        """The frame's first row and column."""
        self._marked: tuple[int, int] | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage) -> None:
        """Show a picture; the frame stays inside it."""
        self.image = image
        self.put_frame(self.top, self.left)
        self.update()

    def mark(self, pixel: tuple[int, int] | None) -> None:
        """Outline a pixel."""
        if pixel != self._marked:
            self._marked = pixel
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(250, 250)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(140, 140)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(self._place(), self.image)
        painter.setPen(QPen(mark_color(), 2))
        if self.image.width() > self.frame_size:
            painter.drawRect(self._rect(self.top, self.left, self.frame_size))
        if self._marked is not None:
            painter.setPen(QPen(QColor(colors().accent), 2))
            painter.drawRect(self._rect(*self._marked, 1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors().accent), 1))
            painter.drawRect(self._place().adjusted(-2, -2, 2, 2))
        painter.end()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pixel = self._at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton and pixel is not None:
            self._centre(pixel)
        self.mark(pixel)
        self.pointed.emit(pixel)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        pixel = self._at(event.position())
        if pixel is not None and event.button() == Qt.MouseButton.LeftButton:
            self._centre(pixel)

    @override
    def leaveEvent(self, event: object) -> None:
        self.mark(None)
        self.pointed.emit(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.put_frame(self.top + step[0], self.left + step[1])

    def _centre(self, pixel: tuple[int, int]) -> None:
        self.put_frame(pixel[0] - self.frame_size // 2, pixel[1] - self.frame_size // 2)

    def put_frame(self, top: int, left: int) -> None:
        """Move the frame, as far as it stays inside the picture."""
        most = max(0, self.image.width() - self.frame_size)
        place = min(most, max(0, top)), min(most, max(0, left))
        if place != (self.top, self.left):
            self.top, self.left = place
            self.frame_moved.emit()
            self.update()

    def _place(self) -> QRectF:
        side = min(self.width(), self.height()) - 4
        return QRectF(round((self.width() - side) / 2), round((self.height() - side) / 2), side, side)

    def _rect(self, row: int, column: int, size: int) -> QRect:
        place = self._place()
        cell = place.width() / self.image.width()
        return QRectF(place.left() + column * cell, place.top() + row * cell, size * cell, size * cell).toRect()

    def _at(self, point: QPointF) -> tuple[int, int] | None:
        place = self._place()
        if not place.contains(point):
            return None
        cell = place.width() / self.image.width()
        last = self.image.width() - 1
        row, column = int((point.y() - place.top()) / cell), int((point.x() - place.left()) / cell)
        return min(last, row), min(last, column)
