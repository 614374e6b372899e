"""A word on a soft round ground, for states."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from cnn_desktop.ui.theme import S8


def draw_chip(painter: QPainter, left: float, middle: float, text: str, color: str) -> float:
    """Draw `text` on a soft round ground from `left` on, around `middle`; return its width."""
    metrics = QFontMetricsF(painter.font())
    area = QRectF(left, middle - 10, metrics.horizontalAdvance(text) + 2 * S8, 20)
    soft = QColor(color)
    soft.setAlphaF(0.14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(soft)
    painter.drawRoundedRect(area, 10, 10)
    painter.setPen(QColor(color))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    return area.width()
