"""The most confused pairs of classes, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.confusion import ConfusedPair

Index = QModelIndex | QPersistentModelIndex
MOST = 1000
"""So many pairs are listed."""
_ROW_HEIGHT = 28
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PairsModel(QAbstractTableModel):
    """A row a pair: what is taken for what, how often, and which part of the class that is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: Sequence[ConfusedPair] = ()
        self._classes: Sequence[str] = ()

    def show_pairs(self, pairs: Sequence[ConfusedPair], classes: Sequence[str]) -> None:
        """Show these, in that order."""
        self.beginResetModel()
        self.pairs, self._classes = pairs, classes
        self.endResetModel()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.pairs)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 3

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        pair = self.pairs[index.row()]
        names = _("{actual} → {answer}").format(actual=self._classes[pair.label], answer=self._classes[pair.answer])
        if role == Qt.ItemDataRole.DisplayRole:
            return (names, f"{pair.count:,}", percent_text(pair.share))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            text = _("{names}: {count:,} pictures, {share} of “{actual}”")
            share, actual = percent_text(pair.share), self._classes[pair.label]
            return text.format(names=names, count=pair.count, share=share, actual=actual)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return _RIGHT
        return None


class PairsList(QTableView):
    """A click on a pair, or going to it by the arrow keys, chooses it."""

    pair_chosen = Signal(int, int)
    """The actual class and the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusedPairs")
        self.setAccessibleName(_("Most confused pairs"))
        self.pairs = PairsModel(self)
        self.setModel(self.pairs)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.selectionModel().currentRowChanged.connect(lambda current, _before: self._tell(current))
        self.clicked.connect(self._tell)

    def mark(self, label: int, answer: int) -> None:
        """Select the pair where it is listed, telling nobody; else none."""
        row = next((at for at, pair in enumerate(self.pairs.pairs) if (pair.label, pair.answer) == (label, answer)), -1)
        self.selectionModel().blockSignals(True)
        self.setCurrentIndex(self.pairs.index(row, 0) if row >= 0 else QModelIndex())
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        digit = self.fontMetrics().horizontalAdvance("0")
        self.horizontalHeader().resizeSection(1, 8 * digit)
        self.horizontalHeader().resizeSection(2, 9 * digit)

    def _tell(self, index: Index) -> None:
        if index.isValid():
            pair = self.pairs.pairs[index.row()]
            self.pair_chosen.emit(pair.label, pair.answer)
