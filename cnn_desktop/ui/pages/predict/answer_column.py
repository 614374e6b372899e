"""A model and what it says: one column of the Predict page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from cnn_desktop.core.errors import CnnDesktopError, ImageError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.pages.predict.answering import TOP, Answer, AskedPicture, answer, prepare
from cnn_desktop.ui.pages.predict.unsure_mark import UnsureMark
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.class_bars import ClassBars
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.classifier import Classifier

_PATIENCE = 300
"""Milliseconds for which the last answer stays while the next is computed."""


class AnswerColumn(Card):
    """Opens the chosen model, asks it, shows the best classes, how long they took, or what to do next.

    Args:
        chooser: of the model; its picker and panel are laid out elsewhere.
        table: object name of the table of classes.
    """

    ready = Signal()
    """The model can be asked."""
    answered = Signal(object)
    """An `Answer`, which is shown."""
    unreadable = Signal(Exception)
    """The picture asked about can't be read."""
    closed = Signal()
    """The model that was shown is no longer there, nor its answer."""
    class_chosen = Signal(int)
    """A person chose the class in that row."""
    picture_wanted = Signal()

    def __init__(self, context: AppContext, chooser: ModelChooser, table: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self.chooser = chooser
        self.model: Model | None = None
        self.classifier: Classifier | None = None
        """None until the model is ready."""
        self.answer: Answer | None = None
        """What is shown."""
        self._has_models = True
        self._is_named = False
        self._preparing, self._answering = JobRunner(self), JobRunner(self)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._lay_out(table)
        self._connect()
        self._empty.tell(_("Getting ready…"))

    def _lay_out(self, table: str) -> None:
        self.head = QHBoxLayout()
        """The title's line, which takes a picker too."""
        self.head.setSpacing(S8)
        self._title = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._title.setProperty("role", "title")
        self._unsure = UnsureMark()
        self.head.addWidget(self._title, 1)
        self.head.addWidget(self._unsure)
        self.body.addLayout(self.head)
        self.table = ClassBars()
        self.table.setObjectName(table)
        self._empty = EmptyState()
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self.body.addLayout(self._stack, 1)
        self._cost = ElidedLabel()
        self._cost.setObjectName("answerCost")
        self._foot = QHBoxLayout()
        self._foot.setSpacing(S8)
        self._foot.addWidget(self._cost, 1)
        self.body.addLayout(self._foot)

    def _connect(self) -> None:
        self._context.runs_changed.connect(self.chooser.refresh)
        self._context.model_changed.connect(self.chooser.reopen)
        self.chooser.opened.connect(self._on_model)
        self.chooser.closed.connect(self._on_no_model)
        self.chooser.weights_needed.connect(self.show_next_step)
        self.chooser.failed.connect(self._on_error)
        self.chooser.listed.connect(self._on_listed)
        self._patience.timeout.connect(lambda: self._say(_("Looking at the picture…")))
        self.table.chosen.connect(self.class_chosen)

    @property
    def is_unsure(self) -> bool:
        """Whether the best class shown is less probable than the threshold."""
        return self.table.is_unsure

    def ask(self, asked: AskedPicture) -> bool:
        """Ask about a picture; False where the model isn't ready, and nothing happens."""
        if self.classifier is None:
            return False
        self._patience.start()
        self._answering.start(
            answer,
            asked,
            self.classifier,
            on_done=self._on_answer,
            on_error=lambda error: self._on_no_answer(asked, error),
        )
        return True

    def clear(self) -> None:
        """Show no answer, and what to do next."""
        self._answering.cancel()
        self._patience.stop()
        self.show_next_step()

    def refuse(self, reason: str) -> None:
        """Say why there is no answer."""
        self._answering.cancel()
        self._patience.stop()
        self._clear()
        self._empty.tell_error(reason)

    def show_picker(self, picker: QWidget) -> None:
        """Put the model's picker in the place of the title; “unsure” goes below, where there is room for it."""
        self.head.insertWidget(0, picker, 1)
        self._title.hide()
        self._foot.addWidget(self._unsure)

    def show_threshold(self, threshold: float) -> None:
        """Say “unsure” where the best class is less probable than this, 0…1."""
        self.table.set_unsure_below(threshold)
        self._show_title()

    def show_among(self, count: int) -> None:
        """Name the model above its classes where it is one of several."""
        self._is_named = count > 1
        self._title.setMinimumHeight(self.chooser.picker.sizeHint().height() if self._is_named else 0)
        self._show_title()

    def shutdown(self) -> None:
        """Drop and await what runs."""
        self._patience.stop()
        for runner in (self._preparing, self._answering):
            runner.cancel()
        self.chooser.shutdown()
        for runner in (self._preparing, self._answering):
            runner.wait()

    def show_next_step(self) -> None:
        """Show no answer, and say what to do next."""
        self._clear()
        if self.model is not None and self.classifier is None:
            self._empty.tell(_("Getting {title} ready…").format(title=self.model.title))
        elif self.model is not None:
            text = _("{title} is ready.\nDrop a picture on the left, paste one, or choose a file.")
            self._empty.tell(text.format(title=self.model.title), _("Choose a picture…"), self.picture_wanted.emit)
        elif self.chooser.is_waiting_for_weights:
            self._empty.tell(_("The model needs its weights first: download them, or load them from a file."))
        elif self.chooser.ref:
            self._empty.tell(_("Opening the model…"))
        elif self._has_models:
            self._empty.tell(_("Choose a model above."))
        else:
            text = _("There is no trained model yet.\nTrain one in about a minute, or choose a pretrained one above.")
            self._empty.tell(text, _("Train one"), lambda: self._context.open_page("Train"))

    def _on_model(self, model: Model) -> None:
        self.model = model
        self.show_next_step()
        self._preparing.start(prepare, model, on_done=self._on_ready, on_error=self._on_error)

    def _on_ready(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self.show_next_step()
        self.ready.emit()

    def _on_no_model(self) -> None:
        self.model = self.classifier = None
        self._preparing.cancel()
        self.clear()
        self.closed.emit()

    def _on_listed(self, has_models: bool) -> None:
        self._has_models = has_models
        if not self.chooser.ref and self._stack.currentWidget() is self._empty:
            self.show_next_step()

    def _on_answer(self, answer: Answer) -> None:
        self._patience.stop()
        if answer.refusal:
            self.refuse(answer.refusal)
        else:
            self._show(answer)
        self.answered.emit(answer)

    def _show(self, answer: Answer) -> None:
        self.answer = answer
        self.table.show_classes([(guess.label, guess.probability) for guess in answer.guesses])
        self._stack.setCurrentWidget(self.table)
        self._show_title()
        self._show_cost(answer.seconds)

    def _show_title(self) -> None:
        shown = self.table.table.rowCount()
        title = _("All {count} classes").format(count=shown) if 0 < shown < TOP else _("Ten best classes")
        self._title.setText(self.model.title if self._is_named and self.model else title)
        self._unsure.show_for(self.table.is_unsure, self.table.unsure_below)

    def _show_cost(self, seconds: float) -> None:
        if self.classifier is None:
            return
        text = _("{milliseconds:,.0f} ms · {precision} · {device}").format(
            milliseconds=1000 * seconds, precision=self.classifier.precision, device=self.classifier.device.type.upper()
        )
        self._cost.setText(text)
        self._cost.setToolTip(self.classifier.precision_reason or text)

    def _say(self, text: str) -> None:
        self._clear()
        self._empty.tell(text)

    def _clear(self) -> None:
        self.answer = None
        self.table.show_classes(())
        self._cost.clear()
        self._stack.setCurrentWidget(self._empty)
        self._show_title()

    def _on_no_answer(self, asked: AskedPicture, error: Exception) -> None:
        if isinstance(error, ImageError):
            self.refuse(one_line(error))
            self.unreadable.emit(error)
        else:
            self._on_error(error)
            self.answered.emit(Answer(asked, refusal=one_line(error)))

    def _on_error(self, error: Exception) -> None:
        self.refuse(one_line(error))
        if not isinstance(error, CnnDesktopError):
            self._context.notify_error(error)
