"""How many times as fast batches are augmented as single pictures."""

import statistics
from typing import ClassVar

from pydantic import BaseModel
from typing_extensions import override

from benchmarks.results import Result, Verdict, table

_GOAL = 15


class Rates(BaseModel):
    """Pictures a second, a figure for each round."""

    batched: list[float]
    single: list[float]


class AugmentationResult(Result):
    """Ours on whole batches and `transforms.v2` on one picture after the other, in turns."""

    part: ClassVar[str] = "augmentation"
    title: ClassVar[str] = "Augmentation"

    side: int
    batch_size: int
    seconds: float
    """Of one turn."""
    rates: dict[str, Rates]
    """By what is done to the pictures."""

    @property
    @override
    def name(self) -> str:
        return f"{self.side}-{self.batch_size}"

    @override
    def text(self) -> str:
        rows = [
            [
                title,
                f"{max(rates.batched):,.0f}",
                f"{statistics.median(rates.batched):,.0f}",
                f"{max(rates.single):,.0f}",
                f"{statistics.median(rates.single):,.0f}",
                f"{_by_best(rates):.1f}",
            ]
            for title, rates in self.rates.items()
        ]
        rounds = len(next(iter(self.rates.values())).batched)
        header = ["pictures a second", "batched, best", "median", "one by one, best", "median", "best / best"]
        return (
            f"{self.batch_size} pictures of {self.side}×{self.side} on one thread, from uint8 to a normalised batch; "
            f"{rounds} rounds of {self.seconds:g} s each.\n\n{table(header, rows)}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return [
            Verdict.at_least(
                f"batched augmentation / `transforms.v2` picture by picture, {title}, {self.side}×{self.side}",
                _GOAL,
                _by_best(rates),
                f" (medians {statistics.median(rates.batched) / statistics.median(rates.single):.2f})",
            )
            for title, rates in self.rates.items()
        ]


def _by_best(rates: Rates) -> float:
    return max(rates.batched) / max(rates.single)
