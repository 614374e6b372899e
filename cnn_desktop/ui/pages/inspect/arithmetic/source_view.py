"""The map that a window slides over, small: the window can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.number_matrix import Window
from cnn_desktop.ui.widgets.number_matrix.painting import mark_color

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.rendering import Scale

_SIDE = 132
_SMALLEST_WINDOW = 8.0
"""Pixels that the frame is wide and high at least, so that it is seen."""


class SourceView(QWidget):
    """Shows one channel of what an operation took, in the colours of the map grid, and the window on it."""

    dragged = Signal(float, float)
    """Where the cursor is, as a row and a column of the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arithmeticSource")
        self.setAccessibleName(_("What the window slides over"))
        self.setToolTip(_("Drag the window"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None
        self._shape = (1, 1)
        self.window_mark: Window | None = None

    def show_map(self, values: np.ndarray, scale: Scale) -> None:
        """Show H×W numbers."""
        from cnn_desktop.explain.rendering import to_colours

        pixels = to_colours(values[None], scale)[0].copy()
        height, width, _channels = pixels.shape
        self._shape = height, width
        self._image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self.update()

    def mark(self, window: Window) -> None:
        """Frame the cells under the kernel."""
        self.window_mark = window
        self.update()

    def place(self) -> QRectF:
        """Where the map is drawn."""
        height, width = self._shape
        factor = min(self.width() / width, self.height() / height)
        return QRectF(1, 1, width * factor - 2, height * factor - 2)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(96, 72)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter, place = QPainter(self), self.place()
        painter.drawImage(place, self._image)
        if self.window_mark is not None:
            painter.setPen(QPen(mark_color(), 2))
            painter.drawRect(self._frame(place, self.window_mark))
        painter.end()

    def _frame(self, place: QRectF, window: Window) -> QRectF:
        across, down = place.width() / self._shape[1], place.height() / self._shape[0]
        area = QRectF(
            place.left() + window.left * across,
            place.top() + window.top * down,
            window.width * across,
            window.height * down,
        )
        wider, higher = (max(0.0, (_SMALLEST_WINDOW - side) / 2) for side in (area.width(), area.height()))
        return area.adjusted(-wider, -higher, wider, higher)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position())

    def _drag(self, point: QPointF) -> None:
        place = self.place()
        row = (point.y() - place.top()) / place.height() * self._shape[0]
        column = (point.x() - place.left()) / place.width() * self._shape[1]
        self.dragged.emit(row, column)
