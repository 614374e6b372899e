"""A light line chart: drawn by hand, so that watching a training costs it next to nothing."""

import math
import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.chart_axis import Axis
from cnn_desktop.ui.widgets.chart_cursor import paint_cursor
from cnn_desktop.ui.widgets.chart_frame import ChartFrame, Fonts, frame_of
from cnn_desktop.ui.widgets.chart_gestures import ChartGestures
from cnn_desktop.ui.widgets.chart_marks import Mark
from cnn_desktop.ui.widgets.chart_outline import Numbers
from cnn_desktop.ui.widgets.chart_painting import ChartPainter
from cnn_desktop.ui.widgets.chart_picture import ChartPicture
from cnn_desktop.ui.widgets.chart_series import MeanSeries, Series, Style
from cnn_desktop.ui.widgets.chart_view import View

_DESCRIPTION_AGE = 1.0
"""Seconds for which the newest values as screen readers read them may stay as they are."""


class LineChart(ChartGestures):
    """Named lines over a common x that grow while one watches; it fills itself with the colour of cards.

    Args:
        title: at the top left, with `y_title`, the unit, small beside it.
        name: for screen readers; None: the title.
        x_title: under the x axis.
        y_range: fixed ends of the y axis; None fits the values, from 0 up. Of shares 0 and 1.
        is_share: whether the values are shares of 1, which are written as percentages.
        x_log: whether the x axis is logarithmic; it then fits the points.
        y_log: whether the y axis is.
        value_text: how a value is written in the legend and under the cursor; None: to three decimals.
        x_text: how an x is written under the cursor; None: to about a pixel.
        invitation: what an empty chart says.
        shows_legend: whether the lines' names and newest values stand above them.
    """

    def __init__(  # noqa: PLR0913  what a chart looks like, in one place
        self,
        title: str,
        *,
        x_title: str,
        y_title: str = "",
        name: str | None = None,
        y_range: tuple[float, float] | None = None,
        is_share: bool = False,
        x_log: bool = False,
        y_log: bool = False,
        value_text: Callable[[float], str] | None = None,
        x_text: Callable[[float], str] | None = None,
        invitation: str = "",
        shows_legend: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title, self.x_title, self.y_title = title, x_title, y_title
        self.value_text = value_text or (percent_text if is_share else "{:.3f}".format)
        self._x_text, self._is_share = x_text, is_share
        self.invitation = invitation
        self.shows_legend = shows_legend
        self.marks: list[Mark] = []
        self._series: dict[str, Series] = {}
        self._tools: list[QWidget] = []
        self.view = View(self._series.values(), y_range or ((0.0, 1.0) if is_share else None), x_log=x_log, y_log=y_log)
        self.fonts = Fonts(self.font())
        self.tools_size = QSizeF()
        self._picture = ChartPicture(self)
        self._frame: ChartFrame | None = None
        self._described_at = 0.0
        self._legend_area = QRectF()
        self.setAccessibleName(name or title)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # ---- lines

    def add_series(self, name: str, title: str, *, color: int, style: Style, dash: int = 0) -> None:
        """Give the chart one more line, empty at first; `color` and `dash` are places in the theme's lists."""
        self._series[name] = Series(name, title, color, style, dash)

    def add_mean(self, name: str, title: str, *, of: str, color: int) -> None:
        """Give the chart the running mean of another line; `set_window` says over how much of x."""
        self._series[name] = MeanSeries(name, title, color, "line", points=self._series[of].points)

    def remove_series(self, name: str) -> None:
        """Take a line away."""
        del self._series[name]
        self._redraw()

    def set_window(self, name: str, window: float) -> None:
        """How far back the mean `name` looks, in units of x."""
        series = self._series[name]
        if isinstance(series, MeanSeries) and series.window != window:
            series.window = window
            self._redraw()

    def add_point(self, name: str, x: float, y: float) -> None:
        """Append a point, its x not below the last one's; call `refresh` after the last of several."""
        self.add_points(name, (x,), (y,))

    def add_points(self, name: str, xs: Sequence[float] | Numbers, ys: Sequence[float] | Numbers) -> None:
        """Append several points, x rising."""
        self._series[name].points.extend(xs, ys)
        self._frame = None

    def set_points(self, name: str, xs: Sequence[float] | Numbers, ys: Sequence[float] | Numbers) -> None:
        """Replace all points of a line; means of it don't follow."""
        old = self._series[name]
        self._series[name] = Series(old.name, old.title, old.color, old.style, old.dash)
        self.add_points(name, xs, ys)
        self._redraw()

    def series(self, name: str) -> list[tuple[float, float]]:
        """Every point of a line as it is drawn, as (x, y)."""
        series = self._series[name]
        values = series.values(np.arange(len(series.points)))
        return list(zip(series.points.xs.tolist(), values.tolist(), strict=True))

    @property
    def lines(self) -> Iterable[Series]:
        """The lines, in the order in which they are drawn."""
        return self._series.values()

    @property
    def is_empty(self) -> bool:
        """Whether no line has a point."""
        return not any(len(series.points) for series in self.lines)

    # ---- what stands around them

    def tick_texts(self, axis: Axis) -> list[str]:
        """What is written at the ticks of the y axis."""
        return [f"{text} %" for text in axis.times(100).texts()] if self._is_share else axis.texts()

    def x_text(self, x: float) -> str:
        """An x as it is told under the cursor."""
        if self._x_text is not None:
            return self._x_text(x)
        axis = self.frame_now.x
        return f"{x:.3g}" if axis.is_log else f"{x:.{max(2, 3 - math.floor(math.log10(axis.high - axis.low)))}f}"

    def add_mark(self, x: float, text: str, label: str = "") -> None:
        """Draw a thin line at `x`; `text` is told under the cursor, `label` stands beside the line."""
        self.marks.append(Mark(x, text, label))
        self._redraw()

    def clear_marks(self) -> None:
        """Take every mark away."""
        self.marks.clear()
        self._redraw()

    def set_x_end(self, end: float) -> None:
        """Where the x axis ends; points beyond it move it further."""
        self.view.x_end = max(end, 1e-6)
        self.show_view()

    def set_x_log(self, on: bool) -> None:
        """Make the x axis logarithmic or linear."""
        self.view.x_log = on
        self.reset_zoom()

    def set_y_log(self, on: bool) -> None:
        """Make the y axis logarithmic or linear."""
        self.view.y_log = on
        self.show_view()

    def set_invitation(self, text: str) -> None:
        """Change what an empty chart says."""
        if text != self.invitation:
            self.invitation = text
            self._redraw()

    def add_tool(self, widget: QWidget) -> None:
        """Place a small control at the bottom right, in the row of the x title."""
        widget.setParent(self)
        self._tools.append(widget)
        self._place_tools()

    def clear(self) -> None:
        """Take points, marks and zoom away; the lines stay."""
        for series in self.lines:
            series.points.clear()
        self.marks.clear()
        self.view.part = None
        self.set_cursor(None)
        self._redraw()

    def refresh(self) -> None:
        """Draw what was added, once, soon; nothing happens while the chart can't be seen."""
        if not self.isVisible() or self.window().isMinimized():
            return
        if time.monotonic() - self._described_at > _DESCRIPTION_AGE:
            self._describe()
        if self.cursor_x is not None:
            self.update()
            return
        frame = self.frame_now
        changed = self._picture.bring_up_to_date(frame)
        for area in (changed, frame.legend_area.united(self._legend_area)):
            if not area.isEmpty():
                self.update(area.toAlignedRect())

    # ---- Qt

    @property
    @override
    def frame_now(self) -> ChartFrame:
        if self._frame is None:
            self._frame = frame_of(self, QSizeF(self.size()))
        return self._frame

    @override
    def show_view(self) -> None:
        self._frame = None
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 280)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, 90)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        frame = self.frame_now
        self._picture.bring_up_to_date(frame)
        self._legend_area = frame.legend_area
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture.pixmap)
        ChartPainter(self, frame, painter).paint_values()
        if self.shows_focus:
            painter.setPen(QPen(QColor(colors().accent), 1))
            painter.drawRoundedRect(frame.plot.adjusted(-2.5, -2.5, 2.5, 2.5), S4, S4)
        if self.band is not None:
            chosen = QColor(colors().accent)
            chosen.setAlphaF(0.15)
            left, right = sorted(self.band)
            painter.fillRect(QRectF(left, frame.plot.top(), right - left, frame.plot.height()), chosen)
        elif self.cursor_x is not None and not self.is_empty and 0 <= frame.x.share(self.cursor_x) <= 1:
            paint_cursor(self, frame, painter, self.cursor_x)
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame = None
        self._place_tools()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._describe()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self.fonts = Fonts(self.font())
            self._place_tools()
            self._redraw()

    def _redraw(self) -> None:
        self._picture.forget()
        self.show_view()

    def _place_tools(self) -> None:
        hints = [tool.sizeHint() for tool in self._tools]
        height = max((hint.height() for hint in hints), default=0)
        self.tools_size = QSizeF(sum(hint.width() + S8 for hint in hints), height)
        right = self.width()
        for tool in reversed(self._tools):
            hint = tool.sizeHint()
            right -= hint.width()
            top = self.height() - round((height + hint.height()) / 2)
            tool.setGeometry(right, top, hint.width(), hint.height())
            right -= S8

    def _describe(self) -> None:
        self._described_at = time.monotonic()
        values = [f"{s.title} {self.value_text(s.value(-1))}" for s in self.lines if len(s.points)]
        self.setAccessibleDescription(", ".join(values) or _("empty"))
