"""Where the parts of a line chart lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPolygonF

from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.chart_outline import Columns

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.chart_axis import Axis
    from cnn_desktop.ui.widgets.chart_outline import Numbers
    from cnn_desktop.ui.widgets.chart_series import Series
    from cnn_desktop.ui.widgets.line_chart import LineChart

SAMPLE = 18
"""Width of the piece of line in the legend."""


class Face:
    """A font, and how much room its texts take; each text is measured once."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        metrics = QFontMetricsF(font)
        self.height = metrics.height()
        self.width = lru_cache(maxsize=256)(metrics.horizontalAdvance)


class Fonts:
    """The fonts of a chart, in the window's sizes."""

    def __init__(self, base: QFont) -> None:
        pixels = QFontInfo(base).pixelSize()

        def face(change: int, *, bold: bool = False) -> Face:
            font = QFont(base)
            font.setPixelSize(pixels + change)
            font.setBold(bold)
            return Face(font)

        self.normal, self.strong = face(-1), face(-1, bold=True)
        self.title, self.small = face(1, bold=True), face(-2)


@dataclass(frozen=True)
class LegendEntry:
    """One line's place in the legend, from `left` on; `text` is its newest value."""

    series: Series
    text: str
    left: float
    text_left: float
    text_right: float


@dataclass(frozen=True, eq=False)
class ChartFrame:
    """The plot area, its axes, and the legend above it."""

    plot: QRectF
    x: Axis
    y: Axis
    legend: list[LegendEntry]
    legend_y: float
    x_title: QRectF

    @property
    def skeleton(self) -> tuple[object, ...]:
        """What must be equal for a drawing into another frame to fit this one."""
        places = tuple((entry.series.name, entry.left) for entry in self.legend)
        return self.x, self.y, places, self.legend_y, *_numbers(self.plot), *_numbers(self.x_title)

    @property
    def legend_area(self) -> QRectF:
        """Where the legend is."""
        if not self.legend:
            return QRectF()
        left = self.legend[0].left
        return QRectF(left, self.legend_y - 10, self.legend[-1].text_right - left, 20)

    def spot(self, x: float, y: float) -> QPointF | None:
        """Where a value lies, in pixels; None outside the plot."""
        points = self.polygon(np.array([x]), np.array([y]))
        return points.at(0) if points.size() and self.plot.contains(points.at(0)) else None

    def x_pixel(self, x: float) -> float:
        """Where an x lies, in pixels."""
        return self.plot.left() + self.x.share(x) * self.plot.width()

    def polygon(self, xs: Numbers, ys: Numbers) -> QPolygonF:
        """Where values lie, in pixels; those that the axes can't show are left out."""
        across = self.plot.left() + self.x.shares(xs) * self.plot.width()
        down = self.plot.bottom() - self.y.shares(ys) * self.plot.height()
        is_there = np.isfinite(across) & np.isfinite(down)
        return _polygon(np.stack((across[is_there], down[is_there]), axis=1))

    def columns(self, left: float, right: float, a_pixel: float) -> Columns:
        """The pixel columns between two positions, as far as they lie inside the plot, so many to a pixel of Qt's."""
        left, right = max(left, self.plot.left()), min(right, self.plot.right())
        low, high = (self.x.value((pixel - self.plot.left()) / self.plot.width()) for pixel in (left, right))
        return Columns(low, high, max(1, round((right - left) * a_pixel)), self.x.is_log)

    def share_at(self, pixel: float) -> float:
        """The share of the plot's width at a horizontal position, from 0 to 1."""
        return min(1.0, max(0.0, (pixel - self.plot.left()) / self.plot.width()))

    def x_at(self, pixel: float) -> float | None:
        """The x value at a horizontal position; None outside the plot."""
        if not self.plot.left() <= pixel <= self.plot.right():
            return None
        return self.x.value(self.share_at(pixel))


def _numbers(area: QRectF) -> tuple[float, float, float, float]:
    return area.left(), area.top(), area.width(), area.height()


def _polygon(corners: Numbers) -> QPolygonF:
    """A polygon as Qt would read it from a stream, which is twenty times as fast as making each point in Python."""
    polygon = QPolygonF()
    stream = QDataStream(QByteArray(len(corners).to_bytes(4, "big") + corners.astype(">f8").tobytes()))
    stream >> polygon  # pyright: ignore[reportUnusedExpression]
    return polygon


def frame_of(chart: LineChart, size: QSizeF) -> ChartFrame:
    """Lay the chart out in an area of that size, its tools included."""
    fonts, tools = chart.fonts, chart.tools_size
    small, line = fonts.small, fonts.title.height
    legend = _legend(chart, size.width())
    title_width = fonts.title.width(chart.title) + (small.width(chart.y_title) + S8 if chart.y_title else 0.0)
    own_row = bool(legend) and title_width > 0 and legend[0].left < title_width + S16
    rows = (2 if own_row else 1) if title_width or legend else 0
    top = round(rows * line + (S8 + S4 if rows else small.height / 2))
    below = max(small.height, tools.height()) + S4
    bottom = round(size.height() - small.height - S4 - below)
    x = chart.view.x_axis(7 if size.width() > 460 else 5)
    y = chart.view.y_axis(x, 7 if bottom - top > 160 else 4)
    left = max(small.width(text) for text in [*chart.tick_texts(y), "100 %"]) + S8
    right = size.width() - S8
    is_wide = right - left > 2 * tools.width() + 120  # else the x title makes way for the tools
    tools_width = 0 if is_wide else tools.width() + S8
    return ChartFrame(
        plot=QRectF(left, top, max(1.0, right - left), max(1.0, bottom - top)),
        x=x,
        y=y,
        legend=legend,
        legend_y=round(line * (1.5 if own_row else 0.5)),
        x_title=QRectF(left, size.height() - below + S4, max(1.0, right - left - tools_width), below - S4),
    )


def _legend(chart: LineChart, width: float) -> list[LegendEntry]:
    """The legend, right-aligned; a value has the room of the widest it is likely to show, so that nothing jumps."""
    if not chart.shows_legend:
        return []
    normal, strong = chart.fonts.normal, chart.fonts.strong
    entries: list[LegendEntry] = []
    right = width - S8
    for series in reversed([series for series in chart.lines if len(series.points)]):
        text = "" if series.style == "faint" else chart.value_text(series.value(-1))
        value_width = max(strong.width(text), strong.width("00.0 %")) + S8 if text else 0.0
        text_left = right - value_width - normal.width(series.title)
        left = text_left - SAMPLE - S8
        entries.insert(0, LegendEntry(series, text, left, text_left, right))
        right = left - S16
    return entries
