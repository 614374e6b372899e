"""How fast a folder of photos is answered, ours beside the usual ways, measured in one run."""

import statistics
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, table


class Contender(StrEnum):
    """Who answers; the value is what its contestant is told."""

    OURS = "ours"
    LOOP = "loop"
    LOADER = "loader"


_TITLES = {
    Contender.OURS: "CNN Desktop",
    Contender.LOOP: "plain loop: Image.open, the published transforms, fp32",
    Contender.LOADER: "the same by DataLoader(num_workers=2), 32 at once",
}
_GOAL = 5.0


class BatchResult(Result):
    """All contenders on the same files."""

    part: ClassVar[str] = "batch"
    title: ClassVar[str] = "A thousand photos through MobileNetV2"

    pictures: str
    weights: str
    precision: str
    """That ours was measured to answer fastest in, and did."""
    rates: dict[str, list[float]]
    """Photos a second by contender, a figure for each round."""
    same_best: float
    """Share of photos with the same best class as the plain loop finds."""
    same_ten: float
    """Share of photos with the same ten best classes."""

    @property
    @override
    def name(self) -> str:
        return "mobilenet_v2"

    @override
    def text(self) -> str:
        rows = [
            [
                _TITLES[way],
                f"{statistics.median(self.rates[way]):,.0f}",
                f"{min(self.rates[way]):,.0f}–{max(self.rates[way]):,.0f}",
                f"{self._ratio(way):.2f}",
            ]
            for way in Contender
        ]
        return (
            f"{self.pictures}; {self.weights}; ours in {self.precision}, with its journal; "
            f"{len(self.rates[Contender.OURS])} rounds.\n\n"
            f"{table(['photos a second', 'median', 'spread', 'median / plain loop'], rows)}\n"
            f"The best class is the plain loop’s for {100 * self.same_best:.1f} % of the photos, "
            f"all ten are for {100 * self.same_ten:.1f} %.\n"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return [Verdict.at_least("1,000 photos through MobileNetV2 / plain loop", _GOAL, self._ratio(Contender.OURS))]

    def _ratio(self, way: Contender) -> float:
        return statistics.median(self.rates[way]) / statistics.median(self.rates[Contender.LOOP])
