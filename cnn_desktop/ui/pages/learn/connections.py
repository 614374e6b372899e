"""Which pixels a neuron looks at, drawn as lines."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import colors

_SIDE = 8
"""Pixels of the picture that is drawn."""
_KERNEL = 3
_PLACES = _SIDE - _KERNEL + 1
_NEURONS = 5
_RADIUS = 6.0


class Connections(QWidget):
    """A small picture at the left, neurons at the right; the one under the cursor shows all that it looks at.

    Args:
        name: for screen readers.
        is_dense: whether each neuron looks at every pixel, or at a patch.
    """

    def __init__(self, name: str, *, is_dense: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_dense = is_dense
        self._at = _NEURONS // 2 if is_dense else 2 * _PLACES + 2
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def seen(self) -> list[tuple[int, int]]:
        """The pixels, by row and column, that the neuron under the cursor looks at."""
        if self._is_dense:
            return [divmod(place, _SIDE) for place in range(_SIDE * _SIDE)]
        top, left = divmod(self._at, _PLACES)
        return [(top + row, left + column) for row in range(_KERNEL) for column in range(_KERNEL)]

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 220)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(180, 120)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        neurons = self._neurons()
        distances = [QLineF(event.position(), neuron).length() for neuron in neurons]
        nearest = distances.index(min(distances))
        if nearest != self._at:
            self._at = nearest
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen, neurons = set(self.seen), self._neurons()
        for row in range(_SIDE):
            for column in range(_SIDE):
                painter.fillRect(
                    self._pixel(row, column), QColor(now.series[1] if (row, column) in seen else now.track)
                )
        line = QColor(now.series[1])
        line.setAlphaF(0.45)
        painter.setPen(QPen(line, 1))
        chosen = neurons[self._at]
        painter.drawLines([QLineF(self._pixel(row, column).center(), chosen) for row, column in seen])
        painter.setPen(Qt.PenStyle.NoPen)
        radius = _RADIUS if self._is_dense else min(_RADIUS, self._cell() * 0.36)
        for place, neuron in enumerate(neurons):
            painter.setBrush(QColor(now.accent if place == self._at else now.muted))
            grown = radius + 2 if place == self._at else radius
            painter.drawEllipse(neuron, grown, grown)
        painter.end()

    def _cell(self) -> float:
        return min(self.height() / _SIDE, self.width() * 0.48 / _SIDE)

    def _pixel(self, row: int, column: int) -> QRectF:
        cell = self._cell()
        top = (self.height() - _SIDE * cell) / 2
        return QRectF(column * cell, top + row * cell, cell - 1, cell - 1)

    def _neurons(self) -> list[QPointF]:
        cell, middle = self._cell(), self.height() / 2
        if self._is_dense:
            step = _SIDE * cell / _NEURONS
            return [
                QPointF(self.width() - 2 * _RADIUS, middle + (place - (_NEURONS - 1) / 2) * step)
                for place in range(_NEURONS)
            ]
        left = self.width() - _PLACES * cell + cell / 2
        top = middle - (_PLACES - 1) / 2 * cell
        return [QPointF(left + column * cell, top + row * cell) for row in range(_PLACES) for column in range(_PLACES)]
