"""The right side of the Train page: what a run reports, as curves, figures and one line of status."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnn_desktop.core.events import (
    EpochDone,
    Event,
    Notice,
    Paused,
    Preparing,
    Resumed,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.ui.jobs.train_thread import Ending
from cnn_desktop.ui.pages.train.curves import Curves
from cnn_desktop.ui.pages.train.facts_card import FactsCard
from cnn_desktop.ui.pages.train.progress_card import ProgressCard, times_text
from cnn_desktop.ui.theme import S16


class RunPanel(QWidget):
    """Takes a run's events and its ending."""

    training_started = Signal(TrainingStarted)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._started: TrainingStarted | None = None
        self._step = 0
        self.run_dir = ""
        self.curves = Curves()
        self.facts = FactsCard()
        self.progress = ProgressCard()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.curves, 1)
        column.addWidget(self.facts)
        column.addWidget(self.progress)

    def begin(self) -> None:
        """Make room for a new run."""
        self._started, self._step = None, 0
        self.run_dir = ""
        self.curves.clear()
        self.facts.clear()
        self.progress.show_share(_("Starting…"), 0.0)

    def take(self, events: Sequence[Event]) -> None:
        """Show everything that was reported since the last time, and draw once."""
        newest = next((event for event in reversed(events) if isinstance(event, StepsDone)), None)
        for event in events:
            self._take(event)
            if newest is not None and event is newest:  # labels can show only one
                self._show_step(newest)
        self.curves.refresh()

    def show_ending(self, ending: Ending) -> None:
        """Say how the run ended, and offer what can be done with its model."""
        run = ending.run
        if run is not None:
            self.facts.show_finished(run)
        has_model = run is not None and run.model_file is not None
        self.progress.show_end(_sentence(ending), _times(ending), has_model=has_model)

    def _take(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.run_dir = event.run_dir
                self.facts.show_folder(event.run_dir)
            case Preparing():
                share = event.done / event.total if event.total else 0.0
                self.progress.show_share(event.what, share, percent_text(share, 0) if event.total else "")
            case Notice():
                self.facts.add_notice(event.message)
            case TrainingStarted():
                self._begin_training(event)
            case StepsDone():
                self._step = event.step
                self.curves.add_steps(event)
            case EpochDone():
                self.curves.add_epoch(event)
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
        self.progress.show_share(self._epoch_text(), 0.0)
        self.training_started.emit(event)

    def _show_step(self, event: StepsDone) -> None:
        if self._started is None:
            return
        share = event.step / max(1, self._started.total_steps)
        self.facts.show_steps(event)
        self.progress.show_share(self._epoch_text(), share, times_text(share, event.seconds_left, event.seconds))

    def _epoch_text(self) -> str:
        if self._started is None:
            return _("Starting…")
        epoch = min(self._started.epochs, self._step // max(1, self._started.steps_per_epoch) + 1)
        return _("Epoch {epoch} of {epochs}").format(epoch=epoch, epochs=self._started.epochs)


def _sentence(ending: Ending) -> str:
    run = ending.run
    if ending.outcome == "failed":
        return _("Failed: {reason}").format(reason=ending.message)
    if run is None:
        return _("Stopped before the first step.")
    start = _("Done") if ending.outcome == "done" else _("Stopped")
    if run.test_accuracy is not None:
        accuracy = percent_text(run.test_accuracy)
        return _("{start} · {accuracy} right on the test split").format(start=start, accuracy=accuracy)
    if run.best_validation_accuracy is not None:
        accuracy = percent_text(run.best_validation_accuracy)
        return _("{start} · {accuracy} right on the validation part").format(start=start, accuracy=accuracy)
    return start


def _times(ending: Ending) -> str:
    run = ending.run
    if run is None or not run.steps:
        return ""
    return _("{steps:,} steps in {time}").format(steps=run.steps, time=duration_text(run.train_seconds))
