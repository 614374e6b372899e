"""The right side of the Train page: what a run reports, as curves, figures and one line of status."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.events import (
    CheckpointSaved,
    EndedEarly,
    EpochDone,
    Event,
    Notice,
    Paused,
    Preparing,
    Resumed,
    RunMoved,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.jobs.train_thread import Ending
from cnn_desktop.ui.pages.train.curves import Curves
from cnn_desktop.ui.pages.train.ending_text import account, headline
from cnn_desktop.ui.pages.train.facts_card import FactsCard
from cnn_desktop.ui.pages.train.live_card import LiveCard
from cnn_desktop.ui.pages.train.moments import moment_of
from cnn_desktop.ui.pages.train.progress_card import ProgressCard, times_text
from cnn_desktop.ui.pages.train.report_dialog import ReportDialog
from cnn_desktop.ui.theme import S16

_LIVE_LOWEST, _LIVE_TALLEST = 170, 300
"""Pixels of the card that shows the network, at least as many as the figures take; in between a fifth of the height."""
_LIVE_ABOVE = 144
"""The same where it stands above the figures."""
_WIDE = 600
"""From this width on the two stand side by side."""


class RunPanel(QWidget):
    """Takes a run's events and its ending."""

    training_started = Signal(TrainingStarted)
    inspect_asked = Signal()
    """The network shall be looked into, in training or when it is done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._started: TrainingStarted | None = None
        self._step = 0
        self._why_early = ""
        self._saved_step: int | None = None
        self.run_dir = ""
        self.curves = Curves()
        self.live = LiveCard()
        self.live.hide()
        self.facts = FactsCard()
        self.progress = ProgressCard()
        self.progress.report_asked.connect(self._open_report)
        for part in (self.progress, self.live):
            part.inspect_asked.connect(self.inspect_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(_scrolling(self.curves), 1)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(S16)
        self._below.addWidget(self.live, 3)
        self._below.addWidget(self.facts, 2)
        column.addLayout(self._below)
        column.addWidget(self.progress)
        self.show_readiness(can_start=False, why="")

    def show_readiness(self, *, can_start: bool, why: str) -> None:
        """Say in the empty charts how to fill them; `why` says what is in the way of a start."""
        if can_start:
            self.curves.charts.invite(_("Press Start to train; the curve grows here with every step."))
        else:
            sentence = _("The curve of a run grows here.")
            self.curves.charts.invite(f"{why}. {sentence}" if why else sentence)

    def begin(self) -> None:
        """Make room for a new run."""
        self._started, self._step = None, 0
        self._why_early, self._saved_step = "", None
        self.run_dir = ""
        self.curves.clear()
        self.curves.charts.invite(_("The curve grows here with the first steps."))
        self.facts.clear()
        self.live.clear()
        self.live.show()
        self.progress.show_share(_("Starting…"), 0.0)

    def take(self, events: Sequence[Event]) -> None:
        """Show everything that was reported since the last time, and draw once."""
        steps = [event for event in events if isinstance(event, StepsDone)]
        for event in events:
            self._take(event)
            if steps and event is steps[-1]:  # all at once: of a run that goes on, its whole past can come
                self._show_steps(steps)
        self.curves.charts.refresh()

    def show_ending(self, ending: Ending) -> None:
        """Say how the run ended, and offer what can be done with its model."""
        run = ending.run
        self.facts.show_finished(run)
        has_model = run is not None and run.model_file is not None
        has_report = bool(self.run_dir) and self._report().is_file()
        text = account(ending, self._why_early, self._saved_step)
        self.progress.show_end(headline(ending), text, has_model=has_model, has_report=has_report)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if self._below.direction() != direction:
            self._below.setDirection(direction)
        beside = max(_LIVE_LOWEST, min(_LIVE_TALLEST, self.height() // 5))
        self.live.setFixedHeight(beside if is_wide else _LIVE_ABOVE)

    def _take(self, event: Event) -> None:
        if (moment := moment_of(event)) is not None:
            self.curves.charts.add_moment(*moment)
        match event:
            case RunStarted():
                self.run_dir = event.run_dir
                self.facts.show_folder(event.run_dir)
            case RunMoved():
                self.run_dir = event.run_dir
                self.facts.show_folder(event.run_dir)
                self.facts.add_notice(event.message)
            case Preparing():
                share = event.done / event.total if event.total else 0.0
                self.progress.show_share(event.what, share, percent_text(share, 0) if event.total else "")
            case Notice():
                self.facts.add_notice(event.message)
            case TrainingStarted():
                self._begin_training(event)
            case CheckpointSaved():
                self._saved_step = event.step
                self.facts.show_saved()
            case EndedEarly():
                self._why_early = event.reason
            case _:
                self._take_progress(event)

    def _take_progress(self, event: Event) -> None:
        match event:
            case StepsDone():
                self._step = event.step
            case EpochDone():
                self.curves.charts.add_epoch(event)
                self.facts.show_epoch(event)
            case Paused():
                start = _("Paused, device free") if event.device_freed else _("Paused")
                self.progress.show_status(f"{start} · {self._epoch_text()}")
            case Resumed():
                self.progress.show_status(self._epoch_text())
            case _:
                pass  # the rest is for the run folder

    def _begin_training(self, event: TrainingStarted) -> None:
        self._started = event
        self._step = event.first_step
        self.curves.begin(event)
        self.facts.show_start(event)
        self.progress.show_share(self._epoch_text(), 0.0)
        self.training_started.emit(event)

    def _show_steps(self, events: list[StepsDone]) -> None:
        if self._started is None:
            return
        newest = events[-1]
        self.curves.charts.add_steps(events)
        share = newest.step / max(1, self._started.total_steps)
        self.curves.show_steps(newest)
        self.facts.show_steps(events)
        self.progress.show_share(self._epoch_text(), share, times_text(share, newest.seconds_left, newest.seconds))

    def _epoch_text(self) -> str:
        if self._started is None:
            return _("Starting…")
        epoch = min(self._started.epochs, self._step // max(1, self._started.steps_per_epoch) + 1)
        return _("Epoch {epoch} of {epochs}").format(epoch=epoch, epochs=self._started.epochs)

    def _report(self) -> Path:
        from cnn_desktop.train.runs.run_folder import REPORT

        return Path(self.run_dir) / REPORT

    def _open_report(self) -> None:
        ReportDialog(self._report(), self).exec()


def _scrolling(curves: Curves) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(curves)
    return area
