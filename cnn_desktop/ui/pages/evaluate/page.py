"""The Evaluate page: choose a model, a dataset and a split; see how good the model is and where it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.data.entries import DatasetEntry, list_entries
from cnn_desktop.ui.pages.evaluate.head_card import HeadCard
from cnn_desktop.ui.pages.evaluate.page_actions import PageActions
from cnn_desktop.ui.pages.evaluate.panels import Panels
from cnn_desktop.ui.pages.evaluate.saving import SavingActions
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.setup_row import SetupRow
from cnn_desktop.ui.pages.evaluate.work import Subject
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.pages.models.export import export_action
from cnn_desktop.ui.pages.models.files import is_model_file
from cnn_desktop.ui.pages.page import MenuName, Page
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.banner import Banner
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.counting_view import CountingView
from cnn_desktop.ui.widgets.drop_veil import DropVeil
from cnn_desktop.ui.widgets.dropped import paths_in
from cnn_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import SplitName
    from cnn_desktop.models.model import Model


class EvaluatePage(Page):
    """Wires the pickers, the session that does the work, and what is shown of the result."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setObjectName("evaluatePage")
        self._subject: Subject | None = None
        self._listing = JobRunner(self)
        self.session = EvaluationSession(context, self)
        self._chooser = ModelChooser("evaluateModelPicker", self)
        self._export = export_action(self, self._chooser)
        self._setup = SetupRow(self._chooser.picker)
        self._saving = SavingActions(self, self.session)
        self.actions_ = PageActions(self)
        self._banner = Banner("evaluateBanner")
        self.head = HeadCard(self._saving.all)
        self.panels = Panels(context, self.session)
        self._empty = EmptyState()
        self._busy = CountingView("evaluate", _("Asking the model about every picture"), _("Counting…"))
        self._told, self._working, self._results = Card(), Card(), QWidget()
        self._stack = QStackedWidget()
        self._lay_out()
        self._veil = DropVeil(_("Drop a folder of pictures, or a model, to evaluate"), self)
        self._connect()
        self.setAcceptDrops(True)
        self._empty.tell(_("Loading the engine…"))

    @override
    def engine_ready(self) -> None:
        self._chooser.refresh()
        self._empty.tell(_("Getting ready…"))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._chooser.choose_newest()

    @override
    def menu_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        actions = self.actions_
        file = [actions.open_model, actions.open_folder, *self._saving.all, self._export]
        return {"file": file, "edit": [self.session.undo, actions.find], "view": [actions.evaluate]}

    @override
    def open_model(self, model: str) -> None:
        self._chooser.choose(model)

    @override
    def shutdown(self) -> None:
        self._listing.cancel()
        self._chooser.shutdown()
        self.panels.shutdown()
        self.session.shutdown()
        self._saving.shutdown()
        self._listing.wait()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._veil.cover()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._veil.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        place = self._dropped(event.mimeData())
        if place is not None and is_model_file(place):
            self._chooser.choose(str(place))
        elif place is not None:
            self._setup.choose_dataset(str(place))

    # ---- what is to be evaluated

    def _dropped(self, data: QMimeData) -> Path | None:
        """The one folder of pictures, model file or run that is being dropped."""
        paths = paths_in(data)
        is_fit = len(paths) == 1 and (paths[0].is_dir() or is_model_file(paths[0]))
        return paths[0] if is_fit else None

    def _on_model(self, model: Model) -> None:
        self._subject = Subject(self._chooser.ref, model)
        folders = self.context.settings.settings.folders
        self._listing.start(list_entries, folders, on_done=self._show_datasets, on_error=self._on_failed)

    def _show_datasets(self, entries: list[DatasetEntry]) -> None:
        subject = self._subject
        if subject is None:
            return
        before = self._setup.dataset.choice()
        self._setup.show_datasets(entries, subject.dataset)
        if subject.dataset and subject.dataset != before:
            self._setup.choose_dataset(subject.dataset)
        else:
            self._prepare()

    def _on_no_model(self) -> None:
        self._subject = None
        self._listing.cancel()
        self._prepare()
        self._say(_("Opening the model…") if self._chooser.ref else _("Choose a model above."))

    def _on_listed(self, has_models: bool) -> None:
        if self._chooser.ref:
            return
        if has_models:
            self._say(_("Choose a model above."))
        else:
            text = _(
                "There is no trained model yet.\nTrain one in about a minute, or choose a pretrained one above and "
                "a folder with its classes."
            )
            self._empty.tell(text, _("Train one"), lambda: self.context.open_page("Train"))

    def _prepare(self) -> None:
        self._banner.hide()
        self.session.prepare(self._subject, self._setup.dataset.choice())

    def _on_prepared(self) -> None:
        opened = self.session.opened
        self._setup.show_splits(opened.dataset if opened is not None else None)
        self.actions_.evaluate.setEnabled(opened is not None)
        if opened is not None:
            text = _("Evaluate asks the model about every picture of the split, and shows where it fails.")
            self._empty.tell(text, _("Evaluate"), self._evaluate)
        elif self.session.is_preparing:
            self._say(_("Opening the dataset…"))
        elif self._subject is not None and not self._setup.dataset.choice():
            self._say(_("{model} doesn’t say on which dataset it was trained.\nChoose one above.").format(
                model=self._subject.model.title
            ))  # fmt: skip

    # ---- evaluating

    def _evaluate(self) -> None:
        self._banner.hide()
        self.session.evaluate(cast("SplitName", self._setup.split.choice()))

    def _on_busy(self) -> None:
        can_begin = self.session.opened is not None and not self.session.is_evaluating
        self._setup.button.setEnabled(can_begin)
        self.actions_.evaluate.setEnabled(can_begin)
        if self.session.is_evaluating:
            self._busy.begin()
            self._stack.setCurrentWidget(self._working)
        elif self._stack.currentWidget() is self._working:
            self._stack.setCurrentWidget(self._told if self.session.result is None else self._results)

    def _show_result(self) -> None:
        if self.session.result is not None:
            self.head.show_result(self.session.result)
            self.actions_.find.setEnabled(True)
            self._stack.setCurrentWidget(self._results)

    def _show_revised(self) -> None:
        if self.session.result is not None:
            self.head.show_result(self.session.result)

    def _show_skipped(self) -> None:
        result = self.session.result
        if result is not None:
            text = _("Some pictures couldn’t be read; they count nowhere.")
            details = "\n".join(result.answers.skipped)
            self._banner.tell(text, details, tone="warning", details_text=_("Which ones…"))

    # ---- what goes wrong

    def _on_unusable(self, error: Exception) -> None:
        """The model or the dataset can't be used; a result of others stays in sight."""
        if self.session.result is None:
            self._empty.tell_error(one_line(error))
        else:
            self._banner.tell(one_line(error))
        self._tell_unexpected(error)

    def _on_failed(self, error: Exception) -> None:
        self._banner.tell(one_line(error))
        self._tell_unexpected(error)

    def _tell_unexpected(self, error: Exception) -> None:
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)

    def _say(self, text: str) -> None:
        self._empty.tell(text)

    # ---- wiring

    def _lay_out(self) -> None:
        self._told.body.addWidget(self._empty)
        self._working.body.addWidget(self._busy)
        results = QVBoxLayout(self._results)
        results.setContentsMargins(0, 0, 0, 0)
        results.setSpacing(S8)
        results.addWidget(self.head)
        results.addWidget(self.panels, 1)
        for view in (self._told, self._working, self._results):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self._setup)
        column.addWidget(self._banner)
        column.addWidget(self._chooser.panel)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._chooser.opened.connect(self._on_model)
        self._chooser.closed.connect(self._on_no_model)
        self._chooser.weights_needed.connect(
            lambda: self._say(_("The model needs its weights first: download them, or load them from a file."))
        )
        self._chooser.failed.connect(self._on_unusable)
        self._chooser.listed.connect(self._on_listed)
        self.context.runs_changed.connect(self._chooser.refresh)
        self._setup.dataset_chosen.connect(lambda _source: self._prepare())
        self._setup.evaluate_asked.connect(self._evaluate)
        actions = self.actions_
        actions.open_model.triggered.connect(lambda _on: self._chooser.browse_model())
        actions.open_folder.triggered.connect(lambda _on: self._setup.browse())
        actions.find.triggered.connect(lambda _on: self.panels.choose("confusion").start_search())
        actions.evaluate.triggered.connect(lambda _on: self._evaluate())
        session = self.session
        session.prepared.connect(self._on_prepared)
        session.prepare_failed.connect(self._on_unusable)
        session.busy_changed.connect(self._on_busy)
        session.progressed.connect(self._busy.show_progress)
        session.evaluated.connect(self._show_result)
        session.revised.connect(self._show_revised)
        session.failed.connect(self._on_failed)
        self._busy.cancel_asked.connect(session.cancel)
        self.head.skipped_asked.connect(self._show_skipped)
        self._saving.told.connect(lambda sentence: self._banner.tell(sentence, tone="calm"))
        self._saving.failed.connect(self._on_failed)
