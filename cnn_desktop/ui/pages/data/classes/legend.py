"""Which colour is which split, and how many pictures it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    """A mark, a name and a strong figure for each split, in the order of the bar; shares give way to lack of room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("splitLegend")
        self._counts: Mapping[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show pictures by split."""
        self._counts = counts
        self.setAccessibleName(", ".join(f"{title} {figure}" for _split, title, figure in self._parts(with_share=True)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + S4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = QFont(self.font())
        small.setPixelSize(self.fontInfo().pixelSize() - 1)
        strong = QFont(small)
        strong.setBold(True)
        parts, gap = self._parts(with_share=True), S20
        if _width(parts, small, strong) > self.width():
            parts, gap = self._parts(with_share=False), S8
        left = 0.0
        for part in parts:
            left += self._draw(painter, left, part, small, strong) + gap
        painter.end()

    def _parts(self, *, with_share: bool) -> list[tuple[str, str, str]]:
        """Split, name and figure of each split that has pictures."""
        from cnn_desktop.data.dataset import split_title

        total = sum(self._counts.values())
        text = "{count:,} · {share}" if with_share else "{count:,}"
        return [
            (split, split_title(split).capitalize(), text.format(count=count, share=percent_text(count / total, 0)))
            for split in SPLITS
            if (count := self._counts.get(split, 0))
        ]

    def _draw(self, painter: QPainter, left: float, part: tuple[str, str, str], small: QFont, strong: QFont) -> float:
        """Draw a part from `left` on, and return its width."""
        split, title, figure = part
        height = float(self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(split_color(split)))
        painter.drawRoundedRect(QRectF(left, (height - _MARK) / 2, _MARK, _MARK), 2, 2)
        place = left + _MARK + S8
        for text, font, color in ((title, small, colors().muted), (figure, strong, colors().text)):
            painter.setFont(font)
            painter.setPen(QColor(color))
            width = QFontMetricsF(font).horizontalAdvance(text)
            painter.drawText(QRectF(place, 0, width + 1, height), _MIDDLE, text)
            place += width + S8
        return place - S8 - left


def _width(parts: Sequence[tuple[str, str, str]], small: QFont, strong: QFont) -> float:
    """Of all parts, with what lies between them."""
    advance = QFontMetricsF(small).horizontalAdvance, QFontMetricsF(strong).horizontalAdvance
    widths = [_MARK + S8 + advance[0](title) + S8 + advance[1](figure) for _split, title, figure in parts]
    return sum(widths) + S20 * (len(parts) - 1)
