"""Many pictures: started with files and folders, answered in the background, shown as they come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.predict.many.arranging import Arranged, Order, arrange
from cnn_desktop.ui.pages.predict.many.catalogue import Catalogue, Column, Wanted
from cnn_desktop.ui.pages.predict.many.groups import GroupList
from cnn_desktop.ui.pages.predict.many.outputs import AnswerOutputs
from cnn_desktop.ui.pages.predict.many.progress_card import ProgressCard
from cnn_desktop.ui.pages.predict.many.table import AnswersTable
from cnn_desktop.ui.pages.predict.many.table_model import AnswersModel
from cnn_desktop.ui.pages.predict.many.work import BatchWork
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card

if TYPE_CHECKING:
    from cnn_desktop.predict.classifier import Classifier

_TAKE_EVERY = 100
"""Milliseconds between two looks at what has arrived."""
_TAKE_MOST = 2000
"""Answers taken in at a look, some milliseconds; a batch that is gone on with brings thousands at once."""
_REFRESH_EVERY = 400
"""Milliseconds between two countings while answers arrive."""
_TYPING_PAUSE = 150
_GROUPS_WIDTH = 208


class ManyPanel(QWidget):
    """`start` shows answers for files and folders; `shutdown` is called once, before the window closes."""

    picture_asked = Signal(Path)
    """A picture that the person wants to look at alone."""
    closed = Signal()
    """The person wants one picture again; the answers stay until the next start."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("manyPanel")
        self._context = context
        self._paths: list[Path] = []
        self._classifier: Classifier | None = None
        self._work: BatchWork | None = None
        self._is_scope_shown = False
        self._summary = self._reason = ""
        """What to say once all that has arrived is taken in: how it went, or why it ended early."""
        self._column, self._is_descending = Column.ORDER, False
        self._shown = Wanted()
        self._job = JobRunner(self)
        self._arranging = NewestRunner(arrange, self._show_arranged, context.notify_error, self)
        self._taking = QTimer(self, interval=_TAKE_EVERY)
        self._refreshing = QTimer(self, singleShot=True, interval=_REFRESH_EVERY)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE)
        self._card = ProgressCard()
        self._model = AnswersModel(self)
        self._catalogue = self._model.catalogue
        self._table = AnswersTable(self._model)
        self._groups = GroupList()
        self._text = QLineEdit()
        self._outputs = AnswerOutputs(self)
        self._lay_out()
        self._connect()

    @property
    def is_running(self) -> bool:
        """Whether pictures are still to be answered."""
        return self._job.is_running

    def start(self, paths: list[Path], classifier: Classifier) -> None:
        """Answer for files and folders, in the place of those before; what is known of them isn't computed again."""
        before = self._work
        if before is not None:
            before.cancel()
        self._outputs.cancel()
        self._paths, self._classifier = list(paths), classifier
        self._show_none()
        self._card.begin()
        self._work = BatchWork(self._paths, classifier, before if self._job.is_running else None)
        self._job.start(self._work.run, on_done=self._on_ended, on_error=self._on_error)
        self._taking.start()

    def show_threshold(self, threshold: float) -> None:
        """Call answers unsure that are less probable than this, 0…1."""
        if threshold != self._model.threshold:
            self._model.show_threshold(threshold)
            self._refreshing.start()

    def cancel(self) -> None:
        """Stop copying, or else answering, after the pictures that are being computed."""
        if self._outputs.is_running:
            self._outputs.cancel()
        elif self._work is not None and self._job.is_running:
            self._work.cancel()
            self._card.show_ending()

    def shutdown(self) -> None:
        """Stop everything and wait for it."""
        for timer in (self._taking, self._refreshing, self._typing):
            timer.stop()
        if self._work is not None:
            self._work.cancel()
        self._job.cancel()
        self._arranging.cancel()
        self._outputs.shutdown()
        self._job.wait()
        self._arranging.wait()
        self._table.shutdown()

    # ---- what arrives

    def _take(self) -> None:
        """Take in what has arrived; the timer ends with the batch."""
        work = self._work
        if work is None:
            return
        if work.scope is not None and not self._is_scope_shown:
            self._is_scope_shown = True
            self._table.show_files(work.scope.files)
            self._card.show_scope(len(work.scope.files), work.scope.remembered, work.scope.trouble)
        answers = work.take(_TAKE_MOST)
        if answers:
            self._catalogue.add(answers)
            if self._wanted().takes_all_as_they_come:
                self._model.extend(len(self._catalogue))
            if not self._refreshing.isActive():
                self._refreshing.start()
        if answers and self._job.is_running:
            self._card.show_progress(len(self._catalogue))
        if not answers and not self._job.is_running:
            self._taking.stop()
            self._end()

    def _on_ended(self, is_whole: bool) -> None:
        """The rest is taken in as fast as the window can."""
        if is_whole and self._work is not None:
            seconds, scope = self._work.seconds, self._work.scope
            computed = len(scope.files) - scope.remembered if scope else 0
            parts = [_("Done in {time}").format(time=duration_text(seconds))]
            if seconds > 1 and computed:
                parts.append(_("{count:,.0f} pictures a second").format(count=computed / seconds))
            if self._classifier is not None:
                parts += [self._classifier.title, self._classifier.precision]
            self._summary = " · ".join(parts)

    def _on_error(self, error: Exception) -> None:
        """What was answered before it is taken in first."""
        self._reason = one_line(error)
        if not isinstance(error, CnnDesktopError):
            self._context.notify_error(error)

    def _end(self) -> None:
        if self._summary:
            self._card.end(self._summary)
        else:
            trouble = self._work.trouble if self._work else ""
            self._card.interrupt(len(self._catalogue), self._reason or trouble)
        self._card.allow_outputs(has_answers=len(self._catalogue) > 0)
        self._refresh()

    # ---- what is shown

    def _wanted(self) -> Wanted:
        text = self._text.text().strip()
        return Wanted(self._groups.group, text, self._column, self._is_descending, self._model.threshold)

    def _refresh(self) -> None:
        self._refreshing.stop()
        self._typing.stop()
        self._arranging.ask(Order(self._catalogue, self._wanted()))

    def _show_arranged(self, arranged: Arranged) -> None:
        if arranged.catalogue is not self._catalogue:
            return
        self._groups.groups.show_counts(arranged.counts, self._catalogue.classes)
        if arranged.wanted != self._wanted():
            return  # a newer order is under way
        if not arranged.wanted.takes_all_as_they_come:
            self._model.show_places(arranged.places)
        elif not self._model.is_as_it_comes:
            self._model.show_places(range(len(self._catalogue)))
        if arranged.wanted != self._shown:  # the person asked for it; else there is only more of the same
            self._table.show_current()
        self._shown = arranged.wanted

    def _show_none(self) -> None:
        self._summary = self._reason = ""
        self._is_scope_shown = False
        self._catalogue = Catalogue()
        self._model.show_catalogue(self._catalogue)
        self._table.show_files(None)
        self._groups.groups.show_counts({}, ())
        self._groups.reset_choice()
        self._text.clear()
        self._card.allow_outputs(has_answers=False)

    def _sort(self, column: int, is_descending: bool) -> None:
        self._column, self._is_descending = Column(column), is_descending and column != Column.ORDER
        self._refresh()

    def _go_on(self) -> None:
        if self._classifier is not None:
            self.start(self._paths, self._classifier)

    # ---- what is made of it

    def _show_copying(self, done: int, total: int) -> None:
        self._card.allow_outputs(has_answers=False)
        self._card.show_copying(done, total)

    def _show_written(self, sentence: str, role: str) -> None:
        if not self._job.is_running:
            self._end()
        self._card.say(sentence, role)

    def _connect(self) -> None:
        card, outputs = self._card, self._outputs
        card.cancel_asked.connect(self.cancel)
        card.go_on_asked.connect(self._go_on)
        card.closed.connect(self.closed)
        card.csv_asked.connect(lambda: outputs.save_csv(self._catalogue.answers, self._model.threshold))
        card.json_asked.connect(lambda: outputs.save_json(self._catalogue.answers, self._model.threshold))
        card.copies_asked.connect(lambda: outputs.copy(self._catalogue.answers, self._model.threshold))
        outputs.copying.connect(self._show_copying)
        outputs.ended.connect(self._show_written)
        self._taking.timeout.connect(self._take)
        self._refreshing.timeout.connect(self._refresh)
        self._typing.timeout.connect(self._refresh)
        self._text.textChanged.connect(lambda _text: self._typing.start())
        self._groups.chosen.connect(lambda _group: self._refresh())
        self._model.sort_asked.connect(self._sort)
        self._table.opened.connect(self.picture_asked)

    def _lay_out(self) -> None:
        self._text.setObjectName("answersFilter")
        self._text.setAccessibleName(_("Part of the name or class"))
        self._text.setPlaceholderText(_("Part of the name or class"))
        self._text.setClearButtonEnabled(True)
        self._text.setFixedWidth(240)
        groups = Card(_("Taken for"))
        groups.body.addWidget(self._groups, 1)
        groups.setFixedWidth(_GROUPS_WIDTH)
        answers = Card(_("Answers"))
        answers.header.addWidget(self._text, 0, Qt.AlignmentFlag.AlignRight)
        answers.body.addWidget(self._table, 1)
        lower = QHBoxLayout()
        lower.setSpacing(S16)
        lower.addWidget(groups)
        lower.addWidget(answers, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self._card)
        column.addLayout(lower, 1)
