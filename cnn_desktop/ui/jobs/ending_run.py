"""Ending a run because the window closes: not longer than a person would wait."""

import time

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.events import Event, StepsDone
from cnn_desktop.core.language import _
from cnn_desktop.ui.jobs.live_run import LiveRun
from cnn_desktop.ui.theme import S16, S20

_SHOWN_AFTER = 0.5
_PATIENCE = 5.0
"""Seconds that a step may take to end before the window leaves with the checkpoint that there is."""


def end_run(run: LiveRun, window: QWidget) -> None:
    """Stop `run` after its current step, save a checkpoint and wait for it, while `window` goes on painting itself.

    A step that doesn't end in time is left behind, with the last checkpoint on disk; `run.is_running` then stays true.
    A step that did end is waited for until all is saved, or the person chooses to leave.
    """
    began = time.monotonic()
    dialog = SavingDialog(window)
    run.look()  # what is heard from here on comes after the wish to stop
    ended_steps: list[Event] = []

    def hear(events: list[Event]) -> None:
        ended_steps.extend(event for event in events if isinstance(event, StepsDone))

    run.news.connect(hear)
    run.stop()
    events = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
    while not run.wait(20):
        waited = time.monotonic() - began
        QCoreApplication.processEvents(events)
        run.look()
        if waited > _SHOWN_AFTER:
            dialog.show_waiting(can_leave=waited > _PATIENCE)
            events = QEventLoop.ProcessEventsFlag.AllEvents  # the dialog keeps them from the window
        if dialog.is_left or (waited > _PATIENCE and not ended_steps):
            break
    dialog.end()
    run.look()
    run.news.disconnect(hear)


class SavingDialog(QDialog):
    """Says that the state is being saved; after a while it offers to leave without."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("savingDialog")
        self.setWindowTitle(_("Closing"))
        self.setModal(True)
        self.is_left = False
        title = QLabel(_("Saving…"))
        title.setProperty("role", "title")
        self._words = QLabel(_("The current step is being finished, then the state is saved."))
        self._words.setWordWrap(True)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(_("Saving"))
        self._leave = QPushButton(_("Leave now"))
        self._leave.setObjectName("leaveNowButton")
        self._leave.setAccessibleName(self._leave.text())
        self._leave.setToolTip(_("The run can then go on from its last checkpoint."))
        self._leave.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(S20, S20, S20, S20)
        column.setSpacing(S16)
        for part in (title, self._words, bar):
            column.addWidget(part)
        column.addLayout(row)
        self.setMinimumWidth(420)
        self._leave.hide()

    def show_waiting(self, *, can_leave: bool) -> None:
        """Show it, with the way out once the person has waited long enough."""
        if can_leave and self._leave.isHidden():
            self._words.setText(_("Saving takes long. If you leave now, the run can go on from its last checkpoint."))
            self._leave.show()
            self.adjustSize()
        if not self.isVisible():
            self.show()

    def reject(self) -> None:
        """Leave; Escape and the dialog's own × count only once leaving is offered."""
        if not self._leave.isHidden():
            self.is_left = True

    def end(self) -> None:
        """Close it for good."""
        self.hide()
        self.deleteLater()
