"""The last pictures and what a model said to them, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.pages.pictures import GivenPicture

_Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole
KEPT = 40
"""Entries; pasted pictures stay in memory as long as theirs does."""


@dataclass(frozen=True)
class HistoryEntry:
    """A picture, how it was asked about, and the answer."""

    given: GivenPicture
    is_inverted: bool
    thumbnail: QImage
    model: str
    classes: tuple[tuple[str, float], ...]
    """Names and probabilities, best first."""

    @property
    def address(self) -> str:
        """Where the picture is, or what it is called."""
        return shown(self.given.path) if self.given.path else self.given.name

    def verdict(self, unsure_below: float) -> str:
        """“tabby 61 %”, “unsure 24 %”."""
        label, share = self.classes[0]
        name = _("unsure") if self.is_unsure(unsure_below) else label
        return _("{name}  {share}").format(name=name, share=percent_text(share, 0))

    def is_unsure(self, unsure_below: float) -> bool:
        """Whether the best class is less probable than that."""
        return self.classes[0][1] < unsure_below

    def is_of(self, given: GivenPicture, *, is_inverted: bool) -> bool:
        """Whether it is about that picture, or one from the same file."""
        is_same = self.given is given or (given.path is not None and self.given.path == given.path)
        return is_same and self.is_inverted == is_inverted


class HistoryEntries(QAbstractListModel):
    """The entries as a list model; the entry itself under `ENTRY_ROLE`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[HistoryEntry] = []
        self.unsure_below = 0.0

    @property
    def entries(self) -> tuple[HistoryEntry, ...]:
        """Newest first."""
        return tuple(self._entries)

    def remember(self, entry: HistoryEntry) -> int:
        """Put an entry first, or in the place of the one that was brought back; return its place.

        One about the same file, given anew, makes room.
        """
        for place, known in enumerate(self._entries):
            if known.is_of(entry.given, is_inverted=entry.is_inverted):
                if known.given is entry.given:
                    self._entries[place] = entry
                    self.dataChanged.emit(self.index(place), self.index(place))
                    return place
                self._remove(place, place)
                break
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._entries.insert(0, entry)
        self.endInsertRows()
        if len(self._entries) > KEPT:
            self._remove(KEPT, len(self._entries) - 1)
        return 0

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, last)
        del self._entries[first : last + 1]
        self.endRemoveRows()

    def clear(self) -> None:
        """Forget all."""
        self.beginResetModel()
        self._entries = []
        self.endResetModel()

    def show_threshold(self, unsure_below: float) -> None:
        """Call answers unsure that are less probable than this, 0…1."""
        self.unsure_below = unsure_below
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.verdict(self.unsure_below)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.given.name}: {entry.verdict(self.unsure_below)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([entry.address, entry.model, *_best(entry.classes)])
        return None


def _best(classes: Iterable[tuple[str, float]]) -> list[str]:
    return [f"{percent_text(share)}  {name}" for name, share in classes][:3]
