"""The table of classes: sorted by a click on a column, a bar in every share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QModelIndex, QPersistentModelIndex, QRectF, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.evaluate.overview.model import ROW_ROLE, SHARES, SORT_ROLE, ClassesModel, Column, share_of
from cnn_desktop.ui.pages.evaluate.overview.rows import ClassRow
from cnn_desktop.ui.theme import S4, S8, colors

_ROW_HEIGHT = 32
_NAME, _PICTURES, _SHARE = 0.24, 84, 0.15
"""Parts of the width, and pixels."""
_BAR = 5


class ClassFiguresTable(QTableView):
    """A double click or Enter asks for the confusions of a class."""

    class_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluationClasses")
        self.setAccessibleName(_("Figures of the classes"))
        self.classes = ClassesModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.classes)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorted)
        bars = _ShareDelegate(self)
        for column in SHARES:
            self.setItemDelegateForColumn(column, bars)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        header.setStretchLastSection(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(self._ask_for)

    def show_rows(self, rows: Sequence[ClassRow]) -> None:
        """Show these classes; sorting and filter stay."""
        self.classes.show_rows(rows)

    def show_only(self, text: str) -> None:
        """Show only the classes with that text in their names."""
        self._sorted.setFilterFixedString(text)

    def _ask_for(self, index: QModelIndex | QPersistentModelIndex) -> None:
        row: ClassRow = index.data(ROW_ROLE)
        self.class_asked.emit(row.place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._ask_for(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, header = self.viewport().width(), self.horizontalHeader()
        header.resizeSection(Column.NAME, round(_NAME * width))
        header.resizeSection(Column.PICTURES, _PICTURES)
        for column in SHARES:
            header.resizeSection(column, round(_SHARE * width))


class _ShareDelegate(QStyledItemDelegate):
    """A share as a bar with its text at the right; that of the recall has its interval as a line."""

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        row, column = index.data(ROW_ROLE), Column(index.column())
        if not row.figures.support:
            return
        cell = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        text = option.fontMetrics.horizontalAdvance("100.0 %")  # pyright: ignore[reportAttributeAccessIssue]
        track = QRectF(cell.left() + S8, cell.center().y() - _BAR / 2, cell.width() - text - 4 * S8, _BAR)
        if track.width() < 3 * _BAR:
            return
        now = colors()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.track))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        filled = QRectF(track)
        filled.setWidth(max(float(_BAR), track.width() * share_of(row, column)))
        painter.setBrush(QColor(now.accent))
        painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
        if column == Column.RECALL:
            self._paint_interval(painter, track, row)
        painter.restore()

    def _paint_interval(self, painter: QPainter, track: QRectF, row: ClassRow) -> None:
        low, high = (track.left() + track.width() * end for end in row.figures.recall_interval)
        y = track.center().y()
        painter.setPen(QPen(QColor(colors().text), 1))
        painter.drawLine(QLineF(low, y, high, y))
        for end in (low, high):
            painter.drawLine(QLineF(end, y - S4, end, y + S4))
