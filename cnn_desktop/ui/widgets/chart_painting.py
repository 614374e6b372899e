"""How a line chart is drawn: the ground that seldom changes, the lines, and the newest values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, S16, colors
from cnn_desktop.ui.widgets.chart_frame import SAMPLE, ChartFrame, LegendEntry

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.chart_marks import Mark
    from cnn_desktop.ui.widgets.chart_series import Series
    from cnn_desktop.ui.widgets.line_chart import LineChart

MOST_MARKERS = 60
DASHES = ((), (5, 3), (1.5, 2), (6, 2, 1.5, 2))
"""Patterns of lines laid over each other, in pen widths; the first is solid."""
_FAINT = 0.38
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE
_LEFT = Qt.AlignmentFlag.AlignLeft | _MIDDLE
_CENTRE = Qt.AlignmentFlag.AlignHCenter | _MIDDLE | Qt.TextFlag.TextWordWrap


class ChartPainter:
    """Draws parts of a chart into the frame laid out for it."""

    def __init__(self, chart: LineChart, frame: ChartFrame, painter: QPainter) -> None:
        self._chart, self._frame, self._painter = chart, frame, painter
        self._colors = colors()
        self._fonts = chart.fonts
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint_ground(self) -> None:
        """Draw what stays while lines grow: title, axes, marks, the legend without its values."""
        self._paint_title()
        self._paint_axes()
        for mark in self._chart.marks:
            self._paint_mark(mark)
        for entry in self._frame.legend:
            self._paint_legend_entry(entry)
        if self._chart.is_empty:
            self._paint_invitation()
        elif self._chart.view.part is not None:
            self._paint_way_back()

    def paint_lines(self, strip: QRectF) -> None:
        """Draw what of the lines lies in a strip of the plot."""
        low = self._frame.x.value((strip.left() - self._frame.plot.left()) / self._frame.plot.width())
        for series in self._chart.lines:
            if not len(series.points) or series.points.xs[-1] < low:
                continue  # it ends before
            # Dashes drawn from the middle of a line would start anew there.
            is_dashed = series.style == "markers" or series.dash
            area = self._frame.plot if is_dashed else strip
            columns = self._frame.columns(area.left(), area.right(), self._painter.device().devicePixelRatioF())
            self._paint_line(series, self._frame.polygon(*series.outline(columns)), columns.count)

    def paint_values(self) -> None:
        """Draw the newest values into the legend."""
        self._painter.setFont(self._fonts.strong.font)
        self._painter.setPen(QColor(self._colors.text))
        for entry in self._frame.legend:
            row = QRectF(entry.text_left, self._frame.legend_y - 10, entry.text_right - entry.text_left, 20)
            self._painter.drawText(row, _RIGHT, entry.text)

    def _text(self, area: QRectF, flags: int, text: str, color: str) -> None:
        self._painter.setPen(QColor(color))
        self._painter.drawText(area, flags, text)

    def _paint_title(self) -> None:
        self._painter.setFont(self._fonts.title.font)
        row = QRectF(0, 0, self._chart.width(), self._fonts.title.height)
        self._text(row, _LEFT, self._chart.title, self._colors.text)
        if self._chart.y_title:
            row.setLeft(self._fonts.title.width(self._chart.title) + S8 if self._chart.title else 0)
            self._painter.setFont(self._fonts.small.font)
            self._text(row, _LEFT, self._chart.y_title, self._colors.muted)

    def _paint_axes(self) -> None:
        plot, frame, height = self._frame.plot, self._frame, self._fonts.small.height
        self._painter.setFont(self._fonts.small.font)
        for value, text in zip(frame.y.ticks, self._chart.tick_texts(frame.y), strict=True):
            y = round(plot.bottom() - frame.y.share(value) * plot.height()) + 0.5
            self._painter.setPen(QPen(QColor(self._colors.grid), 1))
            self._painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            self._text(QRectF(0, y - height / 2, plot.left() - S8, height), _RIGHT, text, self._colors.muted)
        for value, text in zip(frame.x.ticks, frame.x.texts(), strict=True):
            width = self._fonts.small.width(text)
            left = min(frame.x_pixel(value) - width / 2, self._chart.width() - width)
            area = QRectF(left, plot.bottom() + S4, width + 1, height)
            self._text(area, _LEFT, text, self._colors.muted)
        self._text(frame.x_title, _CENTRE, self._chart.x_title, self._colors.muted)

    def _paint_way_back(self) -> None:
        """Say that this isn't everything, and how to see it all."""
        self._painter.setFont(self._fonts.small.font)
        text, plot = _("zoomed in · double click shows everything"), self._frame.plot
        width = min(plot.width(), self._fonts.small.width(text) + S8)
        area = QRectF(plot.right() - width, plot.bottom() - self._fonts.small.height - S4, width, S16)
        self._painter.fillRect(area, QColor(self._colors.card))
        self._text(area, _CENTRE, text, self._colors.accent)

    def _paint_invitation(self) -> None:
        self._painter.setFont(self._fonts.normal.font)
        plot = self._frame.plot.adjusted(S16, 0, -S16, 0)
        around = self._painter.boundingRect(plot, _CENTRE, self._chart.invitation)
        self._painter.fillRect(around.adjusted(-S8, -S8, S8, S8), QColor(self._colors.card))
        self._text(plot, _CENTRE, self._chart.invitation, self._colors.muted)

    def _paint_mark(self, mark: Mark) -> None:
        plot, x = self._frame.plot, self._frame.x_pixel(mark.x)
        if not plot.left() - 1 <= x <= plot.right() + 1:
            return
        self._painter.setPen(QPen(QColor(self._colors.muted), 1, Qt.PenStyle.DotLine))
        self._painter.drawLine(QLineF(round(x) + 0.5, plot.top(), round(x) + 0.5, plot.bottom()))
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._colors.muted))
        head = [QPointF(x - S4, plot.top()), QPointF(x + S4, plot.top()), QPointF(x, plot.top() + 6)]
        self._painter.drawPolygon(QPolygonF(head))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if mark.label:
            self._painter.setFont(self._fonts.small.font)
            width = self._fonts.small.width(mark.label)
            left = x + S8 if x + S8 + width <= plot.right() else x - S8 - width
            row = QRectF(left, plot.top() + S4, width + 1, self._fonts.small.height)
            self._painter.fillRect(row, QColor(self._colors.card))
            self._text(row, _LEFT, mark.label, self._colors.text)

    def _paint_legend_entry(self, entry: LegendEntry) -> None:
        y = self._frame.legend_y
        sample = QPolygonF([QPointF(entry.left, y), QPointF(entry.left + SAMPLE, y)])
        self._painter.setPen(self._pen(entry.series, width=2))
        self._painter.drawPolyline(sample)
        if entry.series.style == "markers":
            self._paint_markers([QPointF(entry.left + SAMPLE / 2, y)], entry.series)
        row = QRectF(entry.text_left, y - 10, entry.text_right - entry.text_left, 20)
        self._painter.setFont(self._fonts.normal.font)
        self._text(row, _LEFT, entry.series.title, self._colors.muted)

    def _paint_line(self, series: Series, points: QPolygonF, columns: int) -> None:
        # A wide antialiased pen is drawn by filling its outline, which takes Qt seconds where a long line is jagged.
        is_jagged = points.size() > 2 * columns
        self._painter.setPen(self._pen(series, width=1 if is_jagged else 2))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_jagged)
        self._painter.drawPolyline(points)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if points.size() == 1 or (series.style == "markers" and points.size() <= MOST_MARKERS):
            self._paint_markers(points.toList(), series)

    def _pen(self, series: Series, width: int) -> QPen:
        color = QColor(series_color(series))
        if series.style == "faint":  # mixed, not transparent: where it crosses itself it must not get darker
            color, width = _mixed(color, QColor(self._colors.card), _FAINT), 1
        pen = QPen(color, width)
        if series.style == "markers":
            pen.setDashPattern([4, 2])
        elif series.dash % len(DASHES):
            pen.setDashPattern(DASHES[series.dash % len(DASHES)])
        return pen

    def _paint_markers(self, points: list[QPointF], series: Series) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(series_color(series)))
        for point in points:
            self._painter.drawEllipse(point, 3, 3)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)


def _mixed(color: QColor, ground: QColor, share: float) -> QColor:
    """`share` of a colour on a ground."""
    parts = ((color.red(), ground.red()), (color.green(), ground.green()), (color.blue(), ground.blue()))
    return QColor(*(round(share * part + (1 - share) * below) for part, below in parts))


def series_color(series: Series) -> str:
    """The theme's colour of a line, as `#rrggbb`."""
    return colors().series[series.color % len(colors().series)]
