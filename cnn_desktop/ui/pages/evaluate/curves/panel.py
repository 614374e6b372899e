"""The tab with ROC and precision-recall curves."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.evaluate.curves.table import CurvesTable
from cnn_desktop.ui.pages.evaluate.curves.work import NamedCurves, curves_of
from cnn_desktop.ui.pages.evaluate.result_panel import ResultPanel
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.chart_painting import DASHES, series_color
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.line_chart import LineChart

_COLORS = 6
_CHANCE = "chance"
_MOST = _COLORS * len(DASHES)
"""So many curves can be told apart by colour and dash."""


class CurvesPanel(ResultPanel):
    """Both charts show the curves that are selected in the list."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(context, session, parent)
        self._computing = JobRunner(self)
        self._curves: dict[str, NamedCurves] = {}
        self.roc = _chart("rocChart", "ROC", _("false positives"), _("true positives"))
        self.precision = _chart("precisionChart", _("Precision and recall"), _("recall"), _("precision"))
        self.table = CurvesTable()
        self.table.selected.connect(self._draw)
        self._waiting = EmptyState()
        self._stack = QStackedWidget()
        self._lay_out()

    @override
    def show_result(self, result: Evaluated, *, is_revised: bool) -> None:
        if not is_revised:
            self._stack.setCurrentIndex(0)
            self._waiting.tell(_("Drawing the curves…"))
        self._computing.start(
            curves_of,
            result.answers,
            on_done=self._show_curves,
            on_error=self.context.notify_error,
            on_progress=self._show_progress,
        )

    @override
    def shutdown(self) -> None:
        self._computing.cancel()
        self._computing.wait()

    def _show_progress(self, done: int, total: int) -> None:
        text = _("Drawing the curves: {done:,} of {total:,}") if done < total else _("Averaging the curves…")
        self._waiting.tell(text.format(done=done, total=total))

    def _show_curves(self, curves: list[NamedCurves]) -> None:
        self._curves = {one.name: one for one in curves}
        self._stack.setCurrentIndex(1)
        self.table.show_rows(curves)

    def _draw(self) -> None:
        chosen = [self._curves[name] for name in self.table.chosen[:_MOST] if name in self._curves]
        for chart, kind in ((self.roc, "roc"), (self.precision, "precision_recall")):
            for series in list(chart.lines):
                chart.remove_series(series.name)
            for place, one in enumerate(chosen):
                curve = getattr(one.curves, kind)
                chart.add_series(one.name, one.title, color=place % _COLORS, style="line", dash=place // _COLORS)
                chart.set_points(one.name, curve.x, curve.y)
        self.roc.add_series(_CHANCE, _("chance"), color=_COLORS - 1, style="faint")
        self.roc.set_points(_CHANCE, (0.0, 1.0), (0.0, 1.0))
        self.table.curves.show_colors({series.name: series_color(series) for series in self.roc.lines})

    def _lay_out(self) -> None:
        listed = Card(_("Classes"))
        listed.body.addWidget(caption(_("Selected curves are drawn.")))
        listed.body.addWidget(self.table)
        listed.setMinimumWidth(252)
        drawn = QWidget()
        row = QHBoxLayout(drawn)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        for chart in (self.roc, self.precision):
            card = Card()
            card.body.addWidget(chart)
            row.addWidget(card, 1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(S16)
        splitter.addWidget(drawn)
        splitter.addWidget(listed)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([700, 320])
        waiting = Card()
        waiting.body.addWidget(self._waiting)
        self._stack.addWidget(waiting)
        self._stack.addWidget(splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)


def _chart(name: str, title: str, x_title: str, y_title: str) -> LineChart:
    chart = LineChart(title, x_title=x_title, y_title=y_title, y_range=(0.0, 1.0), shows_legend=False)
    chart.setObjectName(name)
    chart.set_x_end(1.0)
    return chart
