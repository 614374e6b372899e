"""How soon a photo's maps are drawn, ours beside plain scripts, measured in one run."""

import statistics
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, table

OURS, PAINTER, MATPLOTLIB = "ours", "painter", "matplotlib"

_TITLES = {
    OURS: "CNN Desktop: one recorded pass, a mosaic a layer",
    PAINTER: "a pass for each layer, every map drawn by `QPainter`",
    MATPLOTLIB: "a pass for each layer, matplotlib",
}
_GOALS = {PAINTER: 6.0, MATPLOTLIB: 50.0}
_LONGEST = 150.0
"""Milliseconds from drop to all grids."""


class InspectingResult(Result):
    """VGG16's 13 convolutions and one photo."""

    part: ClassVar[str] = "inspecting"
    title: ClassVar[str] = "From a photo to the maps of VGG16’s 13 convolutions"

    weights: str
    photo: str
    platform: str
    """Qt's, such as offscreen or xcb."""
    threads: int
    maps: int
    seconds: dict[str, list[float]]
    """By way, a figure for each round."""

    @property
    @override
    def name(self) -> str:
        return "vgg16"

    @override
    def text(self) -> str:
        rows = [
            [
                _TITLES[way],
                f"{1000 * statistics.median(taken):,.0f}",
                f"{1000 * min(taken):,.0f}–{1000 * max(taken):,.0f}",
                f"{self.ratio(way):.1f}",
            ]
            for way, taken in self.seconds.items()
        ]
        return (
            f"{self.weights}; {self.photo}; {self.maps:,} maps in 13 grids of 560×440 pixels, {self.platform}; "
            f"{self.threads} threads; {len(self.seconds[OURS])} rounds. The file is read, decoded and shown in that "
            f"time, the model is loaded before.\n\n{table(['', 'median, ms', 'spread', 'times ours'], rows)}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        ratios = [
            Verdict.at_least(f"{_TITLES[way]} / ours", wanted, self.ratio(way))
            for way, wanted in _GOALS.items()
            if way in self.seconds
        ]
        longest = 1000 * statistics.median(self.seconds[OURS])
        return [Verdict.below("from drop to 13 grids drawn, VGG16", _LONGEST, longest, " ms"), *ratios]

    def ratio(self, way: str) -> float:
        """How many times as long as ours a way takes, medians."""
        return statistics.median(self.seconds[way]) / statistics.median(self.seconds[OURS])
