"""How smoothly the variants of a picture follow a slider, and whether the window answers meanwhile."""

import statistics
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, table


class PreviewResult(Result):
    """Sixteen variants of a picture of 224×224 while a slider is moved."""

    part: ClassVar[str] = "preview"
    title: ClassVar[str] = "Sixteen live variants of a 224×224 picture"

    platform: str
    """Qt's, such as offscreen or xcb."""
    seconds: float
    """Of one turn."""
    rates: dict[str, list[float]]
    """By preset: different images painted a second, a figure for each round."""
    delays: list[float]
    """Milliseconds by which the event loop came late to a 10 ms timer: p50, p99 and the longest."""

    @property
    @override
    def name(self) -> str:
        return "224"

    @override
    def text(self) -> str:
        rows = [
            [preset, f"{statistics.median(rates):.1f}", f"{max(rates):.1f}", f"{min(rates):.1f}"]
            for preset, rates in self.rates.items()
        ]
        rounds = len(next(iter(self.rates.values())))
        p50, p99, longest = self.delays
        return (
            f"{rounds} rounds of {self.seconds:g} s each, {self.platform}.\n\n"
            f"{table(['frames a second', 'median', 'best', 'worst'], rows)}\n"
            f"Event-loop delay meanwhile: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {longest:.1f} ms.\n"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return [
            *(
                Verdict.at_least(f"frames a second of the preview, preset “{preset}”", 30, statistics.median(rates))
                for preset, rates in self.rates.items()
            ),
            Verdict.below("event-loop delay while the preview moves, max", 50, self.delays[-1], " ms"),
        ]
