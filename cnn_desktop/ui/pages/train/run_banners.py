"""What a run needs the person for: to go on after a crash, to answer, to know that it isn't saved, to try again."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from cnn_desktop.core.events import CheckpointSaved, Event, NotSaved, OutOfMemory, RunMoved, RunStarted, TrainingStarted
from cnn_desktop.core.language import _
from cnn_desktop.ui.jobs.train_thread import Ending
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.banner import Banner, Choice

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.going_on import KilledRun


class RunBanners(QVBoxLayout):
    """One banner for each matter, one below the other; it takes no room while all is well."""

    go_on_asked = Signal(Path)
    go_on_at_rate_asked = Signal(Path, float)
    start_at_rate_asked = Signal(float)
    offer_declined = Signal(Path)
    place_chosen = Signal(Path)
    """In which folder the run shall be kept, now that its own can't be written."""
    answered = Signal(bool)
    """Whether to compute batches in smaller parts."""

    def __init__(self) -> None:
        super().__init__()
        self._run_dir = ""
        self._saved_step: int | None = None
        self._offer = Banner("offerBanner")
        self._question = Banner("memoryBanner")
        self._unsaved = Banner("unsavedBanner")
        self._ending = Banner("endingBanner")
        self._all = (self._offer, self._question, self._unsaved, self._ending)
        self.setSpacing(S8)
        for banner in self._all:
            self.addWidget(banner)

    @property
    def is_asking(self) -> bool:
        """Whether a run waits for an answer."""
        return not self._question.isHidden()

    def begin(self) -> None:
        """A run begins: what was said of others is over."""
        self._run_dir, self._saved_step = "", None
        for banner in self._all:
            banner.hide()

    def take(self, events: Sequence[Event]) -> None:
        """Show what was reported since the last time, where it needs the person."""
        for event in events:
            match event:
                case RunStarted() | RunMoved():
                    self._run_dir = event.run_dir
                case TrainingStarted() if event.first_step:
                    self._saved_step = event.first_step
                case CheckpointSaved():
                    self._saved_step = event.step
                    self._unsaved.hide()
                case NotSaved():
                    self._warn(event)
                case OutOfMemory():
                    self._ask(event)
                case _:
                    pass  # the rest needs nobody

    def show_offer(self, run: "KilledRun") -> None:
        """Offer to go on with a run that its program's end broke off."""
        sentence = _("{title} stopped in epoch {epoch} of {epochs} when the program ended unexpectedly.")
        self._offer.tell(
            sentence.format(title=run.title, epoch=run.epoch, epochs=run.epochs),
            tone="calm",
            closable=False,
            choices=[
                Choice("offerFolderButton", _("Show run’s folder"), lambda: _open(run.path), "link", closes=False),
                Choice("offerDeclineButton", _("Not now"), lambda: self.offer_declined.emit(run.path)),
                Choice("offerGoOnButton", _("Go on"), lambda: self.go_on_asked.emit(run.path), role="primary"),
            ],
        )

    def show_ending(self, ending: Ending) -> None:
        """Say why a run ended before its time, and offer what can be done about it."""
        self._question.hide()
        self._unsaved.hide()
        if ending.outcome == "failed":
            sentence = _("The training failed: {reason}").format(reason=ending.message)
            self._ending.tell(sentence, ending.details, choices=self._ways_on(ending))
        elif ending.outcome == "stopped" and self._saved_step is not None:
            sentence = _("Stopped at step {step:,}. The run can go on at any time, also after the program was closed.")
            sentence = sentence.format(step=self._saved_step)
            self._ending.tell(sentence, tone="calm", choices=self._ways_on(ending))

    def _ways_on(self, ending: Ending) -> list[Choice]:
        run_dir, rate, step = Path(self._run_dir), ending.better_rate, self._saved_step
        can_go_on = bool(self._run_dir) and step is not None
        choices: list[Choice] = []
        if rate is None:
            if can_go_on:
                text = _("Go on from step {step:,}").format(step=step)
                choices.append(Choice("goOnButton", text, lambda: self.go_on_asked.emit(run_dir), role="primary"))
            return choices
        if can_go_on and step:
            text = _("Go on from step {step:,} with rate {rate:g}").format(step=step, rate=rate)
            choices.append(Choice("goOnButton", text, lambda: self.go_on_at_rate_asked.emit(run_dir, rate)))
        text = _("Start again with rate {rate:g}").format(rate=rate)
        choices.append(Choice("startAgainButton", text, lambda: self.start_at_rate_asked.emit(rate), role="primary"))
        return choices

    def _ask(self, event: OutOfMemory) -> None:
        sentence = _(
            "Not enough memory for {count} pictures at once. Go on with {fewer} at a time? "
            "The result is nearly the same, and each step takes a little longer."
        )
        agree = _("Go on with {fewer}").format(fewer=event.proposed_part_size)
        self._question.tell(
            sentence.format(count=event.part_size, fewer=event.proposed_part_size),
            tone="warning",
            closable=False,
            choices=[
                Choice("memoryStopButton", _("Stop"), lambda: self.answered.emit(False)),
                Choice("memoryGoOnButton", agree, lambda: self.answered.emit(True), role="primary"),
            ],
        )

    def _warn(self, event: NotSaved) -> None:
        sentence = _("{reason} Training goes on, and saving is tried again.").format(reason=event.message)
        elsewhere = Choice("keepElsewhereButton", _("Keep it elsewhere…"), self._ask_place, "link", closes=False)
        self._unsaved.tell(sentence, tone="warning", choices=[elsewhere])

    def _ask_place(self) -> None:
        start = str(Path(self._run_dir).parent)
        place = QFileDialog.getExistingDirectory(self.parentWidget(), _("Where to keep the run"), start)
        if place:
            self.place_chosen.emit(Path(place))


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
