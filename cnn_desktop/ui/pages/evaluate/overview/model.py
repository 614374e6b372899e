"""The classes as a table model."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.pages.evaluate.overview.rows import ClassRow

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
"""The `ClassRow` behind a cell."""
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns, from the left."""

    NAME, PICTURES, RECALL, PRECISION, F1, TAKEN_FOR = range(6)


SHARES = (Column.RECALL, Column.PRECISION, Column.F1)
_TITLES = {
    Column.NAME: _("Class"),
    Column.PICTURES: _("Pictures"),
    Column.RECALL: _("Recall"),
    Column.PRECISION: _("Precision"),
    Column.F1: "F1",
    Column.TAKEN_FOR: _("Most often taken for"),
}
_TIPS = {
    Column.RECALL: _("The part of the pictures of this class that is recognised; the line shows its 95 % interval."),
    Column.PRECISION: _("The part of the answers with this class that is right."),
    Column.F1: _("The harmonic mean of precision and recall."),
}


class ClassesModel(QAbstractTableModel):
    """A row a class; a proxy sorts by `SORT_ROLE`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[ClassRow] = ()

    def show_rows(self, rows: Sequence[ClassRow]) -> None:
        """Show these; where they are of the same classes, what is selected stays."""
        is_same = [row.figures.label for row in rows] == [row.figures.label for row in self.rows]
        if not is_same:
            self.beginResetModel()
        self.rows = rows
        if not is_same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return _key(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column in (Column.NAME, Column.TAKEN_FOR) else _RIGHT
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column in (Column.NAME, Column.TAKEN_FOR) else _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(column)
        return _TITLES[column] if role == Qt.ItemDataRole.DisplayRole else None


def share_of(row: ClassRow, column: Column) -> float:
    """A figure that is a share of 1."""
    figures = row.figures
    return {Column.RECALL: figures.recall, Column.PRECISION: figures.precision, Column.F1: figures.f1}[column]


def _text(row: ClassRow, column: Column) -> str:
    match column:
        case Column.NAME:
            return row.figures.label
        case Column.PICTURES:
            return f"{row.figures.support:,}"
        case Column.TAKEN_FOR:
            return row.taken_text
        case _:
            return percent_text(share_of(row, column)) if row.figures.support else "–"


def _key(row: ClassRow, column: Column) -> Any:
    match column:
        case Column.NAME:
            return row.figures.label.casefold()
        case Column.PICTURES:
            return row.figures.support
        case Column.TAKEN_FOR:
            return row.taken_share
        case _:
            return share_of(row, column)


def _tip(row: ClassRow, column: Column) -> str:
    figures = row.figures
    if column == Column.RECALL:
        text = _("{share} of {count:,} pictures are recognised; 95 %: {interval}")
        return text.format(share=percent_text(figures.recall), count=figures.support, interval=figures.recall_interval)
    return figures.label if column == Column.NAME else ""
