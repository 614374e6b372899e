"""The table of pretrained networks: two lines of text a row, a tick for what is on this machine."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QResizeEvent
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
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.pages.models.zoo.networks_model import NUMBERS, ROW_ROLE, Column, NetworksModel
from cnn_desktop.ui.pages.models.zoo.work import ZooRow
from cnn_desktop.ui.theme import S4, S8, colors

_ROW_HEIGHT = 48
_TICK = 16
_WIDTHS = {Column.ACCURACY: 80, Column.PARAMETERS: 92, Column.OPERATIONS: 92, Column.SIZE: 76, Column.HERE: 56}
_NAME_WIDTH = 180
_FIRST_TO_GO = (Column.OPERATIONS, Column.PARAMETERS)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class NetworksTable(QTableView):
    """Shows a `NetworksModel`; one row is chosen, and stays so through searching and sorting."""

    chosen = Signal(object)
    """The chosen `ZooRow`, None where there is none."""

    def __init__(self, model: NetworksModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("zooTable")
        self.setAccessibleName(_("Pretrained networks"))
        self._networks = model
        self._ref = ""
        self._is_restoring = False
        self.setModel(model)
        self.setItemDelegate(_NetworkDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self._prepare_headers()
        model.modelAboutToBeReset.connect(self._hold)
        model.modelReset.connect(self._restore)
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self._tell())

    @property
    def row(self) -> ZooRow | None:
        """What is chosen."""
        index = self.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def choose(self, ref: str) -> None:
        """Choose a network, now or when it is listed."""
        self._ref = ref
        self._restore()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - _NAME_WIDTH - sum(_WIDTHS.values())
        for column in _FIRST_TO_GO:
            self.setColumnHidden(column, room < 0)
            room += _WIDTHS[column] if room < 0 else 0

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()  # the row under the mouse was lit
        return super().viewportEvent(event)

    def _prepare_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName(_("Columns of the list of networks"))
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.NETWORK, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.HERE, Qt.SortOrder.DescendingOrder)

    def _hold(self) -> None:
        self._is_restoring = True

    def _restore(self) -> None:
        """Choose again what was chosen before the rows were arranged anew, or the first."""
        self._is_restoring = True
        row = self._networks.row_of(self._ref)
        if row is None:
            row = 0 if self._networks.shown_rows else -1
        self.setCurrentIndex(self._networks.index(row, 0))
        self.scrollTo(self.currentIndex())
        self._is_restoring = False
        self.chosen.emit(self.row)

    def _tell(self) -> None:
        if self._is_restoring:
            return
        row = self.row
        if row is not None:
            self._ref = row.entry.ref
        self.chosen.emit(row)


class _NetworkDelegate(QStyledItemDelegate):
    """Draws every cell itself, from the `ZooRow` behind it."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, _ROW_HEIGHT)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        now, row, column = colors(), index.data(ROW_ROLE), Column(index.column())
        cell = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, QColor(now.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(cell, QColor(now.hover))
        painter.setPen(QPen(QColor(now.grid), 1))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        area = cell.adjusted(S8, 0, -S8, 0)
        if column == Column.NETWORK:
            _draw_name(painter, area, row, font)
        elif column == Column.HERE:
            if row.is_present:
                tick = QRectF(area.left(), area.center().y() - _TICK / 2, _TICK, _TICK)
                draw_icon(painter, "check", tick, now.ok)
        else:
            _draw_text(painter, area, str(index.data()), font, now.text, _RIGHT if column in NUMBERS else _LEFT)
        painter.restore()


def _draw_name(painter: QPainter, area: QRectF, row: ZooRow, font: QFont) -> None:
    strong, small = QFont(font), QFont(font)
    strong.setBold(True)
    small.setPixelSize(font.pixelSize() - 1)
    upper = QRectF(area.left(), area.top() + S4, area.width(), (area.height() - S8) / 2)
    _draw_text(painter, upper, row.entry.title, strong, colors().text)
    _draw_text(painter, upper.translated(0, upper.height()), row.line, small, colors().muted)


def _draw_text(
    painter: QPainter, area: QRectF, text: str, font: QFont, color: str, flags: Qt.AlignmentFlag = _LEFT
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(area, flags, QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width()))
