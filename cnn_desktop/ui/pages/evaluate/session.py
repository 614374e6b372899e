"""The evaluation that the page is about: prepared, made, and followed while the dataset is decided anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.data.opening import Edit, Opened
from cnn_desktop.ui.pages.evaluate import work
from cnn_desktop.ui.pages.evaluate.work import Evaluated, Subject

if TYPE_CHECKING:
    from cnn_desktop.core.progress import Progress
    from cnn_desktop.data.dataset import PictureRef, SplitName
    from cnn_desktop.predict.evaluation.comparing import Comparison


class EvaluationSession(QObject):
    """One model, one dataset, one split at a time; whatever takes time runs in the background."""

    prepared = Signal()
    """`opened` is another one now, or there is none any more."""
    evaluated = Signal()
    """`result` is of another evaluation."""
    revised = Signal()
    """`result` is of the same evaluation, with other labels or another temperature."""
    busy_changed = Signal()
    progressed = Signal(int, int)
    """Pictures answered, and all."""
    prepare_failed = Signal(object)
    """Why the dataset can't be evaluated with the model."""
    failed = Signal(object)
    """What an evaluation or a change ended with; the result before stays."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.result: Evaluated | None = None
        self.comparison: Comparison | None = None
        """Of the result with another model, where one was made; it is saved with the result."""
        self.opened: Opened | None = None
        self._subject: Subject | None = None
        self._validation = work.USUAL_VALIDATION
        self._edits: list[Edit] = []
        self._is_deciding = self._is_stale = False
        self._preparing, self._evaluating, self._changing = JobRunner(self), JobRunner(self), JobRunner(self)
        self.undo = QAction(_("Undo"), self)
        self.undo.setObjectName("undoDecision")
        self.undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        set_icon(self.undo, "undo")
        self.undo.setEnabled(False)
        self.undo.triggered.connect(lambda: self.decide(lambda book: book.undo()))
        for news in (self.evaluated, self.revised):
            news.connect(self._name_undo)
        context.dataset_changed.connect(self._follow)

    @property
    def is_evaluating(self) -> bool:
        """Whether pictures are being answered."""
        return self._evaluating.is_running

    @property
    def is_preparing(self) -> bool:
        """Whether the dataset is being opened."""
        return self._preparing.is_running

    def prepare(self, subject: Subject | None, source: str) -> None:
        """Open the dataset that shall be evaluated next; without a model or a dataset nothing is."""
        self._subject, self.opened = subject, None
        self._preparing.cancel()
        if subject is not None and source:
            self._preparing.start(
                work.prepare, subject, source, on_done=self._take_prepared, on_error=self._on_prepare_failed
            )
        self.prepared.emit()

    def evaluate(self, split: SplitName) -> None:
        """Ask the model about every picture of a split of what was prepared."""
        if self._subject is None or self.opened is None:
            return
        self._evaluating.start(
            work.evaluate_model,
            self._subject,
            self.opened,
            self._validation,
            split,
            on_done=self._take_evaluated,
            on_error=self._on_failed,
            on_progress=self.progressed.emit,
        )
        self.busy_changed.emit()

    def cancel(self) -> None:
        """Stop answering; the result before stays."""
        self._evaluating.cancel()
        self.busy_changed.emit()

    # ---- what was found

    def decide(self, edit: Edit) -> None:
        """Change what is decided about the dataset by `edit(book)`, and count anew."""
        self._edits.append(edit)
        self._change_next()

    def use_temperature(self, temperature: float) -> None:
        """Show the figures of the same model at another temperature."""
        if self.result is not None:
            self._changing.start(
                _at_temperature, self.result, temperature, on_done=self._take_revised, on_error=self._on_failed
            )

    def look_inside(self, ref: PictureRef) -> None:
        """Open a picture on the Inspect page, with the model that answered."""
        from cnn_desktop.ui.pages.pictures import GivenPicture

        if self.result is None:
            return
        split, subject = self.result.dataset.splits[ref.split], self.result.subject
        given = GivenPicture(split.name(ref.index), lambda: split.opened(ref.index))
        self._context.inspection_asked.emit(subject.ref, given)
        self._context.open_page("Inspect")

    def shutdown(self) -> None:
        """Cancel what can be, wait for all, and keep what is decided; called once."""
        self._preparing.cancel()
        self._evaluating.cancel()
        for job in (self._preparing, self._evaluating, self._changing):
            job.wait(30_000)
        if self.result is not None:
            for edit in self._edits:
                edit(self.result.opened.book)

    def _name_undo(self) -> None:
        title = self.result.opened.book.undo_title if self.result is not None else None
        self.undo.setEnabled(bool(title))
        self.undo.setText(_("Undo: {what}").format(what=title) if title else _("Undo"))

    def _take_prepared(self, answer: tuple[Opened, float]) -> None:
        self.opened, self._validation = answer
        self.prepared.emit()

    def _take_evaluated(self, result: Evaluated) -> None:
        self.result, self.comparison = result, None
        self.busy_changed.emit()
        self.evaluated.emit()

    def _change_next(self) -> None:
        """Carry out every change that has come up meanwhile."""
        if self.result is None or self._changing.is_running:
            return
        if self._is_stale:
            self._is_stale = False
            self._changing.start(work.read_again, self.result, on_done=self._take_revised, on_error=self._on_failed)
        elif self._edits:
            edits, self._edits = self._edits, []
            self._changing.start(
                work.redecide, self.result, edits, on_done=self._take_decided, on_error=self._on_failed
            )

    def _take_decided(self, result: Evaluated) -> None:
        source = result.opened.found.source
        before = self.result.opened if self.result is not None else None
        self._take_revised(result)
        if self.opened is before:
            self.opened = result.opened
        elif self.opened is not None and self.opened.found.source == source:
            self.prepare(self._subject, source)
        self._is_deciding = True
        self._context.dataset_decided.emit(source)
        self._context.dataset_changed.emit(source)
        self._is_deciding = False

    def _take_revised(self, result: Evaluated) -> None:
        self.result, self.comparison = result, None
        self.revised.emit()
        self._change_next()

    def _follow(self, source: str) -> None:
        """Another page decided something about a dataset, or read it again."""
        if self._is_deciding:
            return
        if self._subject is not None and self.opened is not None and self.opened.found.source == source:
            self.prepare(self._subject, source)
        if self.result is not None and self.result.opened.found.source == source:
            self._is_stale = True
            self._change_next()

    def _on_prepare_failed(self, error: Exception) -> None:
        self.prepare_failed.emit(error)
        self.prepared.emit()

    def _on_failed(self, error: Exception) -> None:
        self.busy_changed.emit()
        self.failed.emit(error)
        self._change_next()


def _at_temperature(before: Evaluated, temperature: float, progress: Progress) -> Evaluated:
    progress(0, 0)
    return before.at_temperature(temperature)
