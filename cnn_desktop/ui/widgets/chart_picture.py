"""The drawn chart, kept between looks: where lines only grew, only a strip of it is drawn again."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPixmap

from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.chart_painting import MOST_MARKERS, ChartPainter

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.chart_frame import ChartFrame
    from cnn_desktop.ui.widgets.chart_series import Series
    from cnn_desktop.ui.widgets.line_chart import LineChart

_BEYOND = S8
"""How far a line's end, with its marker, reaches beyond its last point, in pixels."""

_LONGEST_WAIT = 1.0
"""Seconds after which new points are drawn even where they only thicken the last pixel column."""


class ChartPicture:
    """A chart on the ground of cards, without cursor and newest values."""

    def __init__(self, chart: LineChart) -> None:
        self._chart = chart
        self._ground, self.pixmap = QPixmap(), QPixmap()
        self._fits: tuple[object, ...] | None = None
        self._drawn: dict[str, int] = {}
        self._drawn_at = 0.0

    def forget(self) -> None:
        """Draw all of it the next time, since something other than new points changed."""
        self._fits = None

    def bring_up_to_date(self, frame: ChartFrame) -> QRectF:
        """Draw what is missing, and return the area in which the picture changed."""
        fits = (*frame.skeleton, self._chart.size(), self._chart.devicePixelRatioF(), colors(), self._loses_markers())
        if fits != self._fits:
            self._fits = fits
            self._draw_all(frame)
            return QRectF(self._chart.rect())
        strip = self._strip(frame)
        if strip.isValid() and not self._can_wait(frame):
            self._draw_strip(frame, strip)
            return strip
        return QRectF()

    def _draw_all(self, frame: ChartFrame) -> None:
        ratio = self._chart.devicePixelRatioF()
        self._ground = QPixmap(self._chart.size() * ratio)
        self._ground.setDevicePixelRatio(ratio)
        self._ground.fill(QColor(colors().card))
        painter = QPainter(self._ground)
        ChartPainter(self._chart, frame, painter).paint_ground()
        painter.end()
        self.pixmap = self._ground.copy()
        self._draw_strip(frame, frame.plot.adjusted(-S4, -S4, S4, S4))

    def _draw_strip(self, frame: ChartFrame, strip: QRectF) -> None:
        ratio = self._ground.devicePixelRatioF()
        strip = strip.adjusted(0, -1, 0, 1)
        pixels = QRectF(strip.topLeft() * ratio, strip.size() * ratio).toAlignedRect()  # else its edges would blur
        area = QRectF(QPointF(pixels.topLeft()) / ratio, QSizeF(pixels.size()) / ratio)
        painter = QPainter(self.pixmap)
        painter.setClipRect(area)
        painter.drawPixmap(area, self._ground, QRectF(pixels))
        ChartPainter(self._chart, frame, painter).paint_lines(strip.adjusted(-_BEYOND, 0, _BEYOND, 0))
        painter.end()
        self._drawn_at = time.monotonic()
        self._drawn = {series.name: len(series.points) for series in self._chart.lines}

    def _strip(self, frame: ChartFrame) -> QRectF:
        """From the last points that were drawn to the newest ones, in whole pixels; empty if nothing came."""
        grown = [series for series in self._chart.lines if len(series.points) > self._drawn.get(series.name, 0)]
        if not grown:
            return QRectF()
        first = min(self._last_drawn_x(series) for series in grown)
        last = max(float(series.points.xs[-1]) for series in grown)
        left = frame.x_pixel(max(first, frame.x.low)) - _BEYOND
        right = frame.x_pixel(min(max(last, frame.x.low), frame.x.high)) + _BEYOND
        left, right = max(left, frame.plot.left() - S4), min(right, frame.plot.right() + S4)
        if first > frame.x.high or right <= left:
            return QRectF()
        return QRectF(math.floor(left), frame.plot.top() - S4, math.ceil(right - left) + 1, frame.plot.height() + S8)

    def _can_wait(self, frame: ChartFrame) -> bool:
        """Whether nothing new lies a pixel further yet, and the last drawing is less than a second ago."""
        if time.monotonic() - self._drawn_at > _LONGEST_WAIT:
            return False
        return all(
            self._drawn.get(series.name, 0)
            and series.style != "markers"
            and abs(frame.x_pixel(float(series.points.xs[-1])) - frame.x_pixel(self._last_drawn_x(series))) < 1
            for series in self._chart.lines
            if len(series.points) > self._drawn.get(series.name, 0)
        )

    def _last_drawn_x(self, series: Series) -> float:
        drawn = self._drawn.get(series.name, 0)
        return float(series.points.xs[max(0, drawn - 1)])

    def _loses_markers(self) -> tuple[bool, ...]:
        return tuple(series.style == "markers" and len(series.points) > MOST_MARKERS for series in self._chart.lines)
