"""The tab that compares the model with another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.evaluate.comparison import work
from cnn_desktop.ui.pages.evaluate.comparison.outcome_card import OutcomeCard
from cnn_desktop.ui.pages.evaluate.comparison.work import Compared
from cnn_desktop.ui.pages.evaluate.result_panel import ResultPanel
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.work import Evaluated, Subject
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, labelled
from cnn_desktop.ui.widgets.counting_view import CountingView
from cnn_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model


class ComparisonPanel(ResultPanel):
    """Choose the other model above; what came of both below."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(context, session, parent)
        self._working = JobRunner(self)
        self._model: Model | None = None
        self.compared: Compared | None = None
        self.chooser = ModelChooser("compareModelPicker", self, picks_newest=False)
        self.button = QPushButton(_("Compare"))
        self.button.setObjectName("compareButton")
        self.button.setAccessibleName(_("Compare with this model"))
        self.button.setProperty("role", "primary")
        self.outcome = OutcomeCard()
        self.outcome.picture_asked.connect(session.look_inside)
        self._empty = EmptyState()
        self._busy = CountingView("compare", _("Asking the other model"), _("Comparing…"))
        self._stack = QStackedWidget()
        self._lay_out()
        self.button.clicked.connect(self._compare)
        self._busy.cancel_asked.connect(self._cancel)
        self.chooser.opened.connect(self._on_model)
        self.chooser.closed.connect(lambda: self._on_model(None))
        self.chooser.failed.connect(self._on_error)
        self.chooser.refresh()

    @override
    def show_result(self, result: Evaluated, *, is_revised: bool) -> None:
        if is_revised and self.compared is not None:
            self._working.start(
                work.recompared, self.compared, result, on_done=self._show_compared, on_error=self._on_error
            )
            return
        self._working.cancel()
        self.compared = None
        self._tell(_("Choose another model and compare: it is asked about the same pictures."))

    @override
    def shutdown(self) -> None:
        self._working.cancel()
        self.chooser.shutdown()
        self._working.wait()
        self.outcome.shutdown()

    def _on_model(self, model: Model | None) -> None:
        self._model = model
        self.button.setEnabled(model is not None)

    def _compare(self) -> None:
        if self._model is None or self.session.result is None:
            return
        self._busy.begin()
        self._stack.setCurrentWidget(self._busy_card)
        self._working.start(
            work.compare_with,
            self.session.result,
            Subject(self.chooser.ref, self._model),
            on_done=self._show_compared,
            on_error=self._on_error,
            on_progress=self._busy.show_progress,
        )

    def _show_compared(self, compared: Compared) -> None:
        self.compared, self.session.comparison = compared, compared.comparison
        self.outcome.show_compared(compared)
        self._stack.setCurrentWidget(self.outcome)

    def _cancel(self) -> None:
        self._working.cancel()
        if self.compared is not None:
            self._stack.setCurrentWidget(self.outcome)
        else:
            self._tell(_("Cancelled. Nothing was compared."))

    def _on_error(self, error: Exception) -> None:
        self.compared = None
        self._empty.tell_error(one_line(error))
        self._stack.setCurrentWidget(self._told)

    def _tell(self, text: str) -> None:
        self._empty.tell(text)
        self._stack.setCurrentWidget(self._told)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(S8)
        top.addLayout(labelled(_("Compare with"), self.chooser.picker), 1)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        self.button.setEnabled(False)
        self._told, self._busy_card = Card(), Card()
        self._told.body.addWidget(self._empty)
        self._busy_card.body.addWidget(self._busy)
        for view in (self._told, self._busy_card, self.outcome):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addLayout(top)
        column.addWidget(self.chooser.panel)
        column.addWidget(self._stack, 1)
