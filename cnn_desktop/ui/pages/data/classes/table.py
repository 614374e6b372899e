"""The table of classes: names are changed in place, several can be selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.data.classes.bars import BalanceDelegate
from cnn_desktop.ui.pages.data.classes.model import SPLIT_COLUMNS, ClassesModel, Column
from cnn_desktop.ui.pages.data.classes.rows import ClassRow

_ROW_HEIGHT = 32
_WIDTHS = {Column.TRAIN: 76, Column.VALIDATION: 88, Column.TEST: 68, Column.TOTAL: 76}
_NARROWEST, _WIDEST = 120, 320
"""Of the names, which take a quarter of the table."""
_SHORTEST = 72
"""Of the bars; where even that isn't left, the sums give way."""


class ClassTable(QTableView):
    """Shows classes; columns of splits that the dataset doesn't have are hidden."""

    selected = Signal()
    """Other classes are selected than before, or they are in another state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classTable")
        self.setAccessibleName(_("Classes"))
        self.classes = ClassesModel(self)
        self.setModel(self.classes)
        self.setItemDelegateForColumn(Column.BALANCE, BalanceDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName(_("Columns of the classes"))
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.BALANCE, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.classes.modelReset.connect(self.selected)

    @property
    def chosen(self) -> list[ClassRow]:
        """The selected classes, as they are shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.classes.rows[row] for row in rows]

    def show_rows(self, rows: Sequence[ClassRow]) -> None:
        """Show classes."""
        self.classes.show_rows(rows)
        for column, split in SPLIT_COLUMNS.items():
            self.setColumnHidden(column, not any(split in row.counts for row in rows if not row.is_left_out))
        self._fit_columns()

    def rename_chosen(self) -> None:
        """Let the name of the selected class be typed."""
        indexes = self.selectionModel().selectedRows(Column.NAME)
        if indexes:
            self.edit(indexes[0])

    def _on_selection(self) -> None:
        self.selected.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        width = self.viewport().width()
        name = min(max(_NARROWEST, width // 4), _WIDEST)
        splits = [column for column in SPLIT_COLUMNS if not self.isColumnHidden(column)]
        room = width - name - sum(_WIDTHS[column] for column in splits) - _WIDTHS[Column.TOTAL]
        self.setColumnHidden(Column.TOTAL, len(splits) < 2 or room < _SHORTEST)
        self.horizontalHeader().resizeSection(Column.NAME, name)
