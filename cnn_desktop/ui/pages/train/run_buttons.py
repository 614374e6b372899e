"""Start, Pause or Resume, End now, Stop: the same as actions of the Run menu."""

from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S4, S8

State = Literal["loading", "idle", "impossible", "running", "paused", "stopping"]


class RunActions(QObject):
    """What rules a run; `show_state` enables what makes sense."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.start = _action(_("Start"), "play", "Ctrl+Return", parent)
        self.pause = _action(_("Pause"), "pause", "Ctrl+P", parent)
        self.pause_freeing = _action(_("Pause and free the device"), "pause", "Ctrl+Shift+P", parent)
        self.finish = _action(_("End now"), "check", "Ctrl+Shift+.", parent)
        self.stop = _action(_("Stop"), "stop", "Ctrl+.", parent)
        self.pause.setToolTip(_("Hold still before the next step."))
        self.pause_freeing.setToolTip(_("Hold still, and give the device’s memory to other programs meanwhile."))
        self.finish.setToolTip(_("Done: no more steps; measure the test pictures and make the model."))
        self.stop.setToolTip(_("Stop for now: all is saved, and the run can go on later."))
        self.show_state("loading")

    def show_state(self, state: State) -> None:
        """Enable what can be done now, and call the pause what it does."""
        is_under_way = state in ("running", "paused")
        self.start.setEnabled(state == "idle")
        for action in (self.pause, self.finish, self.stop):
            action.setEnabled(is_under_way)
        self.pause_freeing.setEnabled(state == "running")
        self.pause.setText(_("Resume") if state == "paused" else _("Pause"))
        set_icon(self.pause, "play" if state == "paused" else "pause")


class RunButtons(QWidget):
    """Start fills the row until a run is under way; then Pause or Resume, End now and Stop take its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.actions_ = RunActions(self)
        self._start = _button("startButton", "primary", self.actions_.start)
        self._pause = _button("pauseButton", "primary", self.actions_.pause)
        self._more = _more_button(self.actions_.pause_freeing)
        self._finish = _button("finishButton", "", self.actions_.finish)
        self._stop = _button("stopButton", "danger", self.actions_.stop)
        self._can_free = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(self._start, 2)
        pauses = QHBoxLayout()
        pauses.setSpacing(S4)
        pauses.addWidget(self._pause, 1)
        pauses.addWidget(self._more)
        row.addLayout(pauses, 1)
        row.addWidget(self._finish)
        row.addWidget(self._stop)
        self.show_state("loading")

    def offer_freeing(self, can_free: bool) -> None:
        """Whether a pause can give memory of the device back; a processor has none of its own."""
        self._can_free = can_free
        self.actions_.pause_freeing.setVisible(can_free)

    def show_state(self, state: State) -> None:
        """Show the buttons that make sense; the keyboard's focus stays on the row."""
        is_under_way = state in ("running", "paused", "stopping")
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self.actions_.show_state(state)
        self._start.setVisible(not is_under_way)
        self._more.setVisible(is_under_way and self._can_free)
        self._more.setEnabled(state == "running")
        for button in (self._pause, self._finish, self._stop):
            button.setVisible(is_under_way)
        for button, action in (
            (self._start, self.actions_.start),
            (self._pause, self.actions_.pause),
            (self._finish, self.actions_.finish),
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
    button.setToolTip(action.toolTip())
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.clicked.connect(action.trigger)
    return button


def _more_button(action: QAction) -> QToolButton:
    """A small arrow that opens what else a pause can do."""
    button = QToolButton()
    button.setObjectName("pauseMoreButton")
    button.setAccessibleName(_("More ways to pause"))
    button.setToolTip(_("More ways to pause"))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    set_icon(button, "chevron-down")
    menu = QMenu(button)
    menu.addAction(action)
    button.setMenu(menu)
    return button
