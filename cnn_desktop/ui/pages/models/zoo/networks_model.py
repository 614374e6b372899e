"""The list of pretrained networks as a table model: searched and sorted in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text, percent_text
from cnn_desktop.ui.pages.models.zoo.work import ZooRow

ROW_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, from the left."""

    NETWORK, ACCURACY, PARAMETERS, OPERATIONS, SIZE, HERE = range(6)


_TITLES = {
    Column.NETWORK: _("Network"),
    Column.ACCURACY: _("Accuracy"),
    Column.PARAMETERS: _("Parameters"),
    Column.OPERATIONS: _("Operations"),
    Column.SIZE: _("File"),
    Column.HERE: _("Here"),
}
_LEADING = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_TRAILING = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
NUMBERS = (Column.ACCURACY, Column.PARAMETERS, Column.OPERATIONS, Column.SIZE)
"""Columns of figures, which line up at the right."""


class NetworksModel(QAbstractTableModel):
    """Networks that hold the words searched for, in the order asked for; a `ZooRow` under `ROW_ROLE`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[ZooRow] = []
        self._shown: list[ZooRow] = []
        self._words: tuple[str, ...] = ()
        self._column = Column.HERE
        self._is_descending = True

    @property
    def all_rows(self) -> Sequence[ZooRow]:
        """Every network, found by the search or not."""
        return self._all

    @property
    def shown_rows(self) -> Sequence[ZooRow]:
        """The rows of the table."""
        return self._shown

    def show_rows(self, rows: Sequence[ZooRow]) -> None:
        """Take in all networks."""
        self._all = list(rows)
        self._arrange()

    def search(self, text: str) -> None:
        """Show only networks that hold every word of `text` somewhere."""
        self._words = tuple(text.casefold().split())
        self._arrange()

    def row_of(self, ref: str) -> int | None:
        """Where a network is shown."""
        return next((number for number, row in enumerate(self._shown) if row.entry.ref == ref), None)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._is_descending = Column(column), order == Qt.SortOrder.DescendingOrder
        self._arrange()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(Column)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[Column(section)]
        return int(_TRAILING if section in NUMBERS else _LEADING) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._shown[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _TEXTS[Column(index.column())](row)
        return f"{row.entry.ref}\n{row.entry.summary}" if role == Qt.ItemDataRole.ToolTipRole else None

    def _arrange(self) -> None:
        found = [row for row in self._all if all(word in row.searched for word in self._words)]
        # Of those that are alike, the more accurate come first.
        found.sort(key=lambda row: row.entry.top1, reverse=True)
        found.sort(key=_KEYS[self._column], reverse=self._is_descending)
        self.beginResetModel()
        self._shown = found
        self.endResetModel()


_TEXTS: dict[Column, Callable[[ZooRow], str]] = {
    Column.NETWORK: lambda row: row.entry.title,
    Column.ACCURACY: lambda row: percent_text(row.entry.top1),
    Column.PARAMETERS: lambda row: _("{count:.1f} M").format(count=row.entry.parameters / 1e6),
    Column.OPERATIONS: lambda row: _("{count:.1f} G").format(count=row.entry.operations),
    Column.SIZE: lambda row: bytes_text(row.entry.bytes),
    Column.HERE: lambda row: _("on this machine") if row.is_present else _("to download"),
}

_KEYS: dict[Column, Callable[[ZooRow], Any]] = {
    Column.NETWORK: lambda row: row.entry.title.casefold(),
    Column.ACCURACY: lambda row: row.entry.top1,
    Column.PARAMETERS: lambda row: row.entry.parameters,
    Column.OPERATIONS: lambda row: row.entry.operations,
    Column.SIZE: lambda row: row.entry.bytes,
    Column.HERE: lambda row: row.is_present,
}
