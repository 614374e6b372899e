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

    @property
    def ratio(self) -> float:
        """Best to best."""
        return max(self.batched) / max(self.single)

    @property
    def ratio_of_medians(self) -> float:
        """Median to median."""
        return statistics.median(self.batched) / statistics.median(self.single)


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
                way,
                f"{max(found):,.0f}",
                f"{statistics.median(found):,.0f}",
                f"{max(found) / max(rates.single):.1f}",
            ]
            for title, rates in self.rates.items()
            for way, found in (
                ("batched", rates.batched),
                ("`transforms.v2`, one by one", rates.single),
            )
        ]
        rounds = len(next(iter(self.rates.values())).batched)
        return (
            f"{self.batch_size} pictures of {self.side}×{self.side} on one thread, from uint8 to a normalised batch; "
            f"{rounds} rounds of {self.seconds:g} s each.\n\n"
            f"{table(['pictures a second', '', 'best', 'median', 'best / one by one'], rows)}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return [
            Verdict.at_least(
                f"batched augmentation / `transforms.v2` picture by picture, {title}, {self.side}×{self.side}",
                _GOAL,
                rates.ratio,
                f" (medians {rates.ratio_of_medians:.2f})",
            )
            for title, rates in self.rates.items()
        ]
