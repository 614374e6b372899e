"""The dataset that the Data page is about: opened, decided on, checked; whatever takes time runs in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.data import opening
from cnn_desktop.ui.pages.data.opening import Edit, Opened

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, PictureRef
    from cnn_desktop.data.decisions import DecisionBook
    from cnn_desktop.data.health import Finding, HealthReport

VALIDATION_PART: float = RunConfig.model_fields["val_fraction"].default
"""The part that training keeps for validation where neither the dataset nor the person says otherwise."""


class DatasetSession(QObject):
    """One dataset at a time. Changes of what is decided are carried out one after the other, in their order."""

    opened = Signal()
    """Another dataset is open."""
    changed = Signal()
    """What is decided about the dataset has changed; `dataset` is a new one."""
    picture_chosen = Signal()
    """`chosen` is another one now."""
    report_changed = Signal()
    busy_changed = Signal()
    """`is_opening`, `is_changing` or `is_checking` is another one now."""
    opening_progressed = Signal(int, int)
    """Done and total, in files, or while unpacking in bytes; total 0: not known."""
    check_progressed = Signal(int, int)
    open_failed = Signal(object)
    """The exception that opening ended with; what was open before still is."""
    failed = Signal(object)
    """The exception that a change or a check ended with."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None
        self._report: HealthReport | None = None
        self._chosen: PictureRef | None = None
        self._is_unpacking = False
        self._validation = VALIDATION_PART
        self._edits: list[Edit] = []
        self._waiting: tuple[Opened, str] | None = None
        self._how_it_came = ""
        self._opening, self._changing, self._checking = JobRunner(self), JobRunner(self), JobRunner(self)

    @property
    def dataset(self) -> Dataset | None:
        """As decided, with the validation part that training will use."""
        return self._opened.dataset if self._opened else None

    @property
    def found(self) -> Dataset | None:
        """As it was found, before anything was decided."""
        return self._opened.found if self._opened else None

    @property
    def book(self) -> DecisionBook | None:
        """What the person decided; read it, and change it by `decide` only."""
        return self._opened.book if self._opened else None

    @property
    def how_it_came(self) -> str:
        """What was done to bring the dataset in, in a sentence; empty where it was there before."""
        return self._how_it_came

    @property
    def chosen(self) -> PictureRef | None:
        """The picture of `dataset` that the person chose last, in whatever panel."""
        return self._chosen

    @property
    def report(self) -> HealthReport | None:
        """The last health report of this dataset; it may be older than the last change."""
        return self._report

    @property
    def validation_part(self) -> float:
        """The part that training keeps for validation where no split is decided."""
        return self._validation

    @property
    def is_opening(self) -> bool:
        """Whether a dataset is being opened."""
        return self._opening.is_running

    @property
    def is_unpacking(self) -> bool:
        """Whether an archive is being unpacked, or a folder looked at, before it can be opened."""
        return self.is_opening and self._is_unpacking

    @property
    def is_changing(self) -> bool:
        """Whether a change is being carried out."""
        return self._changing.is_running

    @property
    def is_checking(self) -> bool:
        """Whether the health report is being made."""
        return self._checking.is_running

    # ---- opening

    def open(self, source: str) -> None:
        """Open a registered dataset, or a folder, by what a `RunConfig` calls it."""
        self._open(source, "")

    def bring_in(self, path: Path) -> None:
        """Open a folder, a table, or an archive, which is unpacked first."""
        self._is_unpacking = True
        self._start_opening(lambda made: self._open(made.source, made.sentence), opening.bring_in, path)

    def cancel(self) -> None:
        """Stop opening and checking; changes are carried out to their end."""
        self._opening.cancel()
        self._checking.cancel()
        self.busy_changed.emit()

    def use_validation_part(self, part: float) -> None:
        """Follow the Train page: the part that training keeps for validation where no split is decided."""
        if part != self._validation:
            self._validation = part
            if self._opened is not None:
                self.decide(lambda book: None)

    def choose(self, ref: PictureRef) -> None:
        """Let the other panels know which picture the person is looking at."""
        self._chosen = ref
        self.picture_chosen.emit()

    # ---- deciding

    def decide(self, edit: Edit) -> None:
        """Change what is decided by `edit(book)`, which runs in the background, and carry it out."""
        self._edits.append(edit)
        self._change_next()

    def leave_out(self, keys: Sequence[str], why: str) -> None:
        """Leave pictures out, for a reason."""
        self.decide(lambda book: book.leave_out(keys, why))

    def take_back(self, keys: Sequence[str]) -> None:
        """Take pictures in again that were left out."""
        self.decide(lambda book: book.take_back(keys))

    def move(self, keys: Sequence[str], class_name: str) -> None:
        """Count pictures to another class."""
        self.decide(lambda book: book.move(keys, class_name))

    def undo(self) -> None:
        """Take the last change back."""
        self.decide(lambda book: book.undo())

    # ---- checking

    def check(self) -> None:
        """Make the health report of the dataset as it is now."""
        if self._opened is None:
            return
        self._checking.start(
            opening.check,
            self._opened.dataset,
            on_done=self._take_report,
            on_error=self._on_failed,
            on_progress=self.check_progressed.emit,
        )
        self.busy_changed.emit()

    def add_finding(self, finding: Finding) -> None:
        """Put what a model found into the report."""
        if self._report is not None:
            self._report = self._report.with_finding(finding)
            self.report_changed.emit()

    def shutdown(self) -> None:
        """Cancel what can be, wait for all, and keep what is decided; called once."""
        self._opening.cancel()
        self._checking.cancel()
        for job in (self._opening, self._changing, self._checking):
            job.wait()
        if self._opened is not None:
            for edit in self._edits:
                edit(self._opened.book)

    def _open(self, source: str, how_it_came: str) -> None:
        self._is_unpacking = False
        self._start_opening(
            lambda opened: self._take_opened(opened, how_it_came), opening.open_source, source, self._validation
        )

    def _start_opening(self, on_done: Callable[[Any], None], function: Callable[..., Any], *args: object) -> None:
        self._opening.start(
            function,
            *args,
            on_done=on_done,
            on_error=self._on_open_failed,
            on_progress=self.opening_progressed.emit,
        )
        self.busy_changed.emit()

    def _take_opened(self, opened: Opened, how_it_came: str) -> None:
        if self._changing.is_running:  # what is decided about the dataset before is carried out to its end
            self._waiting = (opened, how_it_came)
        else:
            self._show(opened, how_it_came)

    def _show(self, opened: Opened, how_it_came: str) -> None:
        self._checking.cancel()
        self._opened, self._waiting, self._report = opened, None, None
        self._chosen = None
        self._how_it_came = how_it_came
        self.busy_changed.emit()
        self.opened.emit()
        self.report_changed.emit()

    def _on_open_failed(self, error: Exception) -> None:
        self.busy_changed.emit()
        self.open_failed.emit(error)

    def _take_changed(self, opened: Opened) -> None:
        self._opened = opened
        self._chosen = None  # places may have changed
        self.busy_changed.emit()
        self.changed.emit()
        self._change_next()

    def _change_next(self) -> None:
        """Carry out every change that has come up meanwhile, or else go on to the dataset that waits."""
        if self._changing.is_running:
            return
        if self._opened is not None and self._edits:
            edits, self._edits = self._edits, []
            self._changing.start(
                opening.change,
                self._opened,
                edits,
                self._validation,
                on_done=self._take_changed,
                on_error=self._on_failed,
            )
            self.busy_changed.emit()
        elif self._waiting is not None:
            self._show(*self._waiting)

    def _take_report(self, report: HealthReport) -> None:
        self._report = report
        self.busy_changed.emit()
        self.report_changed.emit()

    def _on_failed(self, error: Exception) -> None:
        self.busy_changed.emit()
        self.failed.emit(error)
        self._change_next()
