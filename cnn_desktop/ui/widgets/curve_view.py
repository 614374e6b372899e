"""A small still curve with quiet axes: a schedule, or the loss over the learning rate."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.chart_axis import Axis, log_axis, nice_axis

Point = tuple[float, float]

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE
_CENTRE = Qt.AlignmentFlag.AlignHCenter | _MIDDLE


class CurveView(QWidget):
    """One line over x, of which fainter points may tell where it comes from.

    Args:
        x_title: under the axis.
        is_log: whether x is drawn as its logarithm, in decades.
        y_text: how a value of y is written at its tick.
        height: in pixels, the smallest.
    """

    def __init__(
        self,
        x_title: str,
        *,
        is_log: bool = False,
        y_text: Callable[[float], str] = "{:g}".format,
        height: int = 104,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._x_title = x_title
        self._is_log = is_log
        self._y_text = y_text
        self._height = height
        self._x_range: tuple[float, float] | None = None
        self._line: list[Point] = []
        self._faint: list[Point] = []
        self._mark: tuple[float, str] | None = None
        self._top = math.inf
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)

    @property
    def line(self) -> list[Point]:
        """The points that are drawn."""
        return self._line

    @property
    def mark(self) -> tuple[float, str] | None:
        """The x that is marked, and what is written there."""
        return self._mark

    def set_x_range(self, low: float, high: float) -> None:
        """Keep the x axis as it is while points come."""
        self._x_range = (low, high)

    def show_line(
        self,
        line: Sequence[Point],
        faint: Sequence[Point] = (),
        mark: tuple[float, str] | None = None,
        top: float = math.inf,
    ) -> None:
        """Draw `line`, `faint` behind it, and a mark at an x; what isn't finite, or lies above `top`, is cut off."""
        self._top = top
        self._line = [point for point in line if math.isfinite(point[1])]
        self._faint = [point for point in faint if math.isfinite(point[1])]
        self._mark = mark
        self.setAccessibleDescription(self._in_words())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(280, self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._line and self._x_range is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(self.fontInfo().pixelSize() - 2)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        x, y = self._x_axis(), self._y_axis()
        left = max((metrics.horizontalAdvance(self._y_text(tick)) for tick in y.ticks), default=0.0) + S8
        plot = QRectF(left, S8, self.width() - left - S8, self.height() - 2 * metrics.height() - S4 - S8)
        self._paint_axes(painter, plot, x, y)
        if not self._line:
            painter.end()
            return

        def at(point: Point) -> QPointF:
            right, up = x.share(point[0]), y.share(point[1])
            return QPointF(plot.left() + right * plot.width(), plot.bottom() - up * plot.height())

        painter.setClipRect(plot.adjusted(-S4, -S4, S4, S4))
        series = QColor(colors().series[0])
        faint = QColor(series)
        faint.setAlphaF(0.4)
        painter.setPen(QPen(faint, 1))
        painter.drawPolyline(QPolygonF([at(point) for point in self._faint]))
        painter.setPen(QPen(series, 2))
        painter.drawPolyline(QPolygonF([at(point) for point in self._line]))
        if self._mark is not None:
            self._paint_mark(painter, plot, at((self._mark[0], 0.0)).x(), self._mark[1])
        painter.end()

    def _paint_axes(self, painter: QPainter, plot: QRectF, x: Axis, y: Axis) -> None:
        now = colors()
        height = QFontMetricsF(painter.font()).height()
        for value in y.ticks:
            level = round(plot.bottom() - y.share(value) * plot.height()) + 0.5
            painter.setPen(QPen(QColor(now.grid), 1))
            painter.drawLine(QLineF(plot.left(), level, plot.right(), level))
            painter.setPen(QColor(now.muted))
            painter.drawText(QRectF(0, level - height / 2, plot.left() - S8, height), _RIGHT, self._y_text(value))
        painter.setPen(QColor(now.muted))
        for value, text in zip(x.ticks, x.texts(), strict=True):
            half = QFontMetricsF(painter.font()).horizontalAdvance(text) / 2 + 1
            middle = plot.left() + x.share(value) * plot.width()
            middle = min(middle, self.width() - half)
            painter.drawText(QRectF(middle - half, plot.bottom() + S4, 2 * half, height), _CENTRE, text)
        below = QRectF(plot.left(), plot.bottom() + S4 + height, plot.width(), height)
        painter.drawText(below, _CENTRE, self._x_title)

    def _paint_mark(self, painter: QPainter, plot: QRectF, x: float, text: str) -> None:
        now = colors()
        painter.setPen(QPen(QColor(now.series[1]), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2 * S8
        height = QFontMetricsF(painter.font()).height()
        left = x + S4 if x + S4 + width <= plot.right() else x - S4 - width
        area = QRectF(left, plot.top(), width, height + S4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.card))
        painter.drawRoundedRect(area, 4, 4)
        painter.setPen(QColor(now.text))
        painter.drawText(area, _CENTRE, text)

    def _in_words(self) -> str:
        if not self._line:
            return _("empty")
        first, last = self._y_text(self._line[0][1]), self._y_text(self._line[-1][1])
        return _("from {first} to {last}").format(first=first, last=last)

    def _x_axis(self) -> Axis:
        low, high = self._x_range or (0.0, max((x for x, _y in self._line), default=1.0))
        if self._is_log:
            return log_axis(low, high, 9)
        return nice_axis(low, high, 6, keeps_ends=True, whole=high - low >= 2)

    def _y_axis(self) -> Axis:
        values = [y for _x, y in self._line]
        low, high = min(0.0, *values, 0.0), min(self._top, max(values, default=1.0))
        return nice_axis(low, high if high > low else low + 1.0, 4)
