"""Axes with numbers that people like."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """A range and where its ticks are."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where `value` lies: 0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    def texts(self) -> list[str]:
        """The ticks as text, all with as many decimals as the finest needs."""
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else 1.0
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        if abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:  # 0.25 needs one more than 0.3
            decimals += 1
        return [f"{tick:,.{decimals}f}" for tick in self.ticks]


def nice_axis(low: float, high: float, most_ticks: int, *, fixed_end: bool = False, whole: bool = False) -> Axis:
    """An axis with at most `most_ticks` ticks at 1, 2, 2.5 or 5 · 10ⁿ.

    Args:
        low: lower end; kept.
        high: what must fit in, above `low`; the axis ends at the first tick from there on.
        most_ticks: both ends included.
        fixed_end: end the axis at `high` itself.
        whole: ticks at whole numbers only.
    """
    span = max(high - low, 1e-9)
    step = _nice_step(span / max(1, most_ticks - 1), whole=whole)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9) if fixed_end else math.ceil(high / step - 1e-9)
    ticks = tuple(n * step for n in range(first, last + 1))
    return Axis(low, low + span if fixed_end else last * step, ticks)


def _nice_step(least: float, *, whole: bool) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    steps = [factor * power for factor in (1, 2, 2.5, 5, 10)]
    if whole:
        steps = [step for step in steps if step >= 1 and step == int(step)] or [1.0]
    return next((step for step in steps if step >= least * (1 - 1e-9)), steps[-1])
