"""The table of runs: several can be selected, columns give way where there is no room, keys reach everything."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.runs.row_painting import ROW_HEIGHT, RunDelegate
from cnn_desktop.ui.pages.runs.rows import RunRow
from cnn_desktop.ui.pages.runs.runs_model import Column, RunsModel

_WIDTHS = {
    Column.CURVE: 80,
    Column.STATE: 100,
    Column.BEST: 80,
    Column.TIME: 96,
    Column.DEVICE: 120,
    Column.WHEN: 116,
}
_NAME_WIDTH = 120
_FIRST_TO_GO = (Column.DEVICE, Column.TIME, Column.WHEN, Column.CURVE)


class RunsTable(QTableView):
    """Shows a `RunsModel`; what is selected survives searching, sorting and news of the runs."""

    chosen = Signal()
    """Other runs are selected than before."""

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsTable")
        self.setAccessibleName(_("Runs"))
        self._runs = model
        self._chosen: tuple[Path, ...] = ()
        self._place = 0
        self._is_restoring = False
        self.setModel(model)
        self.setItemDelegate(RunDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self._prepare_headers()
        model.modelReset.connect(self._restore)
        self.selectionModel().selectionChanged.connect(self._take_selection)

    @property
    def chosen_rows(self) -> list[RunRow]:
        """The selected runs, in the order in which they are shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._runs.shown_rows[row] for row in rows]

    def choose(self, paths: Sequence[Path]) -> None:
        """Select these runs, as far as they are shown, and bring the first of them into sight."""
        wanted = set(paths)
        rows = [number for number, row in enumerate(self._runs.shown_rows) if row.path in wanted]
        selection = QItemSelection()
        last = len(Column) - 1
        for row in rows:
            selection.select(self._runs.index(row, 0), self._runs.index(row, last))
        if rows:
            self.selectionModel().setCurrentIndex(
                self._runs.index(rows[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.scrollTo(self._runs.index(rows[0], 0))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._take_selection()

    def remember(self, paths: Sequence[Path]) -> None:
        """Select these runs as soon as they are listed."""
        self._chosen = tuple(paths)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()  # the row under the mouse was lit
        return super().viewportEvent(event)

    def _prepare_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName(_("Columns of the list of runs"))
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.RUN, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.WHEN, Qt.SortOrder.DescendingOrder)

    def _fit_columns(self) -> None:
        """Hide columns, the least important first, until the name has room."""
        room = self.viewport().width() - _NAME_WIDTH - sum(_WIDTHS.values())
        for column in _FIRST_TO_GO:
            self.setColumnHidden(column, room < 0)
            room += _WIDTHS[column] if room < 0 else 0

    def _restore(self) -> None:
        """Select again what was selected before the rows were arranged anew, or what is now at its place."""
        place, rows = self.verticalScrollBar().value(), self._runs.shown_rows
        self._is_restoring = True
        self.choose(self._chosen)
        if rows and self._chosen and not self.selectionModel().hasSelection():
            self.choose([rows[min(self._place, len(rows) - 1)].path])
        self._is_restoring = False
        self.verticalScrollBar().setValue(place)
        self._take_selection()

    def _take_selection(self) -> None:
        if self._is_restoring:
            return
        chosen = tuple(row.path for row in self.chosen_rows)
        if chosen:
            self._place = self._runs.row_of(chosen[0]) or 0
        if chosen != self._chosen:
            self._chosen = chosen
            self.chosen.emit()
