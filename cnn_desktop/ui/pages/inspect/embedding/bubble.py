"""The picture of a point, on a small card beside it."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from cnn_desktop.ui.theme import S8, colors

_SIDE = 120.0
_APART = 14.0
_TINY = 64


def paint_bubble(painter: QPainter, at: QPointF, within: QSize, picture: QImage | None, text: str) -> None:
    """Draw `picture` and `text` beside the point `at`, wholly inside a widget of the size `within`."""
    metrics = painter.fontMetrics()
    drawn = _fitted(picture)
    words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, 220)
    width = max(drawn.width(), metrics.horizontalAdvance(words)) + 2 * S8
    height = drawn.height() + metrics.height() + (3 if picture else 2) * S8
    left = at.x() + _APART if at.x() + _APART + width < within.width() else at.x() - _APART - width
    top = min(max(0.0, at.y() - height / 2), within.height() - height)
    card = QRectF(max(0.0, left), top, width, height)
    painter.setPen(QPen(QColor(colors().border)))
    painter.setBrush(QColor(colors().card))
    painter.drawRoundedRect(card, 6, 6)
    if picture is not None:
        place = QRectF(card.center().x() - drawn.width() / 2, card.top() + S8, drawn.width(), drawn.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, max(picture.width(), picture.height()) > _TINY)
        painter.drawImage(place, picture)
    painter.setPen(QColor(colors().text))
    line = card.adjusted(S8, 0, -S8, -S8)
    painter.drawText(line, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, words)


def _fitted(picture: QImage | None) -> QSizeF:
    if picture is None or picture.isNull():
        return QSizeF(0, 0)
    return QSizeF(picture.size()).scaled(QSizeF(_SIDE, _SIDE), Qt.AspectRatioMode.KeepAspectRatio)
