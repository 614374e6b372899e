"""The layers of a draft as rows of a list, which can be dragged; the last is that which answers."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QByteArray, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.models.design.report import Row
from cnn_desktop.models.design.steps import shape_text
from cnn_desktop.models.design.words import KINDS, detail_of
from cnn_desktop.ui.pages.editor.draft import Draft

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_DRAGGED = "application/x-cnn-desktop-layer"

Index = QModelIndex | QPersistentModelIndex


class LayersModel(QAbstractListModel):
    """Rows of the draft's report."""

    def __init__(self, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._rows = draft.report.rows

    def follow(self) -> bool:
        """Take over what the draft has become; whether other layers stand in the rows than before."""
        rows = self._draft.report.rows
        is_other = [row.name for row in rows] != [row.name for row in self._rows]
        if is_other:
            self.beginResetModel()
        self._rows = rows
        if is_other:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        return is_other

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row, is_head=index.row() == len(self._rows) - 1)
            case _:
                return row if role == ROW_ROLE else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.row() < len(self._rows) - 1 else flags

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return [_DRAGGED]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_DRAGGED, QByteArray(str(indexes[0].row()).encode()))
        return data

    @override
    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if action != Qt.DropAction.MoveAction or not data.hasFormat(_DRAGGED):
            return False
        source = int(bytes(data.data(_DRAGGED).data()))
        last = len(self._rows) - 1  # the row of the answer, which stays the last
        place = last if row < 0 else min(row, last)
        self._draft.move(source, place - 1 if place > source else place)
        return False  # the draft has moved it; the view must not take the old row out

    def _spoken(self, row: Row, *, is_head: bool) -> str:
        what = head_text(self._draft.classes) if is_head else f"{KINDS[row.layer.kind]} {detail_of(row.layer)}"
        if row.problem:
            return _("{name}, {what}. {problem}").format(name=row.name, what=what, problem=row.problem)
        if row.step is None:
            return _("{name}, {what}").format(name=row.name, what=what)
        return _("{name}, {what}, output {shape}, {count:,} parameters").format(
            name=row.name, what=what, shape=shape_text(row.step.shape), count=row.step.parameters
        )


def head_text(classes: int) -> str:
    """What the last layer does."""
    return _("Dense, one output for each of the {count:,} classes").format(count=classes)
