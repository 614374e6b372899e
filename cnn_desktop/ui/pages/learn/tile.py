"""A lesson in the list of all."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.pages.learn.emblem import paint_emblem
from cnn_desktop.ui.theme import S4, S8, S16, colors

_SMALLEST, _LARGEST = 44, 72
"""Sides of the drawing, in pixels."""


class LessonTile(QAbstractButton):
    """A small drawing, the number and title of the lesson, and what it is about; a tick where it is done."""

    def __init__(self, name: str, number: int, title: str, summary: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._number, self._summary = name, number, summary
        self.is_done = self.is_current = False
        self.setText(title)
        self.setObjectName(f"lesson{number}")
        self.setAccessibleName(_("Lesson {number}: {title}").format(number=number, title=title))
        self.setAccessibleDescription(summary)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_state(self, *, is_done: bool, is_current: bool) -> None:
        """Whether the lesson is done, and whether it is the one to go on with."""
        self.is_done, self.is_current = is_done, is_current
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(250, 196)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(190, 188)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_marked = self.hasFocus() or self.is_current
        painter.setPen(QPen(QColor(now.accent if is_marked else now.border), 1.5 if self.hasFocus() else 1))
        painter.setBrush(QColor(now.hover if self.underMouse() else now.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        inside = QRectF(self.rect()).adjusted(S16, S16, -S16, -S8)
        side = min(_LARGEST, max(_SMALLEST, self.height() * 0.34))
        paint_emblem(painter, QRectF(inside.left(), inside.top(), side, side), self._name)
        if self.is_done:
            draw_icon(painter, "check", QRectF(inside.right() - 18, inside.top(), 18, 18), now.ok)
        self._paint_words(painter, inside.adjusted(0, side + S8, 0, 0))
        painter.end()

    def _paint_words(self, painter: QPainter, place: QRectF) -> None:
        now, wrapped = colors(), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        small, bold = QFont(self.font()), QFont(self.font())
        small.setPixelSize(self.fontInfo().pixelSize() - 1)
        bold.setPixelSize(self.fontInfo().pixelSize() + 1)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(now.text))
        title = f"{self._number}  {self.text()}"
        height = painter.boundingRect(place, wrapped, title).height()
        painter.drawText(place, wrapped, title)
        painter.setFont(small)
        painter.setPen(QColor(now.muted))
        painter.drawText(place.adjusted(0, height + S4, 0, 0), wrapped, self._summary)
