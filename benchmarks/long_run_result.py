"""What it costs to watch a run, by how much of it lies behind."""

import statistics
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, table


class LongRunResult(Result):
    """The Train page's charts while runs of different lengths go on."""

    part: ClassVar[str] = "long_run"
    title: ClassVar[str] = "Watching a long run"

    platform: str
    """Qt's, such as offscreen or xcb."""
    seconds: float
    """Of one turn."""
    rate: int
    """Steps a second."""
    shares: dict[str, list[float]]
    """By the number of steps that lie behind: of one core, what the window's thread computed, for each round."""
    longest: dict[str, float]
    """Processor milliseconds of the longest single look."""

    @property
    @override
    def name(self) -> str:
        return "charts"

    @override
    def text(self) -> str:
        rows = [
            [f"{int(steps):,}", f"{statistics.median(shares):.1%}", f"{min(shares):.1%}", f"{self.longest[steps]:.1f}"]
            for steps, shares in self.shares.items()
        ]
        columns = ["steps behind", "of one core, median", "best", "longest look, ms"]
        rounds = len(next(iter(self.shares.values())))
        return (
            f"{rounds} rounds of {self.seconds:g} s each, {self.rate:,} steps a second, five looks a second, "
            f"{self.platform}; processor time of the window's thread, nothing is trained.\n\n{table(columns, rows)}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return [Verdict.below("longest look of the charts of a long run", 50, max(self.longest.values()), " ms")]
