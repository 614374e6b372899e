"""A share of a whole as a bar."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import colors

_BAR = 12


class ShareBar(QWidget):
    """From nothing to all of it.

    Args:
        name: what it is a share of, for screen readers.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share, self._is_best = 0.0, False
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, *, is_best: bool) -> None:
        """Show a share, 0…1; the best stands out."""
        self.share, self._is_best = share, is_best
        self.setAccessibleDescription(percent_text(share))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _BAR)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(60, _BAR)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.track))
        whole = QRectF(self.rect())
        painter.drawRoundedRect(whole, _BAR / 2, _BAR / 2)
        painter.setBrush(QColor(now.accent if self._is_best else now.muted))
        filled = QRectF(0, 0, max(_BAR, whole.width() * self.share), whole.height())
        painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
        painter.end()
