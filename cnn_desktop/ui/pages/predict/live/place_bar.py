"""Where a video stands: a slider and the time, both to go elsewhere."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import caption

_KEY_STEP, _PAGE_STEP = 1_000, 10_000
"""Milliseconds."""


class PlaceBar(QWidget):
    """Follows the video, except while the person holds the slider."""

    sought = Signal(int)
    """Milliseconds from the beginning that the person wants to see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("livePlace")
        self._slider.setAccessibleName(_("Place in the video"))
        self._slider.setSingleStep(_KEY_STEP)
        self._slider.setPageStep(_PAGE_STEP)
        self._slider.setMinimumHeight(24)
        self._time = caption()
        self._time.setObjectName("liveTime")
        self._slider.actionTriggered.connect(lambda _action: self.sought.emit(self._slider.sliderPosition()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(self._slider, 1)
        row.addWidget(self._time)

    def show_place(self, at: int, whole: int) -> None:
        """Show how many milliseconds are played, and how many there are."""
        self._time.setText(f"{_clock(at)} / {_clock(whole)}")
        if not self._slider.isSliderDown():
            self._slider.setRange(0, max(1, whole))
            self._slider.setValue(at)


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(max(0, milliseconds) // 1000, 60)
    return f"{minutes}:{seconds:02d}"
