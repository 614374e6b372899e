"""Start, Pause or Resume, Stop: the same three as actions of the Run menu."""

from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S8

State = Literal["loading", "idle", "impossible", "running", "paused", "stopping"]


class RunActions(QObject):
    """The three actions; `show_state` enables those that make sense."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.start = _action(_("Start"), "play", "Ctrl+Return", parent)
        self.pause = _action(_("Pause"), "pause", "Ctrl+P", parent)
        self.stop = _action(_("Stop"), "stop", "Ctrl+.", parent)
        self.show_state("loading")

    def show_state(self, state: State) -> None:
        """Enable what can be done now, and call the pause what it does."""
        self.start.setEnabled(state == "idle")
        self.pause.setEnabled(state in ("running", "paused"))
        self.stop.setEnabled(state in ("running", "paused"))
        self.pause.setText(_("Resume") if state == "paused" else _("Pause"))
        set_icon(self.pause, "play" if state == "paused" else "pause")


class RunButtons(QWidget):
    """Start fills the row until a run is under way; then Pause or Resume, and Stop, take its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.actions_ = RunActions(self)
        self._start = _button("startButton", "primary", self.actions_.start)
        self._pause = _button("pauseButton", "primary", self.actions_.pause)
        self._stop = _button("stopButton", "danger", self.actions_.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(self._start, 2)
        row.addWidget(self._pause, 2)
        row.addWidget(self._stop, 1)
        self.show_state("loading")

    def show_state(self, state: State) -> None:
        """Show the buttons that make sense; the keyboard's focus stays on the row."""
        is_under_way = state in ("running", "paused", "stopping")
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self.actions_.show_state(state)
        self._start.setVisible(not is_under_way)
        self._pause.setVisible(is_under_way)
        self._stop.setVisible(is_under_way)
        for button, action in (
            (self._start, self.actions_.start),
            (self._pause, self.actions_.pause),
            (self._stop, self.actions_.stop),
        ):
            button.setEnabled(action.isEnabled())
            button.setText(action.text())
            button.setAccessibleName(action.text())
        if had_focus:
            (self._pause if is_under_way else self._start).setFocus(Qt.FocusReason.OtherFocusReason)


def _action(text: str, icon_name: str, keys: str, parent: QObject) -> QAction:
    action = QAction(text, parent)
    action.setShortcut(QKeySequence(keys))
    set_icon(action, icon_name)
    return action


def _button(object_name: str, role: str, action: QAction) -> QPushButton:
    button = QPushButton(action.text())
    button.setObjectName(object_name)
    button.setProperty("role", role)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.clicked.connect(action.trigger)
    return button
