"""Lines of a chart: points as they are, or the running mean of them."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from typing_extensions import override

from cnn_desktop.ui.widgets.chart_outline import Columns, Indexes, Numbers, column_extremes
from cnn_desktop.ui.widgets.chart_points import Measured, Points

Style = Literal["faint", "line", "markers"]
"""`faint`: every point, thin and pale; `line`: solid; `markers`: dashed, with a dot at each point."""

_MOST_MEANS = 2000
"""A mean is worked out at no more points than a wide chart has pixels."""


@dataclass
class Series:
    """A named line. `color` is its place among the theme's series colours, `dash` among the dash patterns."""

    name: str
    title: str
    color: int
    style: Style
    dash: int = 0
    points: Points = field(default_factory=Points)
    _measured: Measured = field(init=False, default_factory=Measured)

    def values(self, indexes: Indexes) -> Numbers:
        """What is drawn at points, given by rising indexes."""
        return self.points.ys[indexes]

    def value(self, index: int) -> float:
        """What is drawn at one point; -1 is the newest."""
        return float(self.values(np.array([index % len(self.points)]))[0])

    def sampled(self, first: int, last: int) -> Indexes:
        """The points from `first` up to `last` that say how high and how low the line gets: here all of them."""
        return np.arange(first, last)

    def bounds(self, low: float, high: float, floor: float) -> tuple[float, float]:
        """The lowest and highest finite value above `floor` between two x; (∞, -∞) where there is none."""
        first, last = self.points.span(low, high)
        if not self._measured.reaches(first, last, floor, self.points.generation):
            self._measured = Measured(first, first, floor, self.points.generation)
        measured = self._measured
        if last > measured.last:
            measured.take(last, self.values(self.sampled(measured.last, last)))
        return measured.low, measured.high

    def outline(self, columns: Columns) -> tuple[Numbers, Numbers]:
        """x and y of what is left to draw in pixel columns."""
        first, last = self.points.span(columns.low, columns.high)
        return column_extremes(self.points.xs[first:last], self.points.ys[first:last], columns)


class MeanSeries(Series):
    """Another line's points, each drawn as the mean of those that lie less than `window` before it."""

    _window = 0.0

    @property
    def window(self) -> float:
        """In units of x."""
        return self._window

    @window.setter
    def window(self, window: float) -> None:
        self._window = window
        self._measured = Measured()

    @override
    def values(self, indexes: Indexes) -> Numbers:
        if not len(indexes):
            return np.empty(0)
        xs, ys = self.points.xs, self.points.ys
        # Half a part in a billion: rounding must not decide whether the point exactly `window` back is in.
        firsts = np.searchsorted(xs, xs[indexes] - self._window * (1 - 5e-10), side="left")
        firsts = np.minimum(firsts, indexes)
        start = int(firsts[0])
        part = ys[start : int(indexes[-1]) + 1]
        is_finite = np.isfinite(part)
        sums = np.concatenate(([0.0], np.cumsum(np.where(is_finite, part, 0.0))))
        counts = np.concatenate(([0], np.cumsum(is_finite)))
        ends, begins = indexes + 1 - start, firsts - start
        with np.errstate(invalid="ignore"):
            return (sums[ends] - sums[begins]) / (counts[ends] - counts[begins])

    @override
    def sampled(self, first: int, last: int) -> Indexes:
        return np.arange(first, last, max(1, (last - first) // _MOST_MEANS))

    @override
    def outline(self, columns: Columns) -> tuple[Numbers, Numbers]:
        first, last = self.points.span(columns.low, columns.high)
        stride = max(1, -(-(last - first) // columns.count))
        first -= first % stride  # the same points whatever part of the line is drawn
        indexes = np.append(np.arange(first, last - 1, stride), last - 1) if last else np.arange(0)
        return self.points.xs[indexes], self.values(indexes)
