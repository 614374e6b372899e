"""What a camera or a video shows, and what is being recorded."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8, S16, colors

_RADIUS = 8.0
_BADGE = 28.0


class LiveView(QWidget):
    """The picture as large as it fits; a frame and the class's name while a class is recorded.

    Args:
        name: the object name.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(_("What the camera sees"))
        self.is_mirrored = True
        """As a camera is wanted: people move the way they see."""
        self.waiting_text = _("Waiting for the camera…")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._picture = QImage()
        self._recording = ""

    def show_picture(self, picture: QImage) -> None:
        """Show what is seen now; a null picture: nothing."""
        self._picture = picture
        self.update()

    def show_recording(self, class_name: str) -> None:
        """Say which class is being recorded; empty: none."""
        self._recording = class_name
        self.setAccessibleDescription(_("Recording {name}").format(name=class_name) if class_name else "")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, 180)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self._picture.isNull():
            self._paint_waiting(painter)
        else:
            area = self._area()
            self._paint_picture(painter, area)
            if self._recording:
                self._paint_recording(painter, area)
        painter.end()

    def _area(self) -> QRectF:
        area = QRectF(QPointF(0, 0), self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio))
        area.moveCenter(QRectF(self.rect()).center())
        return area

    def _paint_waiting(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors().hover))
        painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setPen(QColor(colors().muted))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.waiting_text)

    def _paint_picture(self, painter: QPainter, area: QRectF) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(outline)
        if self.is_mirrored:
            painter.translate(area.left() + area.right(), 0)
            painter.scale(-1, 1)
        painter.drawImage(area, self._picture)
        painter.restore()

    def _paint_recording(self, painter: QPainter, area: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors().danger), 3))
        painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), _RADIUS, _RADIUS)
        text = self.fontMetrics().elidedText(self._recording, Qt.TextElideMode.ElideRight, int(area.width() / 2))
        width = self.fontMetrics().horizontalAdvance(text) + 44
        badge = QRectF(area.left() + S16, area.top() + S16, width, _BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(badge, _BADGE / 2, _BADGE / 2)
        painter.setBrush(QColor("#ff5a4d"))  # on the dark badge in both looks
        painter.drawEllipse(QPointF(badge.left() + S16, badge.center().y()), 5, 5)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(badge.adjusted(S16 + S8 + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
