"""How a line chart is drawn: frame, lines, legend, and the values under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from cnn_desktop.ui.theme import S4, S8, S16, colors
from cnn_desktop.ui.widgets.chart_frame import SAMPLE, ChartFrame, LegendEntry, fonts_of

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.line_chart import LineChart, Series

_MOST_MARKERS = 60
_MOST_WIDE = 1000
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
_RIGHT = int(Qt.AlignmentFlag.AlignRight | _MIDDLE)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | _MIDDLE)
_CENTRE = int(Qt.AlignmentFlag.AlignHCenter | _MIDDLE)


class ChartPainter:
    """One drawing of a chart into the frame laid out for it."""

    def __init__(self, chart: LineChart, frame: ChartFrame, painter: QPainter) -> None:
        self._chart = chart
        self._frame = frame
        self._painter = painter
        self._colors = colors()
        self._fonts = fonts_of(chart)
        self._small_height = QFontMetricsF(self._fonts.small).height()

    def paint(self) -> None:
        """Draw everything."""
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_title()
        self._paint_axes()
        if self._chart.is_empty:
            self._paint_invitation()
            return
        for entry in self._frame.legend:
            self._paint_legend_entry(entry)
        self._painter.save()
        self._painter.setClipRect(self._frame.plot.adjusted(-S4, -S4, S4, S4))
        for series in self._chart.lines:
            self._paint_line(series)
        self._painter.restore()
        if self._chart.cursor_x is not None:
            self._paint_cursor(self._chart.cursor_x)

    def _text(self, area: QRectF, flags: int, text: str, color: str) -> None:
        self._painter.setPen(QColor(color))
        self._painter.drawText(area, flags, text)

    def _paint_title(self) -> None:
        self._painter.setFont(self._fonts.title)
        height = QFontMetricsF(self._fonts.title).height()
        self._text(QRectF(0, 0, self._chart.width(), height), _LEFT, self._chart.title, self._colors.text)

    def _paint_axes(self) -> None:
        plot, frame = self._frame.plot, self._frame
        self._painter.setFont(self._fonts.small)
        for value, text in zip(frame.y.ticks, frame.y_texts, strict=True):
            y = round(frame.point(0, value).y()) + 0.5
            self._painter.setPen(QPen(QColor(self._colors.grid), 1))
            self._painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            area = QRectF(0, y - self._small_height / 2, plot.left() - S8, self._small_height)
            self._text(area, _RIGHT, text, self._colors.muted)
        for value, text in zip(frame.x.ticks, frame.x_texts, strict=True):
            x = frame.point(value, 0).x()
            area = QRectF(x - 40, plot.bottom() + S4, 80, self._small_height)
            if area.right() - 40 + QFontMetricsF(self._fonts.small).horizontalAdvance(text) / 2 > self._chart.width():
                area.moveRight(self._chart.width() + 40 - S8)
            self._text(area, _CENTRE, text, self._colors.muted)
        below = QRectF(plot.left(), plot.bottom() + S4 + self._small_height, plot.width(), self._small_height)
        self._text(below, _CENTRE, self._chart.x_title, self._colors.muted)

    def _paint_invitation(self) -> None:
        self._painter.setFont(self._fonts.normal)
        plot = self._frame.plot.adjusted(S16, 0, -S16, 0)
        around = self._painter.boundingRect(plot, _CENTRE, self._chart.invitation)
        self._painter.fillRect(around.adjusted(-S8, -S8, S8, S8), QColor(self._colors.card))
        self._text(plot, _CENTRE, self._chart.invitation, self._colors.muted)

    def _paint_legend_entry(self, entry: LegendEntry) -> None:
        y = self._frame.legend_y
        sample = QPolygonF([QPointF(entry.left, y), QPointF(entry.left + SAMPLE, y)])
        self._painter.setPen(self._pen(entry.series, width=2))
        self._painter.drawPolyline(sample)
        if entry.series.style == "markers":
            self._paint_markers([QPointF(entry.left + SAMPLE / 2, y)], entry.series)
        row = QRectF(entry.text_left, y - 10, entry.text_right - entry.text_left, 20)
        self._painter.setFont(self._fonts.normal)
        self._text(row, _LEFT, entry.series.title, self._colors.muted)
        self._painter.setFont(self._fonts.strong)
        self._text(row, _RIGHT, entry.text, self._colors.text)

    def _paint_line(self, series: Series) -> None:
        frame = self._frame
        # Qt carries the points over to pixels itself, many times faster than Python would.
        points = frame.transform().map(series.outline.polygon())
        # A wide antialiased pen is drawn by filling its outline, which takes Qt seconds where a long line is jagged.
        self._painter.setPen(self._pen(series, width=2 if points.size() <= 2 * _MOST_WIDE else 1))
        self._painter.drawPolyline(points)
        if points.size() == 2 or (series.style == "markers" and points.size() <= 2 * _MOST_MARKERS):
            self._paint_markers(points.toList()[::2], series)

    def _pen(self, series: Series, width: int) -> QPen:
        color = QColor(self._series_color(series))
        if series.style == "faint":
            color.setAlphaF(0.5)
            width = 1
        pen = QPen(color, width)
        if series.style == "markers":
            pen.setDashPattern([4, 2])
        return pen

    def _paint_markers(self, points: list[QPointF], series: Series) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._series_color(series)))
        for point in points:
            self._painter.drawEllipse(point, 3, 3)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def _series_color(self, series: Series) -> str:
        return self._colors.series[series.color % len(self._colors.series)]

    def _paint_cursor(self, x: float) -> None:
        plot = self._frame.plot
        pixel = self._frame.point(x, 0).x()
        self._painter.setPen(QPen(QColor(self._colors.muted), 1))
        self._painter.drawLine(QLineF(pixel, plot.top(), pixel, plot.bottom()))
        rows = [(self._chart.x_title, f"{x:.2f}")]
        for series in self._chart.lines:
            value = series.points.at(x)
            if value is not None:
                self._paint_markers([self._frame.point(x, value)] if series.style == "line" else [], series)
                rows.append((series.title, self._chart.value_text(value)))
        self._paint_box(pixel, rows)

    def _paint_box(self, pixel: float, rows: list[tuple[str, str]]) -> None:
        self._painter.setFont(self._fonts.small)
        metrics = QFontMetricsF(self._fonts.small)
        width = max(metrics.horizontalAdvance(name + value) for name, value in rows) + 4 * S8
        height = len(rows) * (metrics.height() + 2) + 2 * S4
        left = pixel + S8 if pixel + S8 + width <= self._frame.plot.right() else pixel - S8 - width
        box = QRectF(left, self._frame.plot.top(), width, height)
        self._painter.setPen(QPen(QColor(self._colors.border), 1))
        self._painter.setBrush(QColor(self._colors.card))
        self._painter.drawRoundedRect(box, 6, 6)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, (name, value) in enumerate(rows):
            row = QRectF(left + S8, box.top() + S4 + index * (metrics.height() + 2), width - 2 * S8, metrics.height())
            self._text(row, _LEFT, name, self._colors.muted)
            self._text(row, _RIGHT, value, self._colors.text)
