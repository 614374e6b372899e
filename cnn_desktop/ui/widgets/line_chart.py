"""A light line chart: drawn by hand, so that watching a training costs it next to nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.chart_axis import Axis, nice_axis
from cnn_desktop.ui.widgets.chart_frame import frame_of
from cnn_desktop.ui.widgets.chart_outline import Outline
from cnn_desktop.ui.widgets.chart_painting import ChartPainter
from cnn_desktop.ui.widgets.chart_series import Points

Style = Literal["faint", "line", "markers"]
"""`faint`: every point, thin and pale; `line`: solid; `markers`: dashed, with a dot at each point."""


@dataclass
class Series:
    """A named line. `color` is its place among the theme's series colours."""

    name: str
    title: str
    color: int
    style: Style
    points: Points = field(default_factory=Points)
    outline: Outline = field(init=False)

    def __post_init__(self) -> None:
        self.outline = Outline(self.points)


class LineChart(QWidget):
    """Named lines over a common x that grows while one watches.

    Args:
        title: at the top left; also the accessible name.
        x_title: under the x axis.
        y_range: fixed ends of the y axis; None fits the values, from 0 up.
        value_text: how a value is written in the legend and under the cursor.
        invitation: what an empty chart says.
    """

    def __init__(
        self,
        title: str,
        *,
        x_title: str,
        y_range: tuple[float, float] | None = None,
        value_text: Callable[[float], str] = "{:.3f}".format,
        invitation: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.x_title = x_title
        self.value_text = value_text
        self.invitation = invitation
        self.cursor_x: float | None = None
        self._y_range = y_range
        self._x_end = 10.0
        self._series: dict[str, Series] = {}
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def add_series(self, name: str, title: str, *, color: int, style: Style) -> None:
        """Give the chart one more line, empty at first."""
        self._series[name] = Series(name, title, color, style)

    def series(self, name: str) -> list[tuple[float, float]]:
        """Every point of a line, as (x, y)."""
        return list(self._series[name].points)

    @property
    def lines(self) -> Iterable[Series]:
        """The lines, in the order in which they are drawn."""
        return self._series.values()

    @property
    def is_empty(self) -> bool:
        """Whether no line has a point."""
        return not any(len(series.points) for series in self.lines)

    def add_point(self, name: str, x: float, y: float) -> None:
        """Append a point; call `refresh` after the last of several."""
        self._series[name].points.add(x, y)

    def set_x_end(self, end: float) -> None:
        """Where the x axis ends; points beyond it move it further."""
        self._x_end = max(end, 1e-6)

    def clear(self) -> None:
        """Take every point away; the lines stay."""
        for name, old in self._series.items():
            self._series[name] = Series(old.name, old.title, old.color, old.style)
        self.cursor_x = None
        self.update()

    def refresh(self) -> None:
        """Draw what was added, once, soon; nothing happens while the chart can't be seen."""
        self._describe()
        self.update()

    def x_axis(self, most_ticks: int) -> Axis:
        """From 0 to the end asked for, or to the last point beyond it."""
        last = max((s.points.xs[-1] for s in self.lines if len(s.points)), default=0.0)
        end = max(self._x_end, last)
        return nice_axis(0.0, end, most_ticks, fixed_end=True, whole=end >= 2)

    def y_axis(self, most_ticks: int) -> Axis:
        """The fixed range, or one that holds every line; a faint one may leave it where a clear one doesn't."""
        if self._y_range:
            return nice_axis(*self._y_range, min(most_ticks, 5))
        filled = [series for series in self.lines if len(series.points)]
        clear = [series for series in filled if series.style != "faint"] or filled
        bounds = [bounds for series in clear if (bounds := series.points.bounds())]
        low = min((low for low, _high in bounds), default=0.0)
        high = max((high for _low, high in bounds), default=1.0)
        return nice_axis(min(0.0, low), high if high > min(0.0, low) else low + 1.0, most_ticks)

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 280)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(280, 150)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ChartPainter(self, frame_of(self, QRectF(self.rect())), painter).paint()
        painter.end()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def _point_at(self, position: QPointF | None) -> None:
        before = self.cursor_x
        self.cursor_x = None
        if position is not None and not self.is_empty:
            self.cursor_x = frame_of(self, QRectF(self.rect())).x_at(position.x())
        if self.cursor_x != before:
            self.update()

    def _describe(self) -> None:
        values = [f"{s.title} {self.value_text(s.points.ys[-1])}" for s in self.lines if len(s.points)]
        self.setAccessibleDescription(", ".join(values) or _("empty"))
