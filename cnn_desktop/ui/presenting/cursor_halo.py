"""A ring around the cursor, so that a room can follow it."""

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import colors

_SIDE = 72
_EVERY = 25
"""Milliseconds; widgets swallow the mouse's moves, so that the place is looked up."""


class CursorHalo(QWidget):
    """Lies over a window while it is shown, and lets every click through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("cursorHalo")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(_SIDE, _SIDE)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.follow)
        self.hide()

    def start(self) -> None:
        """Show it where the cursor is."""
        self.follow()
        self.show()
        self.raise_()
        self._timer.start()

    def end(self) -> None:
        """Hide it."""
        self._timer.stop()
        self.hide()

    def follow(self) -> None:
        """Move to the cursor."""
        parent = self.parentWidget()
        if parent is not None:
            self.move(parent.mapFromGlobal(QCursor.pos()) - QPoint(_SIDE // 2, _SIDE // 2))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        soft = QColor(colors().warning)
        painter.setPen(QPen(soft, 3))
        soft.setAlphaF(0.18)
        painter.setBrush(soft)
        painter.drawEllipse(QRectF(self.rect()).adjusted(3, 3, -3, -3))
        painter.end()
