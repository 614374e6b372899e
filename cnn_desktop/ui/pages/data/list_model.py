"""The list of datasets as a model with a heading above each kind, and how its lines are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.pages.data.entries import DatasetEntry
from cnn_desktop.ui.theme import S4, S8, S16, colors

ENTRY_ROLE = Qt.ItemDataRole.UserRole
"""The `DatasetEntry` of a line; None for a heading."""
_ROW_HEIGHT, _HEADING_HEIGHT = 48, 28
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class DatasetsModel(QAbstractListModel):
    """Lines that can be chosen; headings, and a hint where the person has none of their own, that can't."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[DatasetEntry | str] = []

    @property
    def entries(self) -> list[DatasetEntry]:
        """Every dataset that is listed."""
        return [line for line in self._lines if isinstance(line, DatasetEntry)]

    def show_entries(self, entries: Sequence[DatasetEntry]) -> None:
        """List these in the place of the earlier ones."""
        lines: list[DatasetEntry | str] = []
        for title, is_folder in ((_("Your pictures"), True), (_("Well known"), False)):
            kind = [entry for entry in entries if entry.is_folder == is_folder]
            if is_folder and not kind:
                lines += [title, _("Drop a folder or an archive\nanywhere on this page.")]
            lines += [title, *kind] if kind else []
        if lines != self._lines:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()

    def index_of(self, source: str) -> QModelIndex:
        """Where a dataset is listed; an invalid index where it isn't."""
        for row, line in enumerate(self._lines):
            if isinstance(line, DatasetEntry) and line.source == source:
                return self.index(row, 0)
        return QModelIndex()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        is_heading = isinstance(self._lines[index.row()], str)
        return Qt.ItemFlag.NoItemFlags if is_heading else super().flags(index)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        if isinstance(line, str):
            return line if role == Qt.ItemDataRole.DisplayRole else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.title
            case Qt.ItemDataRole.ToolTipRole:
                return line.source if line.is_folder else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.title}, {line.line}"
            case _:
                return line if role == ENTRY_ROLE else None


class DatasetDelegate(QStyledItemDelegate):
    """A small grey heading; or a name above a grey line, both grey with an arrow when it isn't on this machine."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        is_heading = index.data(ENTRY_ROLE) is None and "\n" not in index.data()
        return QSize(80, _HEADING_HEIGHT if is_heading else _ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, entry = colors(), index.data(ENTRY_ROLE)
        row = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        font = QFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
        small = QFont(font)
        small.setPixelSize(font.pixelSize() - 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry is None:
            painter.setFont(small)
            painter.setPen(QColor(now.muted))
            painter.drawText(row.adjusted(S8, S4, -S8, 0), _LEFT, str(index.data()))
        else:
            is_chosen = bool(state & QStyle.StateFlag.State_Selected)
            if is_chosen or state & QStyle.StateFlag.State_MouseOver:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(now.accent_soft if is_chosen else now.hover))
                painter.drawRoundedRect(row.adjusted(0, 1, 0, -1), 6, 6)
            font.setBold(True)
            color = now.accent if is_chosen else now.text if entry.is_present else now.muted
            _draw_entry(painter, row.adjusted(S8, 6, -S8, -6), entry, (font, small), color)
        painter.restore()


def _draw_entry(painter: QPainter, area: QRectF, entry: DatasetEntry, fonts: tuple[QFont, QFont], color: str) -> None:
    upper = QRectF(area.left(), area.top(), area.width(), area.height() / 2)
    if entry.download_bytes and not entry.is_present:
        draw_icon(painter, "download", QRectF(area.right() - S16, upper.center().y() - S8, S16, S16), colors().muted)
        upper.setRight(upper.right() - S16 - S8)
    _write(painter, upper, entry.title, fonts[0], color)
    _write(painter, upper.translated(0, upper.height()), entry.line, fonts[1], colors().muted, area.right())


def _write(painter: QPainter, area: QRectF, text: str, font: QFont, color: str, right: float | None = None) -> None:
    if right is not None:
        area.setRight(right)
    painter.setFont(font)
    painter.setPen(QColor(color))
    cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, _LEFT, cut)
