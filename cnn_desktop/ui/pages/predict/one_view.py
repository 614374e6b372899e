"""One picture: what each model says to it, where it looked, and the pictures before."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, ImageError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.pictures import GivenPicture
from cnn_desktop.ui.pages.predict.answer_column import AnswerColumn
from cnn_desktop.ui.pages.predict.answering import Answer, AskedPicture, Drawn, draw_picture
from cnn_desktop.ui.pages.predict.history import HistoryCard, HistoryEntry
from cnn_desktop.ui.pages.predict.inverting import InvertOffer
from cnn_desktop.ui.pages.predict.looking import Looked, LookOrder, import_attribution, look
from cnn_desktop.ui.pages.predict.picture_card import PictureCard
from cnn_desktop.ui.theme import S16

_IDLE = 1500
"""Milliseconds after the first picture until what takes long to import is fetched, so that no click waits for it."""
_LOW = 580
"""Pixels of height below which thumbnails are small."""


class OneView(QWidget):
    """Shows a picture and asks every column's model about it, the first one first.

    Args:
        main: the column that is always there.
    """

    def __init__(self, context: AppContext, main: AnswerColumn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.columns: list[AnswerColumn] = []
        self.card = PictureCard()
        self.history = HistoryCard(context)
        self._offer = InvertOffer(self.card.banner)
        self._asked: AskedPicture | None = None
        self._drawn: Drawn | None = None
        self._looked: Looked | None = None
        self._is_prepared = False
        self._explained = main
        """The column whose model is asked where it looked."""
        self._drawing, self._preparing = JobRunner(self), JobRunner(self)
        self._idle = QTimer(self, singleShot=True, interval=_IDLE)
        self._looking = NewestRunner(look, self._on_looked, self._on_error, self)
        self._cards = QHBoxLayout()
        self._cards.setSpacing(S16)
        self._cards.addWidget(self.card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addLayout(self._cards, 1)
        column.addWidget(self.history)
        self.card.look.toggled.connect(self._on_look_toggled)
        self.card.look.method_chosen.connect(self._on_method_chosen)
        self.history.asked.connect(self._on_history_asked)
        self._offer.asked.connect(self._ask_inverted)
        self._idle.timeout.connect(lambda: self._preparing.start(import_attribution, on_error=self._on_error))
        self.add_column(main)

    @property
    def main(self) -> AnswerColumn:
        """The column of the page's own model."""
        return self.columns[0]

    @property
    def asked(self) -> AskedPicture | None:
        """The picture that models are asked about."""
        return self._asked

    def add_column(self, column: AnswerColumn) -> None:
        """Let another model answer too."""
        self.columns.append(column)
        self._cards.addWidget(column, 1)
        column.ready.connect(lambda: self._ask(column))
        column.answered.connect(lambda answer: self._on_answer(column, answer))
        column.unreadable.connect(self._on_unreadable)
        column.closed.connect(lambda: self._forget_look(column))
        column.class_chosen.connect(lambda row: self._look_at(column, row))
        column.picture_wanted.connect(self.card.zone.browse)
        self._name_columns()

    def remove_column(self, column: AnswerColumn) -> None:
        """Ask that model no longer."""
        self.columns.remove(column)
        self._forget_look(column)
        column.shutdown()
        self._cards.removeWidget(column)
        column.hide()
        column.deleteLater()
        self._name_columns()
        if self.card.look.is_on:
            self._look_at(self._explained, max(0, self._explained.table.current))

    def show_given(self, given: GivenPicture, *, is_inverted: bool = False) -> None:
        """Ask about a picture."""
        self._asked = AskedPicture(given, is_inverted=is_inverted)
        self._drawn = self._looked = None
        self._looking.cancel()
        self._drawing.cancel()
        self._offer.withdraw()
        self.history.show_asked(given, is_inverted=is_inverted)
        if not self._ask_from(0):
            self._draw()  # nobody can answer yet, but it can be seen

    def show_nothing(self, reason: str = "") -> None:
        """Show no picture; `reason` says why, where something was given."""
        self._asked = self._drawn = self._looked = None
        self._looking.cancel()
        self._drawing.cancel()
        self._offer.withdraw()
        self.card.show_picture(None)
        self.history.strip.show_place(-1)
        for column in self.columns:
            column.clear()
        if reason:
            self.main.refuse(reason)

    def show_threshold(self, threshold: float) -> None:
        """Say “unsure” where the best class is less probable than this, 0…1."""
        self.history.show_threshold(threshold)
        for column in self.columns:
            column.show_threshold(threshold)

    def shutdown(self) -> None:
        """Drop and await what runs."""
        self._idle.stop()
        self._looking.cancel()
        for runner in (self._drawing, self._preparing):
            runner.cancel()
        for column in self.columns:
            column.shutdown()
        self._looking.wait()
        for runner in (self._drawing, self._preparing):
            runner.wait()
        self.history.shutdown()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.history.strip.show_small(is_small=self.height() < _LOW)

    def _ask(self, column: AnswerColumn) -> None:
        if self._asked is not None:
            column.ask(self._asked)

    def _ask_from(self, place: int) -> bool:
        """Ask the next model that is ready and hasn't answered; one after the other, so that each has the machine."""
        asked = self._asked
        waiting = (
            column for column in self.columns[place:] if column.answer is None or column.answer.asked is not asked
        )
        return asked is not None and any(column.ask(asked) for column in waiting)

    def _on_answer(self, column: AnswerColumn, answer: Answer) -> None:
        if answer.asked is not self._asked:
            return
        if self._drawn is None and not self._drawing.is_running:
            self._draw()
        self._ask_from(self.columns.index(column) + 1)
        if column is self.main:
            self._offer.consider(answer, column.chooser.ref)
            self._remember()
        if column is self._explained and self.card.look.is_on:
            self._look_at(column, 0)

    def _draw(self) -> None:
        self._drawing.start(draw_picture, self._asked, on_done=self._on_drawn, on_error=self._on_unreadable)

    def _on_drawn(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self.card.show_picture(drawn.seen)
        self._remember()
        if self._looked is not None:
            self._on_looked(self._looked)
        if not self._is_prepared:
            self._is_prepared = True
            self._idle.start()

    def _remember(self) -> None:
        """Keep the picture and its answer, once both are there."""
        answer, drawn, model = self.main.answer, self._drawn, self.main.model
        if answer is None or drawn is None or model is None or answer.asked is not drawn.asked:
            return
        classes = tuple((guess.label, guess.probability) for guess in answer.guesses)
        given, is_inverted = drawn.asked.given, drawn.asked.is_inverted
        self.history.remember(HistoryEntry(given, is_inverted, drawn.thumbnail, model.title, classes))

    def _on_history_asked(self, entry: HistoryEntry) -> None:
        self.show_given(entry.given, is_inverted=entry.is_inverted)

    def _ask_inverted(self, is_inverted: bool) -> None:
        if self._asked is not None:
            self.show_given(self._asked.given, is_inverted=is_inverted)

    def _on_look_toggled(self, is_on: bool) -> None:
        if is_on:
            self._look_at(self._explained, max(0, self._explained.table.current))
        else:
            self._forget_look(self._explained)

    def _on_method_chosen(self) -> None:
        self._looking.cancel()  # a slow method may still be at it
        self._look_at(self._explained, max(0, self._explained.table.current))

    def _look_at(self, column: AnswerColumn, row: int) -> None:
        """Show which parts of the picture speak for the class in `row`."""
        answer, model = column.answer, column.model
        if answer is None or model is None or answer.asked is not self._asked:
            return
        self._explained = column
        self.card.look.turn_on()
        for other in self.columns:
            other.table.mark(row if other is column else -1)
        self.card.look.words.setText(_("Looking…"))
        self._looking.ask(LookOrder(answer.asked, model, answer.indices[row], self.card.look.method_name))

    def _on_looked(self, looked: Looked) -> None:
        if looked.order.asked is self._asked and self.card.look.is_on:
            self._looked = looked
            self.card.show_looked(looked)

    def _forget_look(self, column: AnswerColumn) -> None:
        """Show nothing any more of where that column's model looked."""
        if column is not self._explained:
            return
        self._looking.cancel()
        self._looked = None
        self._explained = self.main
        self.card.hide_looked()
        column.table.mark(-1)

    def _on_unreadable(self, error: Exception) -> None:
        """The picture can't be read; the one before goes too, so that nothing looks like its answer."""
        name = self._asked.given.name if self._asked else ""
        self.show_nothing(one_line(error))
        self.card.panel.label.setText(name)
        if not isinstance(error, CnnDesktopError):
            self._context.notify_error(error)

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, ImageError):
            self._on_unreadable(error)
        else:
            self.card.look.words.setText(one_line(error))
            self._context.notify_error(error)

    def _name_columns(self) -> None:
        for column in self.columns:
            column.show_among(len(self.columns))
