"""Axes with numbers that people like."""

import math
from dataclasses import dataclass

import numpy as np

from cnn_desktop.ui.widgets.chart_outline import Numbers

_LEAST_SPAN = 1e-30


@dataclass(frozen=True)
class Axis:
    """A range and where its ticks are; `low` and all values on a logarithmic one are above 0."""

    low: float
    high: float
    ticks: tuple[float, ...]
    is_log: bool = False

    def share(self, value: float) -> float:
        """Where `value` lies: 0 at the low end, 1 at the high end; infinitely far where no logarithm exists."""
        if self.is_log:
            return -math.inf if value <= 0 else math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def shares(self, values: Numbers) -> Numbers:
        """The same for many; what a logarithm doesn't exist of is no number."""
        if not self.is_log:
            return (values - self.low) / (self.high - self.low)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(np.where(values > 0, values, np.nan) / self.low) / math.log(self.high / self.low)

    def value(self, share: float) -> float:
        """What lies at a share of the way from the low end to the high one."""
        if self.is_log:
            return self.low * (self.high / self.low) ** share
        return self.low + share * (self.high - self.low)

    def times(self, factor: float) -> "Axis":
        """The same axis in a unit that is `factor` times as small."""
        ticks = tuple(factor * tick for tick in self.ticks)
        return Axis(factor * self.low, factor * self.high, ticks, self.is_log)

    def texts(self) -> list[str]:
        """The ticks as text, all with as many decimals as the finest needs."""
        if self.is_log or (self.ticks and max(map(abs, self.ticks)) < 1e-4):
            return [f"{tick:g}".replace("e-0", "e-").replace("e+0", "e") for tick in self.ticks]
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else 1.0
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        if abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:  # 0.25 needs one more than 0.3
            decimals += 1
        return [f"{tick:,.{decimals}f}" for tick in self.ticks]


def nice_axis(low: float, high: float, most_ticks: int, *, keeps_ends: bool = False, whole: bool = False) -> Axis:
    """An axis with at most `most_ticks` ticks at 1, 2, 2.5 or 5 · 10ⁿ.

    Args:
        low: what must fit in below.
        high: what must fit in above.
        most_ticks: both ends included; never less than three where both are rounded.
        keeps_ends: end the axis at `low` and `high` themselves, not at the next ticks.
        whole: ticks at whole numbers only.
    """
    span = max(high - low, _LEAST_SPAN, 1e-9 * max(abs(low), abs(high)))
    step = _nice_step(span / max(1, most_ticks - 1), whole=whole)
    if keeps_ends:
        first, last = math.ceil(low / step - 1e-9), math.floor((low + span) / step + 1e-9)
        return Axis(low, low + span, tuple(n * step for n in range(first, last + 1)))
    first, last = _rounded_out(low, low + span, step)
    while last - first >= max(3, most_ticks):  # rounding out both ends may need two ticks more than the span does
        step = _nice_step(1.01 * step, whole=whole)
        first, last = _rounded_out(low, low + span, step)
    return Axis(first * step, last * step, tuple(n * step for n in range(first, last + 1)))


def log_axis(low: float, high: float, most_ticks: int) -> Axis:
    """A logarithmic axis from `low` to `high`, both above 0; ticks at 1, 2 and 5 · 10ⁿ, or at powers of ten alone."""
    high = max(high, low * 1.01)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for factors in ((1, 2, 5), (1, 3), (1,)):
        ticks = [
            factor * 10.0**power
            for power in range(first, last + 1)
            for factor in factors
            if low * (1 - 1e-9) <= factor * 10.0**power <= high * (1 + 1e-9)
        ]
        if len(ticks) <= most_ticks:
            break
    ticks = ticks[:: max(1, math.ceil(len(ticks) / most_ticks))]
    if len(ticks) < 2:  # less than a decade in sight
        ticks = [tick for tick in nice_axis(low, high, most_ticks, keeps_ends=True).ticks if tick > 0]
    return Axis(low, high, tuple(ticks), is_log=True)


def _rounded_out(low: float, high: float, step: float) -> tuple[int, int]:
    """The numbers of the ticks that have all of a range between them."""
    return math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)


def _nice_step(least: float, *, whole: bool) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    steps = [factor * power for factor in (1, 2, 2.5, 5, 10)]
    if whole:
        steps = [step for step in steps if step >= 1 and step == int(step)] or [1.0]
    return next((step for step in steps if step >= least * (1 - 1e-9)), steps[-1])
