"""What the window costs the run that it shows, and how soon it answers meanwhile."""

import statistics
from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, median_and_quartiles, table


class WindowResult(Result):
    """The same run in the window and headless, in turns."""

    part: ClassVar[str] = "window"
    title: ClassVar[str] = "The window's run beside the same run headless"

    architecture: str
    batch_size: int
    platform: str
    """Qt's, such as offscreen or xcb."""
    seconds: float
    """Of one turn."""
    headless: list[float]
    """Training pictures a second, a figure for each round."""
    shown: list[float]
    """With the charts in view."""
    hidden: list[float]
    """With another page in view."""
    shown_shares: list[float]
    """Of each second in a turn with the charts in view, what the window's thread computed."""
    hidden_shares: list[float]
    delays: list[float]
    """Milliseconds by which the event loop came late to a 10 ms timer while training: p50, p99 and the longest."""

    @property
    @override
    def name(self) -> str:
        return f"{self.architecture}-{self.batch_size}"

    @override
    def text(self) -> str:
        rows = [
            [name, f"{statistics.median(rates):,.0f}", f"{max(rates):,.0f}", *self._ratio_texts(rates), share]
            for name, rates, share in (
                ("headless", self.headless, "–"),
                ("charts shown", self.shown, _share_text(self.shown_shares)),
                ("charts hidden", self.hidden, _share_text(self.hidden_shares)),
            )
        ]
        columns = [
            "pictures a second",
            "median",
            "best",
            "medians’ ratio",
            "middle half of pairs",
            "of one core in the window’s thread",
        ]
        p50, p99, longest = self.delays
        return (
            f"### `{self.architecture}`, batch {self.batch_size}, {self.platform}\n\n"
            f"{len(self.headless)} rounds of {self.seconds:g} s each.\n\n"
            f"{table(columns, rows)}\n"
            f"Event-loop delay while training: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {longest:.1f} ms.\n"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        where = f", `{self.architecture}` at {self.batch_size}"
        _p50, p99, longest = self.delays
        return [
            self._verdict(f"window's run / headless, charts shown{where}", 0.97, self.shown),
            self._verdict(f"window's run / headless, charts hidden{where}", 0.99, self.hidden),
            Verdict.below(f"event-loop delay while training, p99{where}", 16, p99, " ms"),
            Verdict.below(f"event-loop delay while training, max{where}", 50, longest, " ms"),
        ]

    def _verdict(self, goal: str, wanted: float, rates: list[float]) -> Verdict:
        ratio, pairs = self._ratio_texts(rates)
        return Verdict(
            goal=goal, wanted=f"≥ {wanted}", figure=f"{ratio} ({pairs})", is_met=self._ratio(rates) >= wanted
        )

    def _ratio(self, rates: list[float]) -> float:
        return statistics.median(rates) / statistics.median(self.headless)

    def _ratio_texts(self, rates: list[float]) -> tuple[str, str]:
        pairs = [rate / alone for rate, alone in zip(rates, self.headless, strict=True)]
        _median, lower, upper = median_and_quartiles(pairs)
        return f"{self._ratio(rates):.3f}", f"{lower:.3f}–{upper:.3f}"


def _share_text(shares: list[float]) -> str:
    return f"{statistics.median(shares):.1%}"


def summed_up(delays: Sequence[float]) -> list[float]:
    """The median, the 99th percentile and the longest."""
    ordered = sorted(delays)
    return [ordered[len(ordered) // 2], ordered[int(0.99 * len(ordered))], ordered[-1]]
