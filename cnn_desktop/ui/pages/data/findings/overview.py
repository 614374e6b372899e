"""The figures of a report as bars: pictures by class and split, sizes, colour modes, file types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.data.classes.bars import draw_split_bar
from cnn_desktop.ui.pages.data.classes.legend import SplitLegend
from cnn_desktop.ui.theme import S8, S16, colors
from cnn_desktop.ui.widgets.card import caption, value_label

if TYPE_CHECKING:
    from cnn_desktop.data.health.report import Facts

_ROW = 24
_BAR = 8.0
_MOST = 6
"""Sizes that are shown one by one."""
_NAMES = 0.34
"""Part of the width that names may take."""


class CountBars(QWidget):
    """A row each: a name, a bar, a number. A bar of several splits has a part for each."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.rows: Sequence[tuple[str, Mapping[str, int]]] = ()
        """Name, and counts by split; those of no split are under an empty name."""
        self.names = 0
        """Pixels for the names, unless they would take too much."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[tuple[str, Mapping[str, int]]]) -> None:
        """Show other rows."""
        self.rows = rows
        self.setAccessibleDescription(", ".join(f"{name} {sum(counts.values()):,}" for name, counts in rows))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _ROW * len(self.rows))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        names = min(int(self.width() * _NAMES), self.names)
        full = max((sum(counts.values()) for _name, counts in self.rows), default=0)
        numbers = metrics.horizontalAdvance(f"{full:,}")
        first, last = event.rect().top() // _ROW, event.rect().bottom() // _ROW
        for row in range(first, min(last + 1, len(self.rows))):
            name, counts = self.rows[row]
            line = QRectF(0, row * _ROW, self.width(), _ROW)
            cut = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, names)
            painter.setPen(QColor(colors().muted))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
            painter.setPen(QColor(colors().text))
            text = f"{sum(counts.values()):,}"
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            bar = QRectF(names + S16, line.center().y() - _BAR / 2, self.width() - names - numbers - 2 * S16, _BAR)
            self._draw_bar(painter, bar, counts, full)
        painter.end()

    @staticmethod
    def _draw_bar(painter: QPainter, area: QRectF, counts: Mapping[str, int], full: int) -> None:
        if "" not in counts:
            draw_split_bar(painter, area, counts, full)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, width in ((colors().grid, area.width()), (colors().muted, area.width() * counts[""] / max(full, 1))):
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(area.left(), area.top(), max(_BAR, width), _BAR), _BAR / 2, _BAR / 2)


class Overview(QScrollArea):
    """All figures below each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingsOverview")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._legend = SplitLegend()
        titles = (_("Pictures by class"), _("Sizes"), _("Colour modes"), _("File types"))
        self.bars = {title: CountBars(title) for title in titles}
        self._headings = {title: value_label(title) for title in titles}
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, S8, 0)
        column.setSpacing(S8)
        for number, title in enumerate(titles):
            self._headings[title].setProperty("role", "strong")
            self._headings[title].setContentsMargins(0, S8 if number else 0, 0, 0)
            column.addWidget(self._headings[title])
            if number == 0:
                column.addWidget(self._legend)
            column.addWidget(self.bars[title])
        self._note = caption(_("Of the pictures that can be read, when they were checked."))
        self._note.setWordWrap(True)
        column.addWidget(self._note)
        column.addStretch(1)
        self.setWidget(content)

    def show_facts(self, facts: Facts, classes: Sequence[str]) -> None:
        """Show the figures of a report."""
        self._legend.show_counts({split: sum(by_class.values()) for split, by_class in facts.counts.items()})
        by_class = [(name, {split: counts.get(name, 0) for split, counts in facts.counts.items()}) for name in classes]
        rows = (by_class, _most_frequent(facts.sizes), _most_frequent(facts.modes), _most_frequent(facts.file_types))
        names = [self.fontMetrics().horizontalAdvance(name) for part in rows for name, _counts in part]
        for (title, bars), shown in zip(self.bars.items(), rows, strict=True):
            bars.names = max(names, default=0) + 1
            bars.show_rows(shown)
            for widget in (bars, self._headings[title]):
                widget.setVisible(bool(shown))


def _most_frequent(counts: Mapping[str, int]) -> list[tuple[str, Mapping[str, int]]]:
    """The most frequent one by one, the others together."""
    rows: list[tuple[str, Mapping[str, int]]] = [(name, {"": count}) for name, count in islice(counts.items(), _MOST)]
    others = list(islice(counts.values(), _MOST, None))
    if others:
        text = ngettext("{count:,} other", "{count:,} others", len(others)).format(count=len(others))
        rows.append((text, {"": sum(others)}))
    return rows
