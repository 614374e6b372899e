"""What it costs a training to be watched, and how soon the window answers meanwhile."""

import statistics
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, median_and_quartiles, table


class LiveResult(Result):
    """The same run watched and unwatched, and the same run headless with snapshots and without, in turns."""

    part: ClassVar[str] = "live"
    title: ClassVar[str] = "Looking inside while it trains"

    architecture: str
    batch_size: int
    seconds: float
    """Of one turn."""
    watched: list[float]
    """Training pictures a second with the live view on the Train page, a figure for each round."""
    unwatched: list[float]
    """The same page without it."""
    kept: list[float]
    """Headless, with snapshots for the time machine."""
    bare: list[float]
    """Headless, without."""
    watched_delays: list[float]
    """Milliseconds by which the event loop came late to a 10 ms timer while training: p50, p99 and the longest."""
    unwatched_delays: list[float]

    @property
    @override
    def name(self) -> str:
        return f"{self.architecture}-{self.batch_size}"

    @override
    def text(self) -> str:
        rows = [
            [name, f"{statistics.median(rates):,.0f}", f"{max(rates):,.0f}", *_ratio_texts(rates, without)]
            for name, rates, without in (
                ("window, live view on", self.watched, self.unwatched),
                ("window, live view off", self.unwatched, self.unwatched),
                ("headless, with snapshots", self.kept, self.bare),
                ("headless, without", self.bare, self.bare),
            )
        ]
        columns = ["pictures a second", "median", "best", "medians’ ratio", "middle half of pairs"]
        delays = "\n".join(
            f"Event-loop delay, live view {name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {longest:.1f} ms.  "
            for name, (p50, p99, longest) in (("on", self.watched_delays), ("off", self.unwatched_delays))
        )
        return (
            f"### `{self.architecture}`, batch {self.batch_size}\n\n"
            f"{len(self.watched)} rounds of {self.seconds:g} s each.\n\n"
            f"{table(columns, rows)}\n{delays}\n"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        where = f", `{self.architecture}` at {self.batch_size}"
        _p50, p99, longest = self.watched_delays
        return [
            _verdict(f"throughput with the live view / without{where}", 0.98, self.watched, self.unwatched),
            _verdict(f"throughput with snapshots / without{where}", 0.98, self.kept, self.bare),
            Verdict.below(f"event-loop delay with the live view, p99{where}", 16, p99, " ms"),
            Verdict.below(f"event-loop delay with the live view, max{where}", 50, longest, " ms"),
        ]


def _verdict(goal: str, wanted: float, rates: list[float], without: list[float]) -> Verdict:
    ratio, pairs = _ratio_texts(rates, without)
    is_met = statistics.median(rates) / statistics.median(without) >= wanted
    return Verdict(goal=goal, wanted=f"≥ {wanted}", figure=f"{ratio} ({pairs})", is_met=is_met)


def _ratio_texts(rates: list[float], without: list[float]) -> tuple[str, str]:
    pairs = [rate / alone for rate, alone in zip(rates, without, strict=True)]
    _median, lower, upper = median_and_quartiles(pairs)
    return f"{statistics.median(rates) / statistics.median(without):.3f}", f"{lower:.3f}–{upper:.3f}"
