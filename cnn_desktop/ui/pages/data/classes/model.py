"""The classes as a table model; a class gets another name by editing its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.data.classes.rows import ClassRow
from cnn_desktop.ui.theme import colors

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import SplitName

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The `ClassRow` behind a cell."""
LARGEST_ROLE = Qt.ItemDataRole.UserRole + 1
"""How many pictures the largest class has, which fills the room for its bar."""
Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns, from the left."""

    NAME, BALANCE, TRAIN, VALIDATION, TEST, TOTAL = range(6)


SPLIT_COLUMNS: Mapping[Column, SplitName] = {
    Column.TRAIN: "train",
    Column.VALIDATION: "validation",
    Column.TEST: "test",
}
_TITLES = {
    Column.NAME: _("Class"),
    Column.BALANCE: _("Balance"),
    Column.TRAIN: _("Training"),
    Column.VALIDATION: _("Validation"),
    Column.TEST: _("Test"),
    Column.TOTAL: _("Pictures"),
}


class ClassesModel(QAbstractTableModel):
    """Rows in the dataset's order, or sorted by a column; classes that are left out come last."""

    rename_asked = Signal(str, str)
    """A class shall have another name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[ClassRow] = ()
        self._rows: list[ClassRow] = []
        self._column, self._is_descending = -1, False

    @property
    def rows(self) -> Sequence[ClassRow]:
        """The rows as they are shown."""
        return self._rows

    def show_rows(self, rows: Sequence[ClassRow]) -> None:
        """Show these; where there are as many as before, what is selected stays."""
        self._all = rows
        self._arrange()

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._is_descending = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        is_editable = index.column() == Column.NAME and not self._rows[index.row()].is_left_out
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(row, column)
            case Qt.ItemDataRole.EditRole:
                return row.name
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(part for part in (row.name, row.origin) if part) if column == Column.NAME else None
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(colors().muted) if row.is_left_out else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _LEFT if column in (Column.NAME, Column.BALANCE) else _RIGHT
            case _:
                own = {ROW_ROLE: row, LARGEST_ROLE: max((each.total for each in self._rows), default=0)}
                return own.get(role)

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, name = self._rows[index.row()], str(value).strip()
        if role != Qt.ItemDataRole.EditRole or name in ("", row.name):
            return False
        self.rename_asked.emit(row.name, name)
        return False  # the table changes once the name is kept

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section in (Column.NAME, Column.BALANCE) else _RIGHT
        return _TITLES[Column(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def _arrange(self) -> None:
        rows = list(self._all)
        if self._column >= 0:
            rows.sort(key=self._key, reverse=self._is_descending)
        rows.sort(key=lambda row: row.is_left_out)
        if [row.name for row in rows] == [row.name for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _key(self, row: ClassRow) -> Any:
        column = Column(self._column)
        if column == Column.NAME:
            return row.name.casefold()
        return row.counts.get(SPLIT_COLUMNS[column], 0) if column in SPLIT_COLUMNS else row.total


def _text(row: ClassRow, column: Column) -> str:
    if column == Column.NAME:
        return row.name
    if row.is_left_out:
        return _("left out") if column == Column.BALANCE else "–" if column in SPLIT_COLUMNS else f"{row.total:,}"
    if column == Column.BALANCE:
        return ""
    count = row.counts.get(SPLIT_COLUMNS[column], 0) if column in SPLIT_COLUMNS else row.total
    return f"{count:,}"
