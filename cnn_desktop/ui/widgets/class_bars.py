"""The best classes with their probabilities, each with a bar."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S4, colors

_Index = QModelIndex | QPersistentModelIndex
_BAR = 6
_INSET = 6
"""Between a row's edge and what is in it, so that the mark of a chosen row stands around it."""
_TALLEST, _LOWEST = 52, 26


class ClassTable(QAbstractTableModel):
    """A row a class: its name, its probability ("61.2 %"; the number itself as user data)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, float], ...] = ()

    def show(self, rows: Sequence[tuple[str, float]]) -> None:
        """Replace the classes: name and probability 0…1, best first."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def probability(self, row: int) -> float:
        """The probability of the class in `row`, 0…1."""
        return self._rows[row][1]

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, probability = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name if index.column() == 0 else percent_text(probability)
        if role == Qt.ItemDataRole.UserRole:
            return name if index.column() == 0 else probability
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{name}: {percent_text(probability, 4)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Class"), _("Probability"))[section]
        return None


class _BarDelegate(QStyledItemDelegate):
    """Draws one bar under the whole row; each cell paints the part of it that lies in it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        view = self.parent()
        assert isinstance(view, ClassBars)
        cell = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        row = QRectF(0, cell.top(), view.viewport().width(), cell.height())
        best = index.row() == 0 and not view.is_unsure
        painter.save()
        painter.setClipRect(cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:  # pyright: ignore[reportAttributeAccessIssue]
            painter.setPen(QColor(colors().accent) if view.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors().accent_soft))
            painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._paint_text(painter, cell.intersected(row), index, best=best)
        bar = QRectF(row.left() + _INSET, row.bottom() - _BAR - S4, row.width() - 2 * _INSET, _BAR)
        self._paint_bar(painter, bar, view.table.probability(index.row()), best=best)
        if index.row() == 0 and 0 < view.unsure_below < 1:
            self._paint_threshold(painter, bar, view.unsure_below)
        painter.restore()

    def _paint_text(self, painter: QPainter, area: QRectF, index: _Index, *, best: bool) -> None:
        font = painter.font()
        font.setBold(best)
        painter.setFont(font)
        painter.setPen(QColor(colors().text))
        text = str(index.data())
        side = Qt.AlignmentFlag.AlignLeft if index.column() == 0 else Qt.AlignmentFlag.AlignRight
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        left, right = (_INSET, 0) if index.column() == 0 else (0, -_INSET)
        painter.drawText(area.adjusted(left, 0, right, -_BAR - S4), side | Qt.AlignmentFlag.AlignVCenter, elided)

    def _paint_bar(self, painter: QPainter, track: QRectF, probability: float, *, best: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors().track))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        painter.setBrush(QColor(colors().accent if best else colors().muted))
        filled = QRectF(track.topLeft(), QSizeF(max(_BAR, track.width() * probability), track.height()))
        painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)

    def _paint_threshold(self, painter: QPainter, track: QRectF, threshold: float) -> None:
        place = round(track.left() + track.width() * threshold) + 0.5
        painter.setPen(QPen(QColor(colors().warning), 2))
        painter.drawLine(QPointF(place, track.top() - 2), QPointF(place, track.bottom() + 2))

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, _LOWEST)


class ClassBars(QTableView):
    """The table of the best classes; rows grow with the room there is."""

    chosen = Signal(int)
    """A person chose the class in that row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_marking = False
        self.table = ClassTable(self)
        self.unsure_below = 0.0
        """Where the best class is less probable, no class stands out; 0…1."""
        self.setModel(self.table)
        self.setItemDelegate(_BarDelegate(self))
        self.setAccessibleName(_("Best classes"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(_LOWEST)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.table.modelReset.connect(self._fit_rows)

    @property
    def is_unsure(self) -> bool:
        """Whether even the best class is less probable than it should be."""
        return self.table.rowCount() > 0 and self.table.probability(0) < self.unsure_below

    @property
    def current(self) -> int:
        """The row that is marked, or -1."""
        return self.currentIndex().row()

    def show_classes(self, rows: Sequence[tuple[str, float]]) -> None:
        """Show classes and probabilities, best first; none empties the table. No row is marked."""
        self.table.show(rows)

    def set_unsure_below(self, threshold: float) -> None:
        """From which probability on the best class stands out, 0…1."""
        self.unsure_below = threshold
        self.viewport().update()

    def mark(self, row: int) -> None:
        """Mark a row, or with -1 none; nobody is told."""
        self._is_marking = True
        self.setCurrentIndex(self.table.index(row, 0) if row >= 0 else QModelIndex())
        if row < 0:
            self.clearSelection()
        self._is_marking = False

    @override
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if selected.indexes() and not self._is_marking:
            self.chosen.emit(selected.indexes()[0].row())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rows()

    def _fit_rows(self) -> None:
        self.setColumnWidth(1, self.fontMetrics().horizontalAdvance("100.0 %") * 3 // 2)
        rows = max(1, self.table.rowCount())
        height = min(_TALLEST, max(_LOWEST, self.viewport().height() // rows))
        self.verticalHeader().setDefaultSectionSize(height)
