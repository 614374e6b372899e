"""The list of runs as a table model: searched and sorted in one pass, since a proxy would ask Python for every pair."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.runs.rows import RunRow
from cnn_desktop.ui.pages.runs.run_texts import accuracy_text, device_text, time_text, when_text

ROW_ROLE = Qt.ItemDataRole.UserRole
PLACE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Which line of the comparison a run is, counted from 0; None where it isn't compared."""
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, from the left."""

    CURVE, RUN, STATE, BEST, TIME, DEVICE, WHEN = range(7)


_TITLES = {
    Column.CURVE: _("Loss"),
    Column.RUN: _("Run"),
    Column.STATE: _("State"),
    Column.BEST: _("Accuracy"),
    Column.TIME: _("Time"),
    Column.DEVICE: _("Device"),
    Column.WHEN: _("Started"),
}
_LEADING = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_TRAILING = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
NUMBERS = (Column.BEST, Column.TIME)
"""Columns of figures, which line up at the right."""


class RunsModel(QAbstractTableModel):
    """Rows that hold the words searched for, in the order asked for; a `RunRow` under `ROW_ROLE`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[RunRow] = []
        self._shown: list[RunRow] = []
        self._places: dict[Path, int] = {}
        self._words: tuple[str, ...] = ()
        self._column = Column.WHEN
        self._is_descending = True

    @property
    def all_rows(self) -> Sequence[RunRow]:
        """Every run, found by the search or not."""
        return self._all

    @property
    def shown_rows(self) -> Sequence[RunRow]:
        """The rows of the table."""
        return self._shown

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Take in all runs; where the same ones are shown as before, only their cells change."""
        self._all = list(rows)
        self._arrange()

    def replace_rows(self, rows: Sequence[RunRow]) -> None:
        """Take in newer facts of some runs."""
        newer = {row.path: row for row in rows}
        self.show_rows([newer.get(row.path, row) for row in self._all])

    def search(self, text: str) -> None:
        """Show only runs that hold every word of `text` somewhere."""
        self._words = tuple(text.casefold().split())
        self._arrange()

    def show_compared(self, paths: Sequence[Path]) -> None:
        """Mark these runs as the lines of a comparison, in their order; fewer than two are none."""
        self._places = {path: place for place, path in enumerate(paths)} if len(paths) > 1 else {}
        if self._shown:
            self.dataChanged.emit(self.index(0, Column.CURVE), self.index(len(self._shown) - 1, Column.CURVE))

    def row_of(self, path: Path) -> int | None:
        """Where a run is shown."""
        return next((number for number, row in enumerate(self._shown) if row.path == path), None)

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
        if role == PLACE_ROLE:
            return self._places.get(row.path)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _TEXTS[Column(index.column())](row)
        return _tip(row, Column(index.column())) if role == Qt.ItemDataRole.ToolTipRole else None

    def _arrange(self) -> None:
        found = [row for row in self._all if all(word in row.searched for word in self._words)]
        key = _KEYS[self._column]
        known = [row for row in found if key(row) is not None]
        known.sort(key=key, reverse=self._is_descending)
        found = known + [row for row in found if key(row) is None]  # what has no figure comes last either way
        if [row.path for row in found] == [row.path for row in self._shown]:
            self._shown = found
            if found:
                self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._shown = found
        self.endResetModel()


def _curve_text(row: RunRow) -> str:
    curve = row.run.curve
    if not curve:
        return _("no loss yet")
    return _("loss from {first:.3f} to {last:.3f}").format(first=curve[0][1], last=curve[-1][1])


def _state_text(row: RunRow) -> str:
    return _("{state}, can go on").format(state=row.run.state_title) if row.run.can_go_on else row.run.state_title


def _tip(row: RunRow, column: Column) -> str:
    if column == Column.RUN:
        return "\n".join(part for part in (str(row.path), row.notes.text) if part)
    if column == Column.STATE:
        return row.run.message or _state_text(row)
    return f"{row.run.started:%Y-%m-%d %H:%M}" if column == Column.WHEN else _TEXTS[column](row)


_TEXTS: dict[Column, Callable[[RunRow], str]] = {
    Column.CURVE: _curve_text,
    Column.RUN: lambda row: ", ".join((row.title, row.run.title, *row.notes.tags)),
    Column.STATE: _state_text,
    Column.BEST: lambda row: accuracy_text(row.accuracy),
    Column.TIME: lambda row: time_text(row.run),
    Column.DEVICE: lambda row: device_text(row.run),
    Column.WHEN: lambda row: when_text(row.run.started, datetime.now()),
}

_KEYS: dict[Column, Callable[[RunRow], Any]] = {
    Column.CURVE: lambda row: row.run.curve[-1][1] if row.run.curve else None,
    Column.RUN: lambda row: (row.title.casefold(), row.run.title),
    Column.STATE: _state_text,
    Column.BEST: lambda row: row.accuracy,
    Column.TIME: lambda row: row.run.seconds or None,
    Column.DEVICE: lambda row: device_text(row.run) if row.run.device else None,
    Column.WHEN: lambda row: row.run.started,
}
