"""The findings of a report as lines of a list, below one for the figures; and how the lines are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.pages.data.findings.standing import ALONE
from cnn_desktop.ui.theme import S4, S8, S16, colors

if TYPE_CHECKING:
    from cnn_desktop.data.health.report import Finding, HealthReport

FINDING_ROLE = Qt.ItemDataRole.UserRole
"""The `Finding` of a line; None for the figures."""
LINE_ROLE = FINDING_ROLE + 1
"""What stands in grey below the title."""
ICON_ROLE = FINDING_ROLE + 2
Index = QModelIndex | QPersistentModelIndex

_TEXT_LEFT = S8 + S16 + S8
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class FindingsModel(QAbstractListModel):
    """The figures first, then the findings, the most harmful first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()
        self._pictures = 0
        self._settled: Sequence[int] = ()

    def show_report(self, report: HealthReport | None) -> None:
        """List the findings of another report."""
        self.beginResetModel()
        self._findings = report.findings if report else ()
        self._pictures = report.facts.picture_count if report else 0
        self._settled = ()
        self.endResetModel()

    def show_settled(self, settled: Sequence[int]) -> None:
        """Say of each finding how many groups the person decided about."""
        self._settled = settled
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._findings) + 1

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        finding = self._findings[index.row() - 1] if index.row() else None
        if role == Qt.ItemDataRole.DisplayRole:
            return finding.title if finding else _("Figures")
        if role == LINE_ROLE:
            return self._line(index.row() - 1, finding)
        if role == FINDING_ROLE:
            return finding
        if role == ICON_ROLE:
            return self._icon(index.row() - 1, finding)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = [index.data(), index.data(LINE_ROLE)]
            return ", ".join(parts if finding is None else dict.fromkeys([_severity(finding), *parts]))
        return None

    def _line(self, number: int, finding: Finding | None) -> str:
        if finding is None:
            return ngettext("{count:,} picture", "{count:,} pictures", self._pictures).format(count=self._pictures)
        parts: list[str] = []
        count = len(finding.groups)
        if count and finding.kind not in ALONE and finding.kind != "skipped_files":
            parts.append(ngettext("{count:,} group", "{count:,} groups", count).format(count=count))
        if self._settled and self._settled[number]:
            parts.append(_("{count:,} decided").format(count=self._settled[number]))
        return " · ".join(parts) or _severity(finding)

    def _icon(self, number: int, finding: Finding | None) -> tuple[str, str]:
        """The icon's name and its colour."""
        if finding is None:
            return "data", colors().muted
        if finding.groups and self._settled and self._settled[number] == len(finding.groups):
            return "check", colors().ok
        return ("warning", colors().warning) if finding.severity == "warning" else ("info", colors().muted)


class FindingDelegate(QStyledItemDelegate):
    """A mark, a title on as many lines as it takes, and a grey line."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 200
        title, small = _fonts(option)
        height = _title_height(title, str(index.data()), width) + QFontMetrics(small).height()
        return QSize(80, height + S4 + 2 * S8)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now = colors()
        row = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.accent_soft if is_chosen else now.hover))
            painter.drawRoundedRect(row.adjusted(0, 1, 0, -1), 6, 6)
        icon, color = index.data(ICON_ROLE)
        draw_icon(painter, icon, QRectF(row.left() + S8, row.top() + S8, S16, S16), color)
        title, small = _fonts(option)
        height = _title_height(title, str(index.data()), int(row.width()))
        area = row.adjusted(_TEXT_LEFT, S8, -S8, -S8)
        painter.setFont(title)
        painter.setPen(QColor(now.accent if is_chosen else now.text))
        painter.drawText(QRectF(area.left(), area.top(), area.width(), height), _WRAPPED, str(index.data()))
        painter.setFont(small)
        painter.setPen(QColor(now.muted))
        cut = QFontMetrics(small).elidedText(index.data(LINE_ROLE), Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area.adjusted(0, height + S4, 0, 0), _WRAPPED, cut)
        painter.restore()


def _severity(finding: Finding) -> str:
    return _("Warning") if finding.severity == "warning" else _("Note")


def _fonts(option: QStyleOptionViewItem) -> tuple[QFont, QFont]:
    """Of the title and of the grey line."""
    title = QFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
    small = QFont(title)
    small.setPixelSize(title.pixelSize() - 1)
    title.setBold(True)
    return title, small


def _title_height(font: QFont, text: str, width: int) -> int:
    room = QRect(0, 0, width - _TEXT_LEFT - S8, 1000)
    return QFontMetrics(font).boundingRect(room, int(_WRAPPED), text).height()
