"""What a check of the dataset found: figures, findings, their pictures, and what to do about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.data.findings.detail_card import FindingCard
from cnn_desktop.ui.pages.data.findings.list_card import FindingsCard
from cnn_desktop.ui.pages.data.findings.mislabels_dialog import MislabelsDialog
from cnn_desktop.ui.pages.data.findings.standing import Standing, Tally, look_up
from cnn_desktop.ui.pages.data.pictures.large_view import LargeView
from cnn_desktop.ui.pages.data.pictures.looking import LookOrder
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.counting_view import CountingView
from cnn_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.data.decisions import Decisions
    from cnn_desktop.data.health.report import Finding, HealthReport
    from cnn_desktop.ui.pages.data.session import DatasetSession


class FindingsPanel(QWidget):
    """An invitation to check, the check, then its report; each in the place of the other."""

    def __init__(self, context: AppContext, session: DatasetSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._session = context, session
        self._report: HealthReport | None = None
        self._checked: Dataset | None = None
        """What the report is about, as it was then."""
        self._standing: Standing | None = None
        self._tallies: list[Tally] = []
        self._mislabels: MislabelsDialog | None = None
        self._looking, self._saving = JobRunner(self), JobRunner(self)
        self.list, self.detail = FindingsCard(), FindingCard(session)
        self.large = LargeView(context)
        self._empty = EmptyState()
        self._progress = CountingView("check", _("Checking the pictures"), _("Comparing the pictures…"))
        self._lay_out()
        self._connect()
        self._take_report()

    def show_finding(self, kind: str) -> None:
        """Choose the first finding of that kind."""
        self.list.choose(kind)

    def shutdown(self) -> None:
        """Drop and await what runs in the background."""
        self._looking.cancel()
        self._saving.cancel()
        if self._mislabels is not None:
            self._mislabels.shutdown()
        self.detail.shutdown()
        self.large.shutdown()
        self._looking.wait()
        self._saving.wait()

    def save(self, file: Path) -> None:
        """Write the report, as JSON where the file is named so, else as a page."""
        if self._report is not None and self._checked is not None:
            self._saving.start(
                _save, self._report, self._checked, file, on_done=self._on_saved, on_error=self._context.notify_error
            )

    def _lay_out(self) -> None:
        self._waiting, self._busy, self._told = Card(), Card(), QWidget()
        self._waiting.body.addWidget(self._empty)
        self._busy.body.addWidget(self._progress)
        row = QHBoxLayout(self._told)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addWidget(self.list, 2)
        row.addWidget(self.detail, 5)
        actions = self.detail.actions_
        for action in (actions.leave_out, actions.move, actions.take_back):
            self.large.actions_row.addWidget(actions.button(action))
            self.large.addAction(action)  # for its key
        self._stack = QStackedWidget()
        for widget in (self._waiting, self._busy, self._told, self.large):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _connect(self) -> None:
        self._session.opened.connect(self._take_report)
        self._session.report_changed.connect(self._take_report)
        self._session.changed.connect(self._look_up)
        self._session.busy_changed.connect(self._show_state)
        self._session.check_progressed.connect(self._progress.show_progress)
        self._progress.cancel_asked.connect(self._session.cancel)
        self.list.chosen.connect(self._show_chosen)
        self.list.check_asked.connect(self._check)
        self.list.mislabels_asked.connect(self._ask_for_mislabels)
        self.list.save_asked.connect(self._ask_for_file)
        self.detail.picture_opened.connect(self._open_large)
        self.large.closed.connect(self._close_large)
        self.large.stepped.connect(self._step)

    # ---- the report

    def _check(self) -> None:
        self._progress.begin()
        self._session.check()

    def _take_report(self) -> None:
        report = self._session.report
        if report is None or self._report is None or report.facts is not self._report.facts:
            self._checked = self._session.dataset
        self._report, self._standing = report, None
        self.list.show_report(report)
        self._stack.setCurrentWidget(self._told)
        self._look_up()
        self._show_state()
        self._show_chosen()

    def _look_up(self) -> None:
        """Find the report's pictures in the dataset as it is now; what is shown stays until then."""
        report, found, dataset, book = self._report, self._session.found, self._session.dataset, self._session.book
        if report is None or found is None or dataset is None or book is None:
            self._looking.cancel()
            return
        parts = report, found, dataset, book.decisions
        self._looking.start(_look_up, *parts, on_done=self._take_standing, on_error=self._context.notify_error)

    def _take_standing(self, answer: tuple[Standing, list[Tally]]) -> None:
        self._standing, self._tallies = answer
        self.list.model.show_settled([tally.settled for tally in self._tallies])
        self._show_chosen()

    def _show_chosen(self) -> None:
        if self._report is None:
            return
        if self.list.finding is None:
            self.detail.show_report(self._report)
        else:
            tally = self._tallies[self.list.number] if self._standing else None
            self.detail.show_finding(self.list.finding, self._standing, tally)
        if self._stack.currentWidget() is self.large:
            self._show_large()

    def _show_state(self) -> None:
        if self._session.is_checking:
            self._stack.setCurrentWidget(self._busy)
        elif self._report is not None:
            if self._stack.currentWidget() is not self.large:
                self._stack.setCurrentWidget(self._told)
        else:
            self._stack.setCurrentWidget(self._waiting)
            self._invite()

    def _invite(self) -> None:
        if self._session.dataset is None:
            self._empty.tell(_("Open a dataset to check its pictures."))
            return
        text = _(
            "Look through every picture for what spoils a training:\n"
            "copies, the same picture in two splits or classes,\n"
            "files that can’t be read, classes given away by brightness or size."
        )
        self._empty.tell(text, _("Check the pictures"), self._check)
        self._empty.button.setObjectName("checkButton")

    # ---- one of the pictures

    def _open_large(self) -> None:
        self._stack.setCurrentWidget(self.large)
        self._step(0)
        self.large.setFocus()

    def _close_large(self) -> None:
        self._stack.setCurrentWidget(self._told)
        self.detail.grid.setFocus()

    def _step(self, by: int) -> None:
        grid = self.detail.grid
        grid.choose(min(max(grid.current + by, 0), grid.count - 1))
        self._show_large()

    def _show_large(self) -> None:
        grid, place, dataset = self.detail.grid, self.detail.grid.current, self.detail.grid.shown.dataset
        if place < 0 or dataset is None:
            self._close_large()
            return
        picture = grid.picture(place)
        order = LookOrder(dataset, picture.ref, "")
        self.large.show_picture(order, picture.key, self.detail.facts(place), place, grid.count)

    # ---- mislabels and files

    def _ask_for_mislabels(self) -> None:
        if self._session.dataset is None:
            return
        if self._mislabels is None:
            self._mislabels = MislabelsDialog(self)
            self._mislabels.found.connect(self._add_finding)
        self._mislabels.ask(self._session.dataset)

    def _add_finding(self, finding: Finding) -> None:
        self._session.add_finding(finding)
        self.list.choose(finding.kind)

    def _ask_for_file(self, kind: str) -> None:
        if self._report is None:
            return
        name = _("{title} report").format(title=self._report.title)
        kinds = {"html": _("Page (*.html)"), "json": _("Data (*.json)")}
        file, _kind = QFileDialog.getSaveFileName(self, _("Save report"), f"{name}.{kind}", kinds[kind])
        if file:
            self.save(Path(file) if Path(file).suffix else Path(f"{file}.{kind}"))

    def _on_saved(self, file: Path) -> None:
        self._context.notify(_("The report was saved as {file}.").format(file=file))


def _look_up(
    report: HealthReport, found: Dataset, dataset: Dataset, decisions: Decisions, progress: Progress
) -> tuple[Standing, list[Tally]]:
    """Where the pictures are now, and a tally of each finding."""
    standing = look_up(report, found, dataset, decisions, progress)
    return standing, [standing.tally(finding) for finding in report.findings]


def _save(report: HealthReport, checked: Dataset, file: Path, progress: Progress) -> Path:
    from cnn_desktop.core.files import write_atomic

    progress(0, 0)
    if file.suffix.lower() == ".json":
        write_atomic(file, json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        write_atomic(file, report.to_html(checked))
    return file
