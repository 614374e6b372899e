"""How far a share that was counted may be from the true one."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

_CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Bounds of a share of 1."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.low:.1f}–{100 * self.high:.1f} %"


def wilson(hits: int, count: int, confidence: float = _CONFIDENCE) -> Interval:
    """Where the true share lies that gave `hits` in `count` tries (Wilson, 1927); 0…1 without a try."""
    if count == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = hits / count, z * z / count
    middle = share + weight / 2
    reach = z * sqrt(share * (1 - share) / count + weight / (4 * count))
    # The bounds at 0 and at all are 0 and 1; only rounding says otherwise.
    low = 0.0 if hits == 0 else (middle - reach) / (1 + weight)
    high = 1.0 if hits == count else (middle + reach) / (1 + weight)
    return Interval(low, high)
