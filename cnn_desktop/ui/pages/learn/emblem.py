"""The small drawing on a lesson's tile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from cnn_desktop.ui.theme import colors

_SIDE = 44.0
"""Drawings are described in a square of this side."""
Place = tuple[float, float]


def paint_emblem(painter: QPainter, area: QRectF, lesson: str) -> None:
    """Draw what stands for a lesson into the square `area`; nothing for one that has no drawing."""
    draw = _DRAWINGS.get(lesson)
    if draw is None:
        return
    painter.save()
    painter.translate(area.topLeft())
    painter.scale(area.width() / _SIDE, area.height() / _SIDE)
    draw(painter)
    painter.restore()


def _fill(painter: QPainter, x: float, y: float, width: float, height: float, color: str, opacity: float = 1) -> None:
    shade = QColor(color)
    shade.setAlphaF(opacity)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawRoundedRect(QRectF(x, y, width, height), 2, 2)


def _frame(painter: QPainter, x: float, y: float, side: float, color: str) -> None:
    painter.setPen(QPen(QColor(color), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(x, y, side, side), 2, 2)


def _curve(painter: QPainter, color: str, points: Sequence[Place], style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
    path = QPainterPath(QPointF(*points[0]))
    for first, second, end in zip(points[1::3], points[2::3], points[3::3], strict=True):
        path.cubicTo(QPointF(*first), QPointF(*second), QPointF(*end))
    painter.setPen(QPen(QColor(color), 2.2, style, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _grid(painter: QPainter, strong: Sequence[tuple[int, int]], x: float = 2, y: float = 2) -> None:
    for row in range(4):
        for column in range(4):
            is_strong = (row, column) in strong
            color = colors().accent if is_strong else colors().track
            _fill(painter, x + 10 * column, y + 10 * row, 9, 9, color)


def _axes(painter: QPainter) -> None:
    painter.setPen(QPen(QColor(colors().track), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLines([QLineF(3, 3, 3, 41), QLineF(3, 41, 41, 41)])


def _dots(painter: QPainter, x: float, ys: Sequence[float], color: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    for y in ys:
        painter.drawEllipse(QPointF(x, y), 4, 4)


def _joined(painter: QPainter, lefts: Sequence[float], rights: Sequence[float]) -> None:
    painter.setPen(QPen(QColor(colors().track), 1.4))
    painter.drawLines([QLineF(6, left, 38, right) for left in lefts for right in rights])
    _dots(painter, 6, lefts, colors().muted)
    _dots(painter, 38, rights, colors().accent)


def _pictures(painter: QPainter) -> None:
    for offset, color in ((0, "#4d7dff"), (7, "#35b04a"), (14, "#ff4a3d")):
        _fill(painter, 16 - offset, 2 + offset, 26, 26, color, 0.85)


def _weights(painter: QPainter) -> None:
    _joined(painter, (4, 13, 22, 31, 40), (13, 31))


def _convolution(painter: QPainter) -> None:
    _grid(painter, ((0, 0), (1, 1), (2, 1), (2, 3), (0, 3)))
    _frame(painter, 1, 1, 21, colors().series[1])


def _padding(painter: QPainter) -> None:
    painter.setPen(QPen(QColor(colors().muted), 1.4, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(1.5, 1.5, 41, 41))
    for row in range(3):
        for column in range(3):
            _fill(painter, 8 + 10 * column, 8 + 10 * row, 9, 9, colors().track)
    _frame(painter, 2, 2, 17, colors().series[1])
    _frame(painter, 22, 2, 17, colors().accent)


def _activation(painter: QPainter) -> None:
    painter.setPen(QPen(QColor(colors().track), 2))
    painter.drawLines([QLineF(2, 30, 42, 30), QLineF(20, 3, 20, 41)])
    bend = QPen(QColor(colors().accent), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(bend)
    painter.drawLines([QLineF(3, 30, 20, 30), QLineF(20, 30, 40, 6)])


def _pooling(painter: QPainter) -> None:
    _grid(painter, ((0, 1), (1, 3), (2, 0), (3, 2)))


def _stacking(painter: QPainter) -> None:
    for x, side, color in ((1, 34.0, colors().track), (17, 22.0, colors().muted), (31, 12.0, colors().accent)):
        _fill(painter, x, (_SIDE - side) / 2, side * 0.42, side, color)


def _dense(painter: QPainter) -> None:
    _joined(painter, (4, 16, 28, 40), (10, 22, 34))


def _softmax(painter: QPainter) -> None:
    for place, height in enumerate((12.0, 38.0, 20.0)):
        _fill(painter, 3 + 14 * place, 41 - height, 10, height, colors().accent if place == 1 else colors().track)


def _training(painter: QPainter) -> None:
    _axes(painter)
    _curve(painter, colors().accent, ((6, 6), (10, 34), (20, 36), (40, 37)))


def _overfitting(painter: QPainter) -> None:
    _axes(painter)
    _curve(painter, colors().accent, ((6, 6), (10, 34), (20, 36), (40, 37)))
    _curve(painter, colors().series[1], ((6, 7), (12, 34), (18, 28), (40, 10)), Qt.PenStyle.DashLine)


def _tuning(painter: QPainter) -> None:
    for place in range(4):
        is_last = place == 0
        _fill(painter, 4, 3 + 10 * place, 36, 8, colors().accent if is_last else colors().track)


_DRAWINGS: dict[str, Callable[[QPainter], None]] = {
    "pictures": _pictures,
    "too-many-weights": _weights,
    "convolution": _convolution,
    "stride-and-padding": _padding,
    "activation": _activation,
    "pooling": _pooling,
    "stacking": _stacking,
    "dense": _dense,
    "softmax": _softmax,
    "training": _training,
    "overfitting": _overfitting,
    "fine-tuning": _tuning,
}
