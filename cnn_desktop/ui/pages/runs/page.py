"""Every run there was: found again, understood, compared, repeated, gone on with, thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.train.runs.notes import RunNotes, all_tags
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.models.export import ExportDialog, ExportSubject
from cnn_desktop.ui.pages.page import MenuName, Page
from cnn_desktop.ui.pages.runs import looking
from cnn_desktop.ui.pages.runs.detail_panel import MOST_COMPARED, DetailPanel
from cnn_desktop.ui.pages.runs.list_card import ListCard
from cnn_desktop.ui.pages.runs.report_dialog import show_report
from cnn_desktop.ui.pages.runs.rows import Gathered, RunRow, gather, read_again, with_notes
from cnn_desktop.ui.pages.runs.run_actions import RunActions
from cnn_desktop.ui.pages.runs.throwing_away import ThrowingAway
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.banner import Banner
from cnn_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cnn_desktop.train.runs.curves import CurveReader

_LOOK_EVERY = 3000
"""Milliseconds between two looks at runs that are being trained, while the page is seen."""


class RunsPage(Page):
    """Wires the list, what is shown of the selected runs, and what can be done with them."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._reader: CurveReader | None = None
        self._gathered = Gathered([], [])
        self._folder_mark = 0
        self._is_stale = True
        self._gathering, self._looking = JobRunner(self), JobRunner(self)
        self._working, self._saving = JobRunner(self), JobRunner(self)
        self.actions_ = RunActions(self)
        self.list = ListCard()
        self.panel = DetailPanel(self.actions_)
        self.banner = Banner("runsBanner")
        self._away = ThrowingAway(self, self.banner, self._working, context)
        self._empty = EmptyState()
        self._nothing_chosen = EmptyState()
        self._nothing_chosen.tell(_("Select a run to see its curves.\nSelect several to compare them."))
        self._beside = QStackedWidget()
        self._beside.addWidget(self._nothing_chosen)
        self._beside.addWidget(self.panel)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self._look_again)

    @override
    def engine_ready(self) -> None:
        from cnn_desktop.train.runs.curves import CurveReader

        self._reader = CurveReader()
        if self.isVisible():
            self._refresh()

    @override
    def menu_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        actions = self.actions_
        file = [actions.repeat, actions.go_on, actions.folder, actions.report, actions.export, actions.follow]
        return {"file": file, "edit": [actions.find, actions.delete]}

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._refresh()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self.panel.notes.flush()

    @override
    def shutdown(self) -> None:
        self._timer.stop()
        self.panel.notes.flush()
        for job in (self._gathering, self._looking):
            job.cancel()
        for job in (self._gathering, self._looking, self._working, self._saving):
            job.wait(30_000)

    # ---- what there is

    def _refresh(self) -> None:
        """Look through the whole folder of runs."""
        if self._reader is None:
            self._empty.tell(_("Loading the engine…"))
            return
        self._is_stale = False
        self._folder_mark = _mark_of_folder()
        self._gathering.start(
            gather, on_done=self._show_gathered, on_error=self._show_problem, on_progress=self._show_progress
        )

    def _look_again(self) -> None:
        """Look only at what may have changed: everything where runs came or went, else the ones that are trained."""
        if self._reader is None or self._gathering.is_running:
            return
        running = [row.path for row in self.list.model.all_rows if row.run.is_running]
        if self._is_stale or self._folder_mark != _mark_of_folder():
            self._refresh()
        elif running:
            self._gathering.start(read_again, running, on_done=self._show_newer, on_error=self._show_problem)

    def _on_runs_changed(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._refresh()

    def _show_gathered(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self.list.show_rows(gathered.rows, len(gathered.damaged))
        self.panel.notes.offer_tags(all_tags(row.notes for row in gathered.rows))
        if not gathered.rows and not gathered.damaged:
            text = _("There are no runs yet.\nEvery training you start is kept here, with its curves and its model.")
            self._empty.tell(text, _("Train one"), lambda: self.context.open_page("Train"))
        self._stack.setCurrentIndex(1 if gathered.rows or gathered.damaged else 0)
        if gathered.rows and not self.list.table.chosen_rows and not self.list.search.text():
            self.list.table.choose([gathered.rows[0].path])
        self._show_chosen()

    def _show_progress(self, done: int, total: int) -> None:
        if self._stack.currentIndex() == 0 and total:
            self._empty.tell(_("Reading runs: {done:,} of {total:,}").format(done=done, total=total))

    def _show_newer(self, rows: list[RunRow]) -> None:
        self.list.model.replace_rows(rows)
        if {row.path for row in rows} & {row.path for row in self.list.table.chosen_rows}:
            self._show_chosen()

    def _show_problem(self, error: Exception) -> None:
        if self._stack.currentIndex() == 0:
            self._empty.tell_error(one_line(error))
        if not isinstance(error, CnnDesktopError) or self._stack.currentIndex() == 1:
            self.context.notify_error(error)

    # ---- what is selected

    def _show_chosen(self) -> None:
        rows = self.list.table.chosen_rows
        paths = [row.path for row in rows[:MOST_COMPARED]]
        self.actions_.show_for(rows)
        self.list.model.show_compared(paths)
        if not rows:
            self.panel.notes.flush()
            self._looking.cancel()
            self._beside.setCurrentWidget(self._nothing_chosen)
            return
        self.panel.show_rows(rows)
        self._beside.setCurrentWidget(self.panel)
        self._looking.start(
            looking.look_at, self._reader, paths, on_done=self.panel.show_curves, on_error=self._show_problem
        )

    def _keep_notes(self, run: Path, notes: RunNotes) -> None:
        rows = [with_notes(row, notes) for row in self.list.model.all_rows if row.path == run]
        self.list.model.replace_rows(rows)
        self._saving.start(looking.keep_notes, run, notes, on_error=self.context.notify_error)

    # ---- what is done with it

    def _repeat(self) -> None:
        (row,) = self.list.table.chosen_rows
        self.context.open_page("Train")
        self.context.repeat_asked.emit(row.run.config.model_copy(update={"run_dir": None}))

    def _go_on(self) -> None:
        (row,) = self.list.table.chosen_rows
        self.context.open_page("Train")
        self.context.go_on_asked.emit(row.path)

    def _open_in(self, page: str) -> None:
        (row,) = self.list.table.chosen_rows
        self.context.open_page(page, str(row.path))

    def _open_folder(self) -> None:
        (row,) = self.list.table.chosen_rows
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.path)))

    def _show_report(self) -> None:
        (row,) = self.list.table.chosen_rows
        self._working.start(
            looking.report_of,
            row.path,
            on_done=lambda text: show_report(self.window(), row.run.title, text),
            on_error=self.context.notify_error,
        )

    def _export_model(self) -> None:
        (row,) = self.list.table.chosen_rows
        ExportDialog(ExportSubject(row.run.title, str(row.path)), self.context, self).open()

    def _export(self) -> None:
        paths = [row.path for row in self.list.table.chosen_rows]
        self.banner.tell(_("Writing TensorBoard's events…"), tone="calm")
        self._working.start(
            looking.export_all,
            paths,
            on_done=lambda sentence: self.banner.tell(sentence, tone="calm"),
            on_error=self._export_failed,
        )

    def _export_failed(self, error: Exception) -> None:
        self.banner.hide()
        self.context.notify_error(error)

    def _throw_away(self) -> None:
        self.panel.notes.flush()
        self._away.throw_away([row.path for row in self.list.table.chosen_rows if not row.run.is_running])

    def _show_damaged(self) -> None:
        lines = [f"{run.path}\n    {run.reason}" for run in self._gathered.damaged]
        text = _("Some folders of runs can't be read; the others are all listed.")
        self.banner.tell(text, "\n\n".join(lines), tone="warning", details_text=_("Which ones…"))

    def _show_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.actions_.of_runs:
            menu.addSeparator() if action is None else menu.addAction(action)
        menu.popup(self.list.table.viewport().mapToGlobal(position))

    # ---- wiring

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(S16)
        splitter.addWidget(self.list)
        splitter.addWidget(self._beside)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([720, 500])
        self._stack.addWidget(self._empty)
        self._stack.addWidget(splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        table, actions = self.list.table, self.actions_
        table.addAction(actions.delete)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.chosen.connect(self._show_chosen)
        self.list.damaged_asked.connect(self._show_damaged)
        self.panel.notes.changed.connect(self._keep_notes)
        self.context.runs_changed.connect(self._on_runs_changed)
        self._away.came_back.connect(table.remember)
        actions.follow.setChecked(self.context.settings.settings.tensorboard)
        actions.follow.toggled.connect(lambda is_on: self.context.settings.change(tensorboard=is_on))
        actions.find.triggered.connect(self.list.start_search)
        actions.repeat.triggered.connect(self._repeat)
        actions.go_on.triggered.connect(self._go_on)
        actions.evaluate.triggered.connect(lambda: self._open_in("Evaluate"))
        actions.predict.triggered.connect(lambda: self._open_in("Predict"))
        actions.inspect.triggered.connect(lambda: self._open_in("Inspect"))
        actions.folder.triggered.connect(self._open_folder)
        actions.report.triggered.connect(self._show_report)
        actions.export_model.triggered.connect(self._export_model)
        actions.export.triggered.connect(self._export)
        actions.delete.triggered.connect(self._throw_away)


def _mark_of_folder() -> int:
    """Changes whenever a run comes or goes."""
    try:
        return runs_dir().stat().st_mtime_ns
    except OSError:
        return 0
