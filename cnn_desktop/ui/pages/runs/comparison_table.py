"""What differs between runs: a column a run, a row a setting or a figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.runs.curve_lines import letter, look
from cnn_desktop.ui.pages.runs.rows import RunRow
from cnn_desktop.ui.pages.runs.run_texts import accuracy_text, device_text, epochs_text, time_text, when_text
from cnn_desktop.ui.theme import S8, S16, colors
from cnn_desktop.ui.widgets.chart_painting import DASHES

_SAMPLE = QSize(24, 12)
_FIGURES: tuple[tuple[str, Callable[[RunRow], str]], ...] = (
    (_("Test accuracy"), lambda row: accuracy_text(row.run.test_accuracy)),
    (_("Best validation"), lambda row: accuracy_text(row.run.best_validation_accuracy)),
    (_("Epochs done"), lambda row: epochs_text(row.run)),
    (_("Training time"), lambda row: time_text(row.run)),
    (_("Ran on"), lambda row: device_text(row.run)),
    (_("Started"), lambda row: when_text(row.run.started, datetime.now())),
)
_COMPARED: dict[str, Callable[[RunRow], float | None]] = {
    _("Test accuracy"): lambda row: row.run.test_accuracy,
    _("Best validation"): lambda row: row.run.best_validation_accuracy,
}


class ComparisonTable(QTableWidget):
    """As tall as its rows; the column of names stays in sight while the others scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RunRow] = []
        self._values: list[str] = []
        self.setObjectName("comparisonTable")
        self.setAccessibleName(_("What differs between the runs"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(_SAMPLE)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(28)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setHighlightSections(False)

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show what differs between these runs, then how far each came."""
        from cnn_desktop.train.runs.comparing import differences

        self._rows, self._values = list(rows), [""] * len(rows)
        different = [(row.title, list(row.values)) for row in differences([row.run.config for row in rows])]
        figures = [(title, [write(row) for row in rows]) for title, write in _FIGURES]
        table = [*different, *figures]
        self.clear()
        self.setColumnCount(len(rows))
        self.setRowCount(len(table))
        self.setVerticalHeaderLabels([title for title, _values in table])
        self._name_columns()
        for number, (title, values) in enumerate(table):
            best = _best(title, rows)
            for column, value in enumerate(values):
                self.setItem(number, column, _cell(value, is_strong=column in best))
        self._fit()

    def show_values(self, values: Sequence[str]) -> None:
        """Show each run's newest value of the figure in the chart, which makes the heads of the columns its legend."""
        if len(values) == len(self._rows):
            self._values = list(values)
            self._name_columns()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._name_columns()

    def _name_columns(self) -> None:
        """A piece of the run's line in the colours of the theme, its letter, its newest value."""
        for column, row in enumerate(self._rows):
            header = QTableWidgetItem(_sample_of(column), f" {letter(column)}  {self._values[column]}")
            header.setToolTip(row.run.title)
            self.setHorizontalHeaderItem(column, header)

    def _fit(self) -> None:
        self.resizeColumnsToContents()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, min(116, max(84, self.columnWidth(column) + S8)))
        header, rows = self.horizontalHeader().sizeHint().height(), self.verticalHeader().length()
        self.setFixedHeight(header + rows + S16)


def _best(title: str, rows: Sequence[RunRow]) -> set[int]:
    """The columns with the highest figure, where the row is one in which higher is better."""
    if title not in _COMPARED:
        return set()
    figures = [_COMPARED[title](row) for row in rows]
    known = [figure for figure in figures if figure is not None]
    return {column for column, figure in enumerate(figures) if known and figure == max(known)}


def _cell(text: str, *, is_strong: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    font = item.font()
    font.setBold(is_strong)
    item.setFont(font)
    return item


def _sample_of(column: int) -> QIcon:
    """A piece of the run's line, as in the chart."""
    color, dash = look(column)
    series = colors().series
    pixmap = QPixmap(_SAMPLE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(series[color % len(series)]), 2)
    if pattern := DASHES[dash % len(DASHES)]:
        pen.setDashPattern(pattern)
    painter.setPen(pen)
    middle = _SAMPLE.height() / 2
    painter.drawPolyline(QPolygonF([QPointF(0, middle), QPointF(_SAMPLE.width(), middle)]))
    painter.end()
    return QIcon(pixmap)
