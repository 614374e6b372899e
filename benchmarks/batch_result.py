"""How fast a folder of photos is answered, ours beside the usual ways, measured in one run."""

import statistics
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, table


class Contender(StrEnum):
    """Who answers; the value is what its contestant is told."""

    OURS = "ours"
    ROUNDED = "ours-bf16"
    LOOP = "loop"
    LOADER = "loader"


_TITLES = {
    Contender.OURS: "CNN Desktop, automatic precision",
    Contender.ROUNDED: "CNN Desktop in bf16",
    Contender.LOOP: "plain loop: Image.open, the published transforms, fp32",
    Contender.LOADER: "the same by DataLoader(num_workers=2), 32 at once",
}
_OURS = (Contender.OURS, Contender.ROUNDED)


class BatchResult(Result):
    """All contenders on the same files."""

    part: ClassVar[str] = "batch"
    title: ClassVar[str] = "A thousand photos through MobileNetV2"

    pictures: str
    weights: str
    precision: str
    """That ours chose to answer in."""
    rates: dict[str, list[float]]
    """Photos a second by contender, a figure for each round."""
    same_best: dict[str, float]
    """Share of photos for which a contender of ours finds the best class that the plain loop finds."""
    same_ten: dict[str, float]
    """Share of photos with the same ten best classes, in whatever order."""

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
        agreement = "".join(
            f"- {_TITLES[way]}: the plain loop’s best class for {100 * self.same_best[way]:.1f} % of the photos, "
            f"its ten best for {100 * self.same_ten[way]:.1f} %\n"
            for way in _OURS
        )
        return (
            f"{self.pictures}; {self.weights}; the automatic precision is {self.precision}; ours keeps its journal; "
            f"{len(self.rates[Contender.OURS])} rounds.\n\n"
            f"{table(['photos a second', 'median', 'spread', 'median / plain loop'], rows)}\n{agreement}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return []  # what is to be saved depends on the network: the goals are those of single answers

    def _ratio(self, way: Contender) -> float:
        return statistics.median(self.rates[way]) / statistics.median(self.rates[Contender.LOOP])
