"""Pictures of the program's own making, so that there is one before a person brings theirs."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPolygonF

_SIDE = 240


def house() -> QImage:
    """A red-roofed house on a hill, under the sun."""
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    sky = QLinearGradient(0, 0, 0, _SIDE)
    sky.setColorAt(0, QColor("#3f8fe0"))
    sky.setColorAt(1, QColor("#d6ecff"))
    painter.fillRect(image.rect(), sky)
    painter.setBrush(QColor("#ffd23e"))
    painter.drawEllipse(QPointF(190, 50), 28, 28)
    hill = QPainterPath(QPointF(0, 190))
    hill.cubicTo(QPointF(70, 140), QPointF(160, 150), QPointF(_SIDE, 180))
    hill.lineTo(_SIDE, _SIDE)
    hill.lineTo(0, _SIDE)
    painter.setBrush(QColor("#3da35d"))
    painter.drawPath(hill)
    painter.setBrush(QColor("#fff6e0"))
    painter.drawRect(QRectF(56, 110, 84, 74))
    painter.setBrush(QColor("#c8321f"))
    painter.drawPolygon(QPolygonF([QPointF(44, 112), QPointF(98, 62), QPointF(152, 112)]))
    painter.setBrush(QColor("#35506b"))
    painter.drawRect(QRectF(70, 126, 20, 20))
    painter.setBrush(QColor("#7a4a21"))
    painter.drawRect(QRectF(104, 140, 22, 44))
    painter.end()
    return image


def colour_wheel() -> QImage:
    """Red, green and blue light, and what they make together."""
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    for color, x, y in (("#ff0000", 120, 84), ("#00ff00", 82, 150), ("#0000ff", 158, 150)):
        painter.setBrush(QColor(color))
        painter.drawEllipse(QPointF(x, y), 68, 68)
    painter.end()
    return image
