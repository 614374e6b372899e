"""Where the parts of a line chart lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QTransform

from cnn_desktop.ui.theme import S4, S8, S16

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.chart_axis import Axis
    from cnn_desktop.ui.widgets.line_chart import LineChart, Series

SAMPLE = 18
"""Width of the piece of line in the legend."""


@dataclass(frozen=True)
class Fonts:
    """The fonts of a chart."""

    normal: QFont
    strong: QFont
    title: QFont
    small: QFont


def fonts_of(chart: LineChart) -> Fonts:
    """Fonts in the window's sizes."""
    pixels = chart.fontInfo().pixelSize()

    def sized(change: int, *, bold: bool = False) -> QFont:
        font = QFont(chart.font())
        font.setPixelSize(pixels + change)
        font.setBold(bold)
        return font

    return Fonts(normal=sized(-1), strong=sized(-1, bold=True), title=sized(1, bold=True), small=sized(-2))


@dataclass(frozen=True)
class LegendEntry:
    """One line's place in the legend, from `left` on."""

    series: Series
    text: str
    left: float
    text_left: float
    text_right: float


@dataclass(frozen=True)
class ChartFrame:
    """The plot area, its axes, and the legend above it."""

    plot: QRectF
    x: Axis
    y: Axis
    x_texts: list[str]
    y_texts: list[str]
    legend: list[LegendEntry]
    legend_y: float

    def point(self, x: float, y: float) -> QPointF:
        """Where a value lies, in pixels."""
        return QPointF(
            self.plot.left() + self.x.share(x) * self.plot.width(),
            self.plot.bottom() - self.y.share(y) * self.plot.height(),
        )

    def transform(self) -> QTransform:
        """The way from values to pixels, for many points at once."""
        origin = self.point(0.0, 0.0)
        unit = self.point(1.0, 1.0) - origin
        return QTransform(unit.x(), 0.0, 0.0, unit.y(), origin.x(), origin.y())

    def x_at(self, pixel: float) -> float | None:
        """The x value at a horizontal position; None outside the plot."""
        if not self.plot.left() <= pixel <= self.plot.right():
            return None
        return self.x.low + (pixel - self.plot.left()) / self.plot.width() * (self.x.high - self.x.low)


def frame_of(chart: LineChart, area: QRectF) -> ChartFrame:
    """Lay the chart out in `area`."""
    fonts = fonts_of(chart)
    small = QFontMetricsF(fonts.small)
    title_height = QFontMetricsF(fonts.title).height()
    legend = _legend(chart, area, fonts)
    title_width = QFontMetricsF(fonts.title).horizontalAdvance(chart.title) + S16
    own_row = bool(legend) and legend[0].left < area.left() + title_width
    top = area.top() + title_height * (2 if own_row else 1) + S16
    bottom = area.bottom() - 2 * small.height() - S4
    y = chart.y_axis(7 if bottom - top > 160 else 4)
    y_texts = y.texts()
    left = area.left() + max(small.horizontalAdvance(text) for text in [*y_texts, "0.00"]) + S8
    right = area.right() - S8
    x = chart.x_axis(7 if right - left > 400 else 5)
    return ChartFrame(
        plot=QRectF(left, top, max(1.0, right - left), max(1.0, bottom - top)),
        x=x,
        y=y,
        x_texts=x.texts(),
        y_texts=y_texts,
        legend=legend,
        legend_y=area.top() + title_height * (1.5 if own_row else 0.5),
    )


def _legend(chart: LineChart, area: QRectF, fonts: Fonts) -> list[LegendEntry]:
    """The legend, right-aligned; a value has the room of the widest it is likely to show, so that nothing jumps."""
    normal, strong = QFontMetricsF(fonts.normal), QFontMetricsF(fonts.strong)
    entries: list[LegendEntry] = []
    right = area.right() - S8
    for series in reversed([series for series in chart.lines if len(series.points)]):
        text = "" if series.style == "faint" else chart.value_text(series.points.ys[-1])
        value_width = max(strong.horizontalAdvance(text), strong.horizontalAdvance("00.0 %")) + S8 if text else 0.0
        text_left = right - value_width - normal.horizontalAdvance(series.title)
        left = text_left - SAMPLE - S8
        entries.insert(0, LegendEntry(series, text, left, text_left, right))
        right = left - S16
    return entries
