"""What a chart tells about the place under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.chart_frame import ChartFrame
from cnn_desktop.ui.widgets.chart_marks import near
from cnn_desktop.ui.widgets.chart_painting import series_color

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.chart_series import Series
    from cnn_desktop.ui.widgets.line_chart import LineChart

_REACH = 6
"""Pixels from a mark or a marker within which it is told of."""

Row = tuple[str, str, str]
"""Colour of the dot (empty: none), name, value."""


def cursor_rows(chart: LineChart, frame: ChartFrame, x: float) -> list[Row]:
    """The x, the value of every line there, and what the marks beside it say."""
    rows: list[Row] = [("", chart.x_title, chart.x_text(x))]
    for series in chart.lines:
        index = _point_at(series, frame, x)
        if index is not None:
            rows.append((series_color(series), series.title, chart.value_text(series.value(index))))
    low, high = _beside(frame, x, -_REACH), _beside(frame, x, _REACH)
    return rows + [("", mark.text, "") for mark in near(chart.marks, low, high)]


def paint_cursor(chart: LineChart, frame: ChartFrame, painter: QPainter, x: float) -> None:
    """Draw a line at `x`, a dot on every line of the chart, and a box with the values."""
    plot, pixel = frame.plot, frame.x_pixel(x)
    painter.setPen(QPen(QColor(colors().muted), 1))
    painter.drawLine(QLineF(round(pixel) + 0.5, plot.top(), round(pixel) + 0.5, plot.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    for series in chart.lines:
        index = _point_at(series, frame, x)
        if index is None or series.style == "faint":
            continue
        if spot := frame.spot(float(series.points.xs[index]), series.value(index)):
            painter.setBrush(QColor(series_color(series)))
            painter.drawEllipse(spot, 3.5, 3.5)
    _paint_box(chart, frame, painter, cursor_rows(chart, frame, x))


def _point_at(series: Series, frame: ChartFrame, x: float) -> int | None:
    """The last point up to the cursor; a marker counts from where the cursor touches it."""
    return series.points.at(_beside(frame, x, _REACH) if series.style == "markers" else x)


def _beside(frame: ChartFrame, x: float, pixels: float) -> float:
    return frame.x.value(frame.share_at(frame.x_pixel(x) + pixels))


def _paint_box(chart: LineChart, frame: ChartFrame, painter: QPainter, rows: list[Row]) -> None:
    face = chart.fonts.small
    height = face.height + 2
    room = max(2, int((chart.height() - 2 * S4) / height))
    if len(rows) > room:
        rows = [*rows[: room - 1], ("", _("{count} more").format(count=len(rows) - room + 1), "")]
    width = max(face.width(name) + face.width(value) for _dot, name, value in rows)
    box = QRectF(0, 0, width + 5 * S8, len(rows) * height + 2 * S4)
    pixel = frame.x_pixel(chart.cursor_x or 0.0)
    fits = pixel + S8 + box.width() <= chart.width()
    box.moveLeft(pixel + S8 if fits else max(0.0, pixel - S8 - box.width()))
    box.moveTop(max(0.0, min(frame.plot.top(), chart.height() - box.height())))
    painter.setPen(QPen(QColor(colors().border), 1))
    painter.setBrush(QColor(colors().card))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.setFont(face.font)
    for number, (dot, name, value) in enumerate(rows):
        row = QRectF(box.left() + S8, box.top() + S4 + number * height, box.width() - 2 * S8, height)
        _paint_row(painter, row, (dot, name, value))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_row(painter: QPainter, area: QRectF, row: Row) -> None:
    dot, name, value = row
    if dot:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(dot))
        painter.drawEllipse(QPointF(area.left() + S4, area.center().y()), 3, 3)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(colors().muted if value else colors().text))
    painter.drawText(area.adjusted(2 * S8 if dot else 0, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | middle, name)
    painter.setPen(QColor(colors().text))
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, value)
