"""What lies over a page while something that it takes is dragged across."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.theme import S16, colors

_RADIUS = 8
_SIDE = 40


class DropVeil(QWidget):
    """Covers its parent and says what a drop would do.

    Args:
        text: one line.
    """

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Lie over the whole parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(now.accent_soft)
        ground.setAlphaF(0.92)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(now.accent), 2, Qt.PenStyle.DashLine))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)
        middle = area.center()
        draw_icon(painter, "folder", QRectF(middle.x() - _SIDE / 2, middle.y() - _SIDE, _SIDE, _SIDE), now.accent)
        painter.setPen(QColor(now.accent))
        below = QRectF(area.left(), middle.y() + S16, area.width(), 2 * S16)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._text)
        painter.end()
