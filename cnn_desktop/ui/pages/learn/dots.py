"""Where one is among the lessons."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import colors

_STEP, _HEIGHT, _BAR = 20, 16, 6


class Dots(QWidget):
    """A short bar a lesson: filled where it is done, wide where one is; a click goes there."""

    chosen = Signal(int)

    def __init__(self, titles: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._current = 0
        self._done: frozenset[int] = frozenset()
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def show_progress(self, current: int, done: Collection[int]) -> None:
        """Mark the lesson `current`, and fill those that are done."""
        self._current, self._done = current, frozenset(done)
        text = _("lesson {number} of {count}, {done} done")
        self.setAccessibleName(text.format(number=current + 1, count=len(self._titles), done=len(self._done)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(_STEP * len(self._titles), _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for number in range(len(self._titles)):
            is_here = number == self._current
            painter.setBrush(QColor(now.accent if is_here else now.ok if number in self._done else now.track))
            tall = _BAR + 4 if is_here else _BAR
            painter.drawRoundedRect(QRectF(number * _STEP + 2, (_HEIGHT - tall) / 2, _STEP - 4, tall), 3, 3)
        painter.end()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), f"{number + 1}. {self._titles[number]}", self)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self._at(event.position()))

    def _at(self, point: QPointF) -> int:
        return min(len(self._titles) - 1, max(0, int(point.x() // _STEP)))
