"""What there is to know of how a dataset was read: notices, and every file that was skipped with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import caption

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Skipped

Index = QModelIndex | QPersistentModelIndex


class SkippedModel(QAbstractTableModel):
    """A line for each file; asked for only as far as it is seen, so that a hundred thousand cost nothing."""

    def __init__(self, skipped: Sequence[Skipped], parent: QWidget) -> None:
        super().__init__(parent)
        self._skipped = skipped

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._skipped)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        file = self._skipped[index.row()]
        return file.reason if index.column() else file.file

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return (_("File"), _("Why"))[section] if role == Qt.ItemDataRole.DisplayRole else None


def show_details(parent: QWidget, title: str, notices: Sequence[str], skipped: Sequence[Skipped]) -> None:
    """Show what was noticed, and what was skipped and why; the page stays usable beside it."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setObjectName("skippedDialog")
    dialog.setWindowTitle(title)
    dialog.resize(760, 480)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(S16, S16, S16, S16)
    column.setSpacing(S8)
    for notice in dict.fromkeys(notices):
        label = QLabel(notice)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(label)
    if skipped:
        text = ngettext("{count:,} file was skipped:", "{count:,} files were skipped:", len(skipped))
        column.addWidget(caption(text.format(count=len(skipped))))
        column.addWidget(_table(skipped, dialog), 1)
    else:
        column.addStretch()
    dialog.open()


def _table(skipped: Sequence[Skipped], parent: QWidget) -> QTableView:
    table = QTableView()
    table.setObjectName("skippedTable")
    table.setAccessibleName(_("Skipped files"))
    table.setModel(SkippedModel(skipped, parent))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header = table.horizontalHeader()
    header.setAccessibleName(_("Columns"))
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table
