"""What the lessons that train have in common: start, pause, speed, and what is said when it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.demo import Demo
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.live_training import LiveTraining
from cnn_desktop.ui.theme import S20
from cnn_desktop.ui.widgets.card import caption

_SPEEDS = {0.4: _("slow"), 0.12: _("steady"), 0.0: _("full")}
"""Seconds after each look, and what that is called."""


class TrainingDemo(Demo):
    """Override `looks`, `show_looks`, `clear` and `set_dials`; it pauses while it can't be seen."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.live = LiveTraining(self)
        self._button = QPushButton()
        self._button.setObjectName("trainingStart")
        self._button.setProperty("role", "primary")
        self._button.setMinimumWidth(120)
        self._speed = Dial("trainingSpeed", _("Speed"), tuple(_SPEEDS), lambda pause: _SPEEDS[pause])
        self._speed.choose(0.12)
        self._status: QLabel = caption()
        self._status.setObjectName("trainingSaid")
        self._button.clicked.connect(self._press)
        self._speed.turned.connect(self._keep_speed)
        self.live.arrived.connect(self.show_looks)
        self.live.ended.connect(self._on_end)
        self.live.failed.connect(self._on_error)

    def looks(self) -> Iterator[Any]:
        """Train, in a thread: what to show, one after the other."""
        raise NotImplementedError

    def show_looks(self, looks: Sequence[Any]) -> None:
        """Show what is new, on the UI thread."""
        raise NotImplementedError

    def clear(self) -> None:
        """Take away what an earlier training left."""
        raise NotImplementedError

    def add_controls(self, *dials: QWidget) -> None:
        """Add a row of the button, the speed and other dials, with what is said of the training below."""
        row = QHBoxLayout()
        row.setSpacing(S20)
        row.addWidget(self._button)
        for dial in (self._speed, *dials):
            row.addWidget(dial, 1)
        self.column.addLayout(row)
        self.column.addWidget(self._status)

    def say(self, text: str) -> None:
        """A sentence beside the button."""
        self._status.setText(text)

    def set_dials(self) -> None:
        """Set what a person may turn to what the lesson begins with."""
        raise NotImplementedError

    @override
    def start_over(self) -> None:
        self.set_dials()
        self.begin_anew()

    def begin_anew(self) -> None:
        """End what is going on, and wait for Start."""
        self.live.stop()
        self.say("")
        self.clear()
        self._name_button()

    @override
    def shutdown(self) -> None:
        self.live.shutdown()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.live.pause()
        self._name_button()

    def _press(self) -> None:
        if not self.live.is_running:
            self.clear()
            self._keep_speed()
            self.live.start(self.looks)
        elif self.live.is_paused:
            self.live.go_on()
        else:
            self.live.pause()
        self._name_button()

    def _keep_speed(self) -> None:
        self.live.pause_between = self._speed.value

    def _name_button(self) -> None:
        going = _("Go on") if self.live.is_paused else _("Pause")
        text = going if self.live.is_running else _("Start")
        self._button.setText(text)
        self._button.setAccessibleName(text)

    def _on_end(self) -> None:
        self._name_button()
        self.say(_("Done. Press Start to train anew."))

    def _on_error(self, error: Exception) -> None:
        self._name_button()
        self.say(one_line(error))
        self.context.notify_error(error)
