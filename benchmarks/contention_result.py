"""What is left of the training throughput while another process keeps a core busy."""

import statistics
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, median_and_quartiles, table


class ContentionResult(Result):
    """The same run on the idle machine and beside a busy process, in turns."""

    part: ClassVar[str] = "contention"
    title: ClassVar[str] = "Beside one busy process"

    architecture: str
    batch_size: int
    precision: str
    seconds: float
    """Of one turn."""
    idle: list[float]
    """Training pictures a second, a figure for each round."""
    busy: list[float]

    @property
    @override
    def name(self) -> str:
        return f"{self.architecture}-{self.batch_size}"

    @property
    def kept(self) -> float:
        """The share of the idle throughput that is left, median by median."""
        return statistics.median(self.busy) / statistics.median(self.idle)

    @override
    def text(self) -> str:
        rows = [
            [name, f"{statistics.median(rates):,.0f}", f"{max(rates):,.0f}", f"{min(rates):,.0f}–{max(rates):,.0f}"]
            for name, rates in (("idle machine", self.idle), ("beside a busy process", self.busy))
        ]
        _median, lower, upper = median_and_quartiles(
            [busy / idle for busy, idle in zip(self.busy, self.idle, strict=True)]
        )
        return (
            f"### `{self.architecture}`, batch {self.batch_size}, {self.precision}\n\n"
            f"{len(self.idle)} rounds of {self.seconds:g} s each.\n\n"
            f"{table(['pictures a second', 'median', 'best', 'spread'], rows)}\n"
            f"Kept: {self.kept:.0%} (middle half of pairs {lower:.0%}–{upper:.0%}).\n"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        goal = f"share of idle throughput kept beside a busy process, `{self.architecture}` at {self.batch_size}"
        return [Verdict.at_least(goal, 0.45, self.kept)]
