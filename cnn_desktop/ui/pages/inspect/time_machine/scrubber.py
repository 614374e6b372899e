"""A slider over moments, with a tick for each."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import colors

_HANDLE = 16
_TICK = 4


class Scrubber(QSlider):
    """A click goes to the moment under it; the keys go on and back by one, Home and End to the ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("timeMachineSlider")
        self.setAccessibleName(_("Moment of the training"))
        self.setMinimumHeight(28)
        self.setPageStep(5)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        count = self.maximum() - self.minimum()
        room = self.width() - _HANDLE
        if not 0 < count <= room / 3:
            return
        painter = QPainter(self)
        painter.setPen(QPen(QColor(colors().muted), 1))
        bottom = self.height() - 1.0
        for at in range(count + 1):
            x = round(_HANDLE / 2 + at * room / count) + 0.5
            painter.drawLine(QPointF(x, bottom - _TICK), QPointF(x, bottom))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(event.position().toPoint()):
            place = round(event.position().x() - _HANDLE / 2)
            value = QStyle.sliderValueFromPosition(
                self.minimum(), self.maximum(), place, max(1, self.width() - _HANDLE)
            )
            self.setSliderPosition(value)
        super().mousePressEvent(event)
