"""How fast files become batches, ours beside torchvision's, measured in one run."""

import statistics
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from benchmarks.results import Result, Verdict, table


class Contender(StrEnum):
    """Who reads; the value is what its contestant is told."""

    FIRST = "first"
    LATER = "later"
    LOADER = "loader-0"
    TWO_WORKERS = "loader-2"
    DECODING = "decoding"
    COPYING = "copying"


_TITLES = {
    Contender.FIRST: "CNN Desktop, first epoch",
    Contender.LATER: "CNN Desktop, later epochs",
    Contender.LOADER: "ImageFolder, DataLoader(num_workers=0)",
    Contender.TWO_WORKERS: "ImageFolder, DataLoader(num_workers=2)",
    Contender.DECODING: "ceiling of the first: scaled decoding and resizing alone",
    Contender.COPYING: "ceiling of later ones: gathering from a mapped file alone",
}
_GOALS = {Contender.FIRST: 4.0, Contender.LATER: 40.0}


class DecodingResult(Result):
    """All contenders on the same files at one size."""

    part: ClassVar[str] = "decoding"
    title: ClassVar[str] = "Reading picture files"

    side: int
    """Pixels, of the square that pictures become."""
    batch_size: int
    pictures: str
    threads: int
    """That ours decodes with."""
    seconds: float
    """Of one turn, at least."""
    rates: dict[str, list[float]]
    """Pictures a second by contender, a figure for each round."""

    @property
    @override
    def name(self) -> str:
        return str(self.side)

    @override
    def text(self) -> str:
        rows = [
            [
                _TITLES[way],
                f"{statistics.median(self.rates[way]):,.0f}",
                f"{max(self.rates[way]):,.0f}",
                f"{min(self.rates[way]):,.0f}–{max(self.rates[way]):,.0f}",
                f"{self._ratio(way):.2f}",
            ]
            for way in Contender
        ]
        columns = ["pictures a second", "median", "best", "spread", "best / 0 workers"]
        return (
            f"### To {self.side}×{self.side}, batch {self.batch_size}\n\n"
            f"{self.pictures}, to uint8 batches in the processor’s memory; {self.threads} threads of ours; "
            f"{len(self.rates[Contender.FIRST])} rounds of {self.seconds:g} s or one epoch each.\n\n"
            f"{table(columns, rows)}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return [
            Verdict.at_least(
                f"{_TITLES[way]} / ImageFolder with 0 workers, to {self.side} pixels",
                wanted,
                self._ratio(way),
                f" (medians {self._ratio_of_medians(way):.2f})",
            )
            for way, wanted in _GOALS.items()
        ]

    def _ratio(self, way: Contender) -> float:
        return max(self.rates[way]) / max(self.rates[Contender.LOADER])

    def _ratio_of_medians(self, way: Contender) -> float:
        return statistics.median(self.rates[way]) / statistics.median(self.rates[Contender.LOADER])
