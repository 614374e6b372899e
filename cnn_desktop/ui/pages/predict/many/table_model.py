"""The answers of a batch as a table model: what is shown is a list of places in a `Catalogue`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.pages.predict.many.catalogue import Catalogue, Column

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.predict.batch import Answer

    Places = range | np.ndarray

PLACE_ROLE = Qt.ItemDataRole.UserRole
"""The answer's place in the catalogue."""
ANSWER_ROLE = PLACE_ROLE + 1
Index = QModelIndex | QPersistentModelIndex

COLUMNS = (Column.FILE, Column.CLASS, Column.PROBABILITY, Column.SECOND, Column.STATE)
_TITLES = {
    Column.FILE: _("Picture"),
    Column.CLASS: _("Best class"),
    Column.PROBABILITY: _("Probability"),
    Column.SECOND: _("Second"),
    Column.STATE: _("State"),
}


class AnswersModel(QAbstractTableModel):
    """A row an answer; sorting is asked of whoever listens, who hands in the places in their new order."""

    sort_asked = Signal(int, bool)
    """A column, and whether the largest come first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalogue = Catalogue()
        self.threshold = 0.0
        self._places: Places = range(0)

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Show the answers of another batch; none at first."""
        self.beginResetModel()
        self.catalogue = catalogue
        self._places = range(0)
        self.endResetModel()

    def show_places(self, places: Places) -> None:
        """Show these answers, in that order."""
        self.beginResetModel()
        self._places = places
        self.endResetModel()

    def extend(self, count: int) -> None:
        """Show the first `count` answers as they came, of which the first rows are shown already."""
        before = len(self._places)
        if count > before:
            self.beginInsertRows(QModelIndex(), before, count - 1)
            self._places = range(count)
            self.endInsertRows()

    def show_threshold(self, threshold: float) -> None:
        """Call answers unsure that are less probable than this, 0…1."""
        self.threshold = threshold
        if len(self._places):
            last = self.index(len(self._places) - 1, COLUMNS[-1])
            self.dataChanged.emit(self.index(0, 0), last)

    def place(self, row: int) -> int:
        """Which answer of the catalogue is shown in `row`."""
        return int(self._places[row])

    @property
    def is_as_it_comes(self) -> bool:
        """Whether the first answers are shown, all of them, in their order."""
        return isinstance(self._places, range)

    def row_of(self, place: int) -> int:
        """Where the answer at `place` of the catalogue is shown, or -1."""
        import numpy as np

        if isinstance(self._places, range):
            return place if place in self._places else -1
        rows = np.flatnonzero(np.asarray(self._places) == place)
        return int(rows[0]) if len(rows) else -1

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sort_asked.emit(column, order == Qt.SortOrder.DescendingOrder)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._places)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[Column(section)]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = self.place(index.row())
        if role == PLACE_ROLE:
            return place
        answer = self.catalogue.answers[place]
        if role == ANSWER_ROLE:
            return answer
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _TEXTS[Column(index.column())](answer, self.threshold)
        return _tip(answer, Column(index.column())) if role == Qt.ItemDataRole.ToolTipRole else None


def state_text(answer: Answer, threshold: float) -> str:
    """“unsure”, “unreadable”, or nothing."""
    if answer.top is None:
        return _("unreadable")
    return _("unsure") if answer.is_unsure(threshold) else ""


def refusal_text(answer: Answer) -> str:
    """Why a file can't be read, without its name where the sentence begins with that."""
    return (answer.error or "").removeprefix(shown(answer.image)).strip()


def _class_text(answer: Answer, _threshold: float) -> str:
    return answer.top[0].label if answer.top else answer.error or ""


def _probability_text(answer: Answer, _threshold: float) -> str:
    return percent_text(answer.top[0].probability) if answer.top else ""


def _second_text(answer: Answer, _threshold: float) -> str:
    if not answer.top or len(answer.top) < 2:
        return ""
    second = answer.top[1]
    return _("{label} {share}").format(label=second.label, share=percent_text(second.probability))


def _tip(answer: Answer, column: Column) -> str:
    if answer.top is None:
        return answer.error or ""
    if column == Column.FILE:
        return shown(answer.image)
    return "\n".join(f"{percent_text(guess.probability)}  {guess.label}" for guess in answer.top[:5])


_TEXTS: dict[Column, Callable[[Answer, float], str]] = {
    Column.FILE: lambda answer, _threshold: shown(answer.image),
    Column.CLASS: _class_text,
    Column.PROBABILITY: _probability_text,
    Column.SECOND: _second_text,
    Column.STATE: state_text,
}
