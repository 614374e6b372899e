"""All, a class, unsure or unreadable ones: a list of what the pictures were taken for chooses what the table shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.predict.many.catalogue import ALL, UNREADABLE, UNSURE
from cnn_desktop.ui.theme import S4, S8, colors

GROUP_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE = GROUP_ROLE + 1
SHARE_ROLE = GROUP_ROLE + 2
"""Of all pictures, 0…1; None of what is no class."""
_Index = QModelIndex | QPersistentModelIndex
_ROW_HEIGHT = 34
_BAR = 4
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class GroupsModel(QAbstractListModel):
    """All pictures first, then what needs a look, then the classes, the largest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[int, str, int]] = []

    def show_counts(self, counts: Mapping[int, int], classes: Sequence[str]) -> None:
        """Take in how many pictures each group has; classes are numbered by their place in `classes`."""
        odd = [(UNSURE, _("Unsure")), (UNREADABLE, _("Unreadable"))]
        rows = [(ALL, _("All pictures"), sum(counts.values()))]
        rows += [(group, title, counts[group]) for group, title in odd if group in counts]
        named = [(group, classes[group], count) for group, count in counts.items() if group >= 0]
        named.sort(key=lambda row: (-row[2], row[1].casefold()))
        self._replace(rows + named)

    def row_of(self, group: int) -> int:
        """Where a group stands; the first row where it isn't there."""
        return next((row for row, (number, _title, _count) in enumerate(self._rows) if number == group), 0)

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        group, title, count = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _("{title}, {count:,} pictures").format(title=title, count=count)
        if role == SHARE_ROLE:
            return count / self._rows[0][2] if group >= 0 else None
        return {GROUP_ROLE: group, COUNT_ROLE: count}.get(role)

    def _replace(self, rows: list[tuple[int, str, int]]) -> None:
        if [row[0] for row in rows] == [row[0] for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()


class GroupList(QListView):
    """One group is always chosen."""

    chosen = Signal(int)
    """The group that the person chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answerGroups")
        self.setAccessibleName(_("What the pictures were taken for"))
        self.groups = GroupsModel(self)
        self._group = ALL
        self._top = 0
        self.setModel(self.groups)
        self.setItemDelegate(_GroupDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.groups.modelAboutToBeReset.connect(self._remember)
        self.groups.modelReset.connect(self._restore)
        self.selectionModel().currentChanged.connect(self._take)

    @property
    def group(self) -> int:
        """What is chosen: the number of a class, or ALL, UNSURE, UNREADABLE."""
        return self._group

    def choose(self, group: int) -> None:
        """Choose a group, as the person would."""
        self.setCurrentIndex(self.groups.index(self.groups.row_of(group)))

    def reset_choice(self) -> None:
        """Choose all pictures, and tell nobody: others are shown."""
        self._group, self._top = ALL, 0
        self._restore()

    def _remember(self) -> None:
        self._top = self.verticalScrollBar().value()

    def _restore(self) -> None:
        """The group that was chosen, wherever it stands now; what was in sight stays there."""
        selection = self.selectionModel()
        selection.blockSignals(True)
        self.setCurrentIndex(self.groups.index(self.groups.row_of(self._group)))
        selection.blockSignals(False)
        self.executeDelayedItemsLayout()  # else there is nowhere to scroll to yet
        self.verticalScrollBar().setValue(self._top)
        self.viewport().update()

    def _take(self, index: QModelIndex) -> None:
        if index.isValid() and index.data(GROUP_ROLE) != self._group:
            self._group = index.data(GROUP_ROLE)
            self.chosen.emit(self._group)


class _GroupDelegate(QStyledItemDelegate):
    """The title, the count, and for classes a bar."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, _ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        now = colors()
        row = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        font = QFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        group, share = index.data(GROUP_ROLE), index.data(SHARE_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(now.accent_soft if is_chosen else now.hover))
            painter.drawRoundedRect(row.adjusted(0, 1, 0, -1), 6, 6)
        area = row.adjusted(S8, 0, -S8, 0 if share is None else -_BAR - S4)
        count = f"{index.data(COUNT_ROLE):,}"
        room = area.width() - QFontMetricsF(font).horizontalAdvance(count) - S8
        painter.setPen(QColor(now.muted))
        painter.drawText(area, _RIGHT, count)
        font.setBold(group == ALL)
        painter.setFont(font)
        painter.setPen(QColor(now.accent if is_chosen else _color(group)))
        title = QFontMetricsF(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, _LEFT, title)
        if share is not None:
            _draw_bar(painter, QRectF(area.left(), row.bottom() - _BAR - S4, area.width(), _BAR), share)
        painter.restore()


def _color(group: int) -> str:
    now = colors()
    return {UNSURE: now.warning, UNREADABLE: now.danger}.get(group, now.text)


def _draw_bar(painter: QPainter, track: QRectF, share: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors().track))
    painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
    track.setWidth(max(_BAR, track.width() * share))
    painter.setBrush(QColor(colors().accent))
    painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
