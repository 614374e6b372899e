"""The points of a line, and what is left of them when a million must be drawn in a few milliseconds."""

import math
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_BUCKETS = 2048
"""About one a pixel column of a wide chart. When all are used up, neighbours are joined two by two."""


@dataclass(slots=True)
class Bucket:
    """Consecutive points as their lowest and highest; `low_first` keeps the order in which these came."""

    x: float
    low: float
    high: float
    low_first: bool

    def take(self, low: float, high: float, *, low_first: bool) -> None:
        """Widen to points that come later."""
        if low < self.low and high > self.high:
            self.low_first = low_first
        elif low < self.low:
            self.low_first = False
        elif high > self.high:
            self.low_first = True
        self.low, self.high = min(self.low, low), max(self.high, high)


class Points:
    """Points with rising x, kept whole for reading and in buckets for drawing.

    Adding a point costs the same however many there are, so no pass over the whole is ever needed.
    """

    def __init__(self) -> None:
        self.xs = array("d")
        self.ys = array("d")
        self._buckets: list[Bucket] = []
        self._per_bucket = 1
        self._in_last = 0
        self._low, self._high = math.inf, -math.inf
        self.generation = 0
        """Counts how often buckets were joined; between two joins only the last bucket changes."""

    def __len__(self) -> int:
        return len(self.xs)

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return zip(self.xs, self.ys, strict=True)

    def add(self, x: float, y: float) -> None:
        """Append a point; `y` may be infinite or no number, which is kept but not drawn."""
        self.xs.append(x)
        self.ys.append(y)
        if not math.isfinite(y):
            return
        self._low, self._high = min(self._low, y), max(self._high, y)
        if self._buckets and self._in_last < self._per_bucket:
            self._buckets[-1].take(y, y, low_first=True)
            self._in_last += 1
            return
        if len(self._buckets) == _MOST_BUCKETS:
            self._join_neighbours()
        self._buckets.append(Bucket(x, y, y, True))
        self._in_last = 1

    def outline(self, first: int = 0) -> list[tuple[float, float]]:
        """What is left to draw, from bucket `first` on: two points a bucket, its extremes in the order they came."""
        points: list[tuple[float, float]] = []
        for bucket in self._buckets[first:]:
            low, high = (bucket.x, bucket.low), (bucket.x, bucket.high)
            points += (low, high) if bucket.low_first else (high, low)
        return points

    def at(self, x: float) -> float | None:
        """The value of the last point at or before `x`; None before the first."""
        index = bisect_right(self.xs, x) - 1
        return self.ys[index] if index >= 0 else None

    def bounds(self) -> tuple[float, float] | None:
        """The lowest and highest finite value."""
        return (self._low, self._high) if self._buckets else None

    def _join_neighbours(self) -> None:
        for first, second in zip(self._buckets[::2], self._buckets[1::2], strict=True):
            first.take(second.low, second.high, low_first=second.low_first)
        del self._buckets[1::2]
        self._per_bucket *= 2
        self.generation += 1
