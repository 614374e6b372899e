"""What a run answered over time, and what it took for what at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import caption, value_label
from cnn_desktop.ui.widgets.line_chart import LineChart
from cnn_desktop.ui.widgets.matrix_view import ConfusionTable, MatrixView

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.ui.pages.inspect.time_machine.work import Timeline

_HEIGHTS = (132, 176)
_TALL = 780
"""Pixels of a window in which there is room for more than the lowest height."""
_LINES = 4
"""Classes whose probability is drawn: those that were the likeliest at some moment, or came near."""


class Details(QStackedWidget):
    """A chart and a matrix, of which one is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeMachineDetails")
        self.chart = LineChart(
            "",
            name=_("Prediction for the picture over time"),
            x_title=_("epoch"),
            is_share=True,
        )
        self.chart.setObjectName("timeMachineChart")
        self.matrix = MatrixView()
        self.matrix.setObjectName("timeMachineConfusion")
        self._names: list[str] = []
        self.words = caption()
        self.words.setWordWrap(True)
        self._about = value_label()
        self._about.setObjectName("timeMachineAccuracy")
        self._measured = QWidget()
        row = QHBoxLayout(self._measured)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addWidget(self.matrix, 1)
        row.addWidget(self._about, 1)
        for part in (self.chart, self._measured, self.words):
            self.addWidget(part)

    def fit(self, window_height: int) -> None:
        """Take the room that there is in a window so high."""
        self.setFixedHeight(_HEIGHTS[window_height >= _TALL])

    def say(self, text: str) -> None:
        """Show a sentence instead."""
        self.words.setText(text)
        self.setCurrentWidget(self.words)

    def show_probabilities(self, timeline: Timeline, classes: tuple[str, ...], shares: np.ndarray) -> None:
        """Draw the likeliest classes; `shares` is snapshots×classes."""
        for name in self._names:
            self.chart.remove_series(name)
        best = shares.max(axis=0).argsort()[::-1][:_LINES]
        self._names = [classes[at] for at in best]
        self.chart.clear()
        self.chart.set_x_end(timeline.epochs)
        epochs = [snapshot.epoch for snapshot in timeline.snapshots]
        for number, at in enumerate(best):
            self.chart.add_series(classes[at], classes[at], color=number, style="line", dash=number % 4)
            self.chart.set_points(classes[at], epochs, shares[:, at])
        self.chart.refresh()
        self.setCurrentWidget(self.chart)

    def mark(self, epoch: float) -> None:
        """Say in the chart where the moment is that is looked at."""
        self.chart.clear_marks()
        self.chart.add_mark(epoch, _("The moment that is looked at"))
        self.chart.refresh()

    def show_confusion(self, counts: np.ndarray, classes: tuple[str, ...]) -> None:
        """Show a matrix, classes×classes; what is in sight stays where only the numbers changed."""
        table = ConfusionTable(counts, classes)
        if self.matrix.table is not None and self.matrix.table.classes == classes:
            self.matrix.revise(table)
        else:
            self.matrix.show_table(table)
        pictures = int(counts.sum())
        text = ngettext("{share} of {count:,} picture right", "{share} of {count:,} pictures right", pictures)
        share = percent_text(int(counts.trace()) / max(1, pictures))
        self._about.setText(text.format(share=share, count=pictures))
        self.setCurrentWidget(self._measured)
