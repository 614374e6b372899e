"""What is chosen and done above the matrices: the input channel, one cell on, play, how fast."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QToolButton, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.fields import WheelGuard

_SPEED_WIDTH = 72
_ARROWS = 48
"""Pixels of a number field beside its text."""
_NARROW = 340
_SLOWEST, _FASTEST, _USUAL = 1, 40, 6
"""Cells a second."""


class Controls(QWidget):
    """A row of quiet controls."""

    channel_chosen = Signal(int)
    """The place of a channel among those that the number was made of."""
    stepped = Signal(int)
    """1 for the next cell, -1 for the one before."""
    play_toggled = Signal(bool)
    speed_changed = Signal(int)
    """Cells a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.channel = QSpinBox()
        self.channel.setObjectName("arithmeticChannel")
        self.channel.setAccessibleName(_("Input channel"))
        self.channel.setProperty("role", "quiet")
        self.channel.setWrapping(True)
        self.channel.installEventFilter(WheelGuard(self.channel))
        self.channel.valueChanged.connect(self.channel_chosen)
        self._back = _button("stepBack", "chevron-left", _("One cell back"))
        self._on = _button("stepOn", "chevron-right", _("One cell on"))
        self._back.clicked.connect(lambda: self.stepped.emit(-1))
        self._on.clicked.connect(lambda: self.stepped.emit(1))
        self.play = _button("playCells", "play", _("Slide over the whole map (Space)"))
        self.play.setCheckable(True)
        self.play.toggled.connect(self._on_play)
        self._speed = self._make_speed()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S4)
        row.addWidget(self.what, 1)
        row.addWidget(self.channel)
        row.addSpacing(S8)
        for widget in (self._back, self._on, self.play, self._speed):
            row.addWidget(widget)
        self.offer([], can_slide=False)

    def _make_speed(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("cellsPerSecond")
        slider.setAccessibleName(_("Cells a second"))
        slider.setToolTip(_("How fast the window slides"))
        slider.setRange(_SLOWEST, _FASTEST)
        slider.setValue(_USUAL)
        slider.setMinimumWidth(_SPEED_WIDTH // 2)
        slider.setMaximumWidth(_SPEED_WIDTH)
        slider.installEventFilter(WheelGuard(slider))
        slider.valueChanged.connect(self.speed_changed)
        return slider

    @property
    def speed(self) -> int:
        """Cells a second."""
        return self._speed.value()

    def offer(self, channels: list[int], *, can_slide: bool) -> None:
        """Let the person choose among channels by their numbers, where there are several, and slide."""
        has_choice = len(channels) > 1
        self.channel.setVisible(has_choice)
        if has_choice:
            with QSignalBlocker(self.channel):
                self.channel.setRange(channels[0], channels[-1])
                self.channel.setSuffix(f" / {channels[-1]}")
            self._fit()
        for widget in (self._back, self._on, self.play, self._speed):
            widget.setVisible(can_slide)
        if not can_slide:
            self.play.setChecked(False)

    def show_channel(self, channel: int) -> None:
        """Show which channel is looked at, without telling anybody."""
        with QSignalBlocker(self.channel):
            self.channel.setValue(channel)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room, the numbers alone say which channel."""
        is_narrow = self.width() < _NARROW
        self.what.setVisible(not is_narrow)
        self.channel.setPrefix("" if is_narrow else _("input channel") + " ")
        text = f"{self.channel.prefix()}{self.channel.maximum()}{self.channel.suffix()}"
        self.channel.setFixedWidth(self.channel.fontMetrics().horizontalAdvance(text) + _ARROWS)

    def _on_play(self, is_on: bool) -> None:
        set_icon(self.play, "pause" if is_on else "play")
        self.play_toggled.emit(is_on)


def _button(name: str, icon: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setToolTip(text)
    set_icon(button, icon)
    return button
