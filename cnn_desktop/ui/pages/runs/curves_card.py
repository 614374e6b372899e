"""The curves of one run, or of several laid over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.runs.curve_lines import (
    HORIZONTALS,
    VIEWS_OF_MANY,
    VIEWS_OF_ONE,
    Line,
    View,
    lines_of_many,
    lines_of_one,
)
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.line_chart import LineChart

if TYPE_CHECKING:
    from cnn_desktop.train.runs.curves import Horizontal, RunCurves

_LONG = 600.0
"""Seconds from which on minutes read better."""
_MOST_IN_LEGEND = 3
"""More don't fit above a narrow chart; those of a comparison head the columns of its table."""
_X_TITLES = {"epoch": _("epoch"), "step": _("step"), "seconds": _("seconds"), "minutes": _("minutes")}


class CurvesCard(Card):
    """A chart with two pickers: which figure, and what runs along the bottom."""

    drawn = Signal(list)
    """The newest value of each line as text, empty where it has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._runs: list[RunCurves] = []
        self._kind: tuple[str, ...] = ()
        self._chart: LineChart | None = None
        self.view = Picker("runFigurePicker")
        self.view.setAccessibleName(_("Figure"))
        self.horizontal = Picker("runHorizontalPicker")
        self.horizontal.setAccessibleName(_("What runs along the bottom"))
        for name, title in HORIZONTALS.items():
            self.horizontal.addItem(_("by {unit}").format(unit=title), name)
        self.view.setFixedWidth(180)
        self.horizontal.setFixedWidth(116)
        self.header.insertWidget(0, self.view)
        self.header.insertWidget(1, self.horizontal)
        self._offer(VIEWS_OF_ONE)
        for picker in (self.view, self.horizontal):
            picker.currentIndexChanged.connect(lambda _index: self._draw())
        self.setMinimumHeight(300)

    def show_runs(self, runs: Sequence[RunCurves]) -> None:
        """Draw the curves of these runs; none empties the chart."""
        self._runs = list(runs)
        self._offer(VIEWS_OF_ONE if len(runs) < 2 else VIEWS_OF_MANY)
        self._draw()

    @property
    def chosen_view(self) -> View:
        """The figure that is shown."""
        return cast("View", self.view.choice())

    def _offer(self, views: Mapping[View, str]) -> None:
        offered = [self.view.itemData(index) for index in range(self.view.count())]
        if offered == list(views):
            return
        with QSignalBlocker(self.view):
            self.view.clear()
            for name, title in views.items():
                self.view.addItem(title, name)
            if self._validation_is_missing():
                self.view.choose("train_accuracy")

    def _validation_is_missing(self) -> bool:
        return len(self._runs) > 1 and not any(run.line("validation_accuracy", "step") for run in self._runs)

    def _draw(self) -> None:
        view, horizontal = self.chosen_view, cast("Horizontal", self.horizontal.choice())
        if not self._runs:
            lines: list[Line] = []
        elif len(self._runs) == 1:
            lines = lines_of_one(self._runs[0], view, horizontal)
        else:
            lines = lines_of_many(self._runs, view, horizontal)
        self._show(view, horizontal, lines)

    def _show(self, view: View, horizontal: str, lines: list[Line]) -> None:
        end = max((line.points[-1][0] for line in lines if line.points), default=1.0)
        unit, scale = (horizontal, 1.0) if horizontal != "seconds" or end < _LONG else ("minutes", 1 / 60)
        kind = (view, unit, *(f"{line.title} {line.color} {line.style} {line.dash}" for line in lines))
        if kind != self._kind or self._chart is None:
            self._kind = kind
            self._chart = self._new_chart(view, unit, lines)
        self._chart.set_x_end(end * scale)
        for number, line in enumerate(lines):
            self._chart.set_points(str(number), [x * scale for x, _y in line.points], [y for _x, y in line.points])
        self._chart.refresh()
        write = self._chart.value_text
        self.drawn.emit([write(line.points[-1][1]) if line.points else "" for line in lines])

    def _new_chart(self, view: View, unit: str, lines: list[Line]) -> LineChart:
        if self._chart is not None:
            self.body.removeWidget(self._chart)
            self._chart.deleteLater()
        chart = LineChart(
            "",
            name=self.view.currentText(),
            x_title=_X_TITLES[unit],
            is_share="accuracy" in view,
            invitation=_("This run logged no figures to draw."),
            shows_legend=len(lines) <= _MOST_IN_LEGEND,
        )
        chart.setObjectName("runChart")
        for number, line in enumerate(lines):
            chart.add_series(str(number), line.title, color=line.color, style=line.style, dash=line.dash)
        self.body.addWidget(chart)
        return chart
