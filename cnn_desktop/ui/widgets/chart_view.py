"""Which part of its lines a chart shows, and the axes that follow from it."""

import math
from collections.abc import Iterable, Sequence

from cnn_desktop.ui.widgets.chart_axis import Axis, log_axis, nice_axis
from cnn_desktop.ui.widgets.chart_series import Series

_LEAST_SHARE = 1e-6
"""Of the whole width: there one stops zooming in."""


class View:
    """Everything, until a person zooms in.

    Args:
        lines: looked at anew each time.
        y_range: ends of the y axis while everything is shown; None: from 0 up to what is there.
        x_log: whether the x axis is logarithmic.
        y_log: whether the y axis is.
    """

    def __init__(
        self, lines: Iterable[Series], y_range: tuple[float, float] | None, *, x_log: bool, y_log: bool
    ) -> None:
        self.x_log, self.y_log = x_log, y_log
        self.x_end = 10.0
        self.part: tuple[float, float] | None = None
        """The x range that is zoomed in to."""
        self._lines = lines
        self._y_range = y_range

    def whole(self) -> tuple[float, float]:
        """The x range of everything."""
        filled = [series.points.xs for series in self._lines if len(series.points)]
        last = max((float(xs[-1]) for xs in filled), default=0.0)
        if not self.x_log:
            first = min((float(xs[0]) for xs in filled), default=0.0)
            return min(0.0, first), max(self.x_end, last)
        firsts = [float(xs[xs > 0][0]) for xs in filled if xs[-1] > 0]
        low = min(firsts, default=0.1)
        return low, max(last, 1.01 * low)

    def zoom_to(self, low: float, high: float) -> None:
        """Show the part from `low` to `high` of what there is; all of it shows everything."""
        start, end = self.whole()
        low, high = max(start, low), min(end, high)
        if self._share(high, start, end) - self._share(low, start, end) >= _LEAST_SHARE:
            self.part = None if (low, high) == (start, end) else (low, high)

    def zoom_by(self, factor: float, about: float) -> None:
        """Show `factor` times as much as now; what lies at the share `about` of the width stays there."""
        axis = self.x_axis(2)
        self.zoom_to(axis.value(about - about * factor), axis.value(about + (1 - about) * factor))

    def pan_by(self, share: float) -> None:
        """Move by a share of the width, but not beyond an end."""
        if self.part is None:
            return
        axis = self.x_axis(2)
        ends = [axis.share(end) for end in self.whole()]
        share = max(ends[0], min(share, ends[1] - 1))
        self.part = (axis.value(share), axis.value(1 + share))

    def x_axis(self, most_ticks: int) -> Axis:
        """The part that is shown."""
        low, high = self.part or self.whole()
        if self.x_log:
            return log_axis(low, high, most_ticks)
        return nice_axis(low, high, most_ticks, keeps_ends=True, whole=high - low >= 2)

    def y_axis(self, x: Axis, most_ticks: int) -> Axis:
        """One that holds every line over `x`; while all is shown, a faint one may leave it where no clear one does."""
        if self._y_range and self.part is None and not self.y_log:
            return nice_axis(*self._y_range, min(most_ticks, 5))
        low, high = self._bounds(x, [series for series in self._lines if series.style != "faint"])
        if low > high or self.part is not None:
            low, high = self._bounds(x, list(self._lines))
        if self.y_log:
            return log_axis(0.9 * low, 1.1 * high, most_ticks) if low <= high else log_axis(0.01, 1.0, most_ticks)
        if low > high:
            low, high = 0.0, 1.0
        elif self.part is None:
            low = min(0.0, low)
        return nice_axis(low, high if high > low else low + (abs(low) or 1.0), most_ticks)

    def _bounds(self, x: Axis, lines: Sequence[Series]) -> tuple[float, float]:
        floor = 0.0 if self.y_log else -math.inf
        bounds = [series.bounds(x.low, x.high, floor) for series in lines if len(series.points)]
        return min((low for low, _high in bounds), default=math.inf), max(
            (high for _low, high in bounds), default=-math.inf
        )

    def _share(self, x: float, start: float, end: float) -> float:
        return Axis(start, end, (), self.x_log).share(x)
