"""The points of a line, kept whole, and how high and low they get."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cnn_desktop.ui.widgets.chart_outline import Numbers


class Points:
    """Points with rising x. `y` may be infinite or no number, which is kept but not drawn."""

    def __init__(self) -> None:
        self._count = 0
        self._xs, self._ys = np.empty(256), np.empty(256)
        self.generation = 0
        """Counts how often the points were taken away."""

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return zip(self.xs.tolist(), self.ys.tolist(), strict=True)

    @property
    def xs(self) -> Numbers:
        """Every x, float64, as a view that the next `extend` makes stale."""
        return self._xs[: self._count]

    @property
    def ys(self) -> Numbers:
        """Every y, in the same way."""
        return self._ys[: self._count]

    def extend(self, xs: Sequence[float] | Numbers, ys: Sequence[float] | Numbers) -> None:
        """Append points; room is doubled when it is used up, so that a point costs the same however many there are."""
        count = self._count + len(ys)
        if count > len(self._xs):
            room = max(count, 2 * len(self._xs))
            self._xs, self._ys = np.resize(self._xs, room), np.resize(self._ys, room)
        self._xs[self._count : count] = xs
        self._ys[self._count : count] = ys
        self._count = count

    def clear(self) -> None:
        """Take every point away."""
        self._count = 0
        self.generation += 1

    def at(self, x: float) -> int | None:
        """The index of the last point at or before `x`; None before the first."""
        index = int(np.searchsorted(self.xs, x, side="right")) - 1
        return index if index >= 0 else None

    def span(self, low: float, high: float) -> tuple[int, int]:
        """First and last index, the latter left out, of the points in [low, high] and a neighbour on each side."""
        first = int(np.searchsorted(self.xs, low)) - 1
        last = int(np.searchsorted(self.xs, high, side="right")) + 1
        return max(0, first), min(self._count, last)


@dataclass
class Measured:
    """How low and high a line gets over the points looked at so far."""

    first: int = 0
    last: int = 0
    floor: float = -np.inf
    generation: int = 0
    low: float = np.inf
    high: float = -np.inf

    def reaches(self, first: int, last: int, floor: float, generation: int) -> bool:
        """Whether what was measured is a part, from its beginning on, of what is asked for."""
        return (first, floor, generation) == (self.first, self.floor, self.generation) and last >= self.last

    def take(self, last: int, values: Numbers) -> None:
        """Go on up to the point `last`."""
        kept = values[np.isfinite(values) & (values > self.floor)]
        if len(kept):
            self.low, self.high = min(self.low, float(kept.min())), max(self.high, float(kept.max()))
        self.last = last
