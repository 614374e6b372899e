"""Splits as parts of one bar: training solid, validation and test in other colours, always in this order."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from cnn_desktop.ui.pages.data.classes.model import LARGEST_ROLE, ROW_ROLE
from cnn_desktop.ui.theme import S8, colors

SPLITS = ("train", "validation", "test")
_HEIGHT = 8.0
_GAP = 1.5


def split_color(split: str) -> str:
    """The colour of a split."""
    return colors().series[SPLITS.index(split)]


def draw_split_bar(painter: QPainter, area: QRectF, counts: Mapping[str, int], full: int) -> None:
    """Draw the counts as parts of a bar that would fill `area` at `full` pictures; a small part is still seen."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors().grid))
    painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
    total = sum(counts.values())
    if not total or not full:
        return
    whole = QPainterPath()
    width = max(area.height(), area.width() * total / full)
    whole.addRoundedRect(QRectF(area.left(), area.top(), width, area.height()), area.height() / 2, area.height() / 2)
    painter.save()
    painter.setClipPath(whole)
    left = area.left()
    for split in SPLITS:
        if share := counts.get(split, 0) / total:
            part = width * share
            painter.fillRect(QRectF(left, area.top(), max(1.0, part - _GAP), area.height()), QColor(split_color(split)))
            left += part
    painter.restore()


class BalanceDelegate(QStyledItemDelegate):
    """Draws the bar of a class beside those of the others."""

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)  # the ground of what is selected, and “left out”
        row = index.data(ROW_ROLE)
        if row.is_left_out:
            return
        cell = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        area = QRectF(cell.left() + S8, cell.center().y() - _HEIGHT / 2, cell.width() - 2 * S8, _HEIGHT)
        painter.save()
        draw_split_bar(painter, area, row.counts, index.data(LARGEST_ROLE))
        painter.restore()


class SplitBar(QWidget):
    """All pictures of a dataset in one bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Mapping[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show pictures by split."""
        self._counts = counts
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, int(_HEIGHT))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_split_bar(painter, QRectF(self.rect()), self._counts, sum(self._counts.values()))
        painter.end()
