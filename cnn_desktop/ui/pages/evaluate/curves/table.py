"""The list of curves with the areas under them; what is selected is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.evaluate.curves.work import NamedCurves
from cnn_desktop.ui.theme import S8

Index = QModelIndex | QPersistentModelIndex
_NAME_ROLE = Qt.ItemDataRole.UserRole
_SORT_ROLE = Qt.ItemDataRole.UserRole + 1
_TITLES = (_("Curve"), "AUC", _("AP"))
_TIPS = (
    "",
    _("The area under the ROC curve: 1 is best, 0.5 is chance"),
    _("Average precision: the area under the precision-recall curve"),
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MICRO = _("Every pair of a picture and a class counts alike: frequent classes weigh more")
_MACRO = _("Every class counts alike")


class CurvesModel(QAbstractTableModel):
    """A row a curve; those that are drawn have a square of their colour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[NamedCurves] = ()
        self._colors: Mapping[str, str] = {}

    def show_rows(self, rows: Sequence[NamedCurves]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def show_colors(self, colors: Mapping[str, str]) -> None:
        """Mark the drawn curves by their colours."""
        self._colors = colors
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 3

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        areas = (row.curves.roc.area, row.curves.precision_recall.area)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{areas[column - 1]:.3f}" if column else row.title
            case Qt.ItemDataRole.DecorationRole if column == 0:
                return _square(self._colors.get(row.name, "transparent"))
            case Qt.ItemDataRole.ToolTipRole if column == 0:
                return {"micro": _MICRO, "macro": _MACRO}.get(row.name, row.title)
            case Qt.ItemDataRole.TextAlignmentRole if column:
                return _RIGHT
            case _:
                own = {_NAME_ROLE: row.name, _SORT_ROLE: areas[column - 1] if column else row.title.casefold()}
                return own.get(role)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return {Qt.ItemDataRole.DisplayRole: _TITLES, Qt.ItemDataRole.ToolTipRole: _TIPS}.get(
            Qt.ItemDataRole(role), (None,) * 3
        )[section]


def _square(color: str) -> QIcon:
    """The colour in which a curve is drawn, also where its row is selected."""
    square = QPixmap(10, 10)
    square.fill(QColor(color))
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        icon.addPixmap(square, mode)
    return icon


class CurvesTable(QTableView):
    """Sorted by a click on a column; several rows can be selected."""

    selected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curvesTable")
        self.setAccessibleName(_("Curves"))
        self.curves = CurvesModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.curves)
        self._sorted.setSortRole(_SORT_ROLE)
        self.setModel(self._sorted)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().selectionChanged.connect(lambda _on, _off: self.selected.emit())

    def show_rows(self, rows: Sequence[NamedCurves]) -> None:
        """Show these curves; the ones that were selected are again."""
        chosen = self.chosen or ["micro", "macro"]
        self.curves.show_rows(rows)
        flags = QItemSelectionModel.SelectionFlag
        for row, one in enumerate(rows):
            if one.name in chosen:
                place = self._sorted.mapFromSource(self.curves.index(row, 0))
                self.selectionModel().select(place, flags.Select | flags.Rows)
        self.selected.emit()

    @property
    def chosen(self) -> list[str]:
        """The names of the selected curves, from the top."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(_NAME_ROLE) for index in rows]

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.fontMetrics().horizontalAdvance("0.000") + 4 * S8
        for column in (1, 2):
            self.horizontalHeader().resizeSection(column, width)
