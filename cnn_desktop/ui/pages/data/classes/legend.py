"""Which colour is which split, and how many pictures it has."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.pages.data.classes.bars import SPLITS, split_color
from cnn_desktop.ui.theme import S4, S8, S20, colors

_MARK = 8.0
_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class SplitLegend(QWidget):
    """A mark, a name and a strong figure for each split, in the order of the bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("splitLegend")
        self._parts: list[tuple[str, str, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it says, for screen readers too."""
        return ", ".join(f"{title} {count}" for _split, title, count in self._parts)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show pictures by split."""
        from cnn_desktop.data.dataset import split_title

        total = sum(counts.values())
        self._parts = [
            (split, split_title(split).capitalize(), f"{counts[split]:,} · {percent_text(counts[split] / total, 0)}")
            for split in SPLITS
            if counts.get(split)
        ]
        self.setAccessibleName(self.text)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + S4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, left, height = QPainter(self), 0.0, float(self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small, strong = QFont(self.font()), QFont(self.font())
        small.setPixelSize(self.fontInfo().pixelSize() - 1)
        strong.setPixelSize(self.fontInfo().pixelSize() - 1)
        strong.setBold(True)
        for split, title, count in self._parts:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(split_color(split)))
            painter.drawRoundedRect(QRectF(left, (height - _MARK) / 2, _MARK, _MARK), 2, 2)
            left += _MARK + S8
            for text, font, color in ((title, small, colors().muted), (count, strong, colors().text)):
                painter.setFont(font)
                painter.setPen(QColor(color))
                width = QFontMetricsF(font).horizontalAdvance(text)
                painter.drawText(QRectF(left, 0, width + 1, height), _MIDDLE, text)
                left += width + (S8 if text == title else S20)
        painter.end()
