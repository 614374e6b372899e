"""How soon a picture has its ten best classes, ours beside the plain way, measured in one run."""

import statistics
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from pydantic import BaseModel
from typing_extensions import override

from benchmarks.results import Result, Verdict, table

PLAIN, OURS, EXACT = "plain", "auto", "fp32"
"""The plain way; ours in the precision that it chooses; ours in fp32."""

_TITLES = {PLAIN: "plain way", OURS: "CNN Desktop", EXACT: "CNN Desktop, fp32"}
_STAGES = {
    "ready": "until the model is made and loaded",
    "first": "until the first answer",
    "later": "a later answer",
    "batch": "{batch_size} pictures as one batch",
}
_GOALS = {"ready": 9.0, "first": 4.0, "later": 4.0, "batch": 5.0}

Answered = Mapping[str, Sequence[tuple[str, float]]]
"""By picture, the best classes and their probabilities, best first."""


class Agreement(BaseModel):
    """On how many of the same pictures a way says what the plain way says."""

    pictures: str
    precision: str
    count: int
    best: int
    """The first class is the same."""
    classes: int
    """The ten classes are the same."""
    order: int
    """In the same order."""
    largest_change: float
    """Of the probability of any plain best class."""

    @classmethod
    def between(cls, pictures: str, precision: str, plain: Answered, ours: Answered) -> Self:
        """Compare answers to the same pictures."""
        names = {name: ([label for label, _p in plain[name]], [label for label, _p in ours[name]]) for name in plain}
        changes = [abs(plain[name][0][1] - dict(ours[name]).get(plain[name][0][0], 0.0)) for name in plain]
        return cls(
            pictures=pictures,
            precision=precision,
            count=len(names),
            best=sum(left[0] == right[0] for left, right in names.values()),
            classes=sum(set(left) == set(right) for left, right in names.values()),
            order=sum(left == right for left, right in names.values()),
            largest_change=max(changes),
        )


class LatencyResult(Result):
    """All ways to the answers of one network."""

    part: ClassVar[str] = "latency"
    title: ClassVar[str] = "From a picture to its ten best classes"

    network: str
    weights: str
    pictures: str
    threads: int
    batch_size: int
    precision: str
    """That ours chose."""
    reason: str
    """Why."""
    seconds: dict[str, dict[str, list[float]]]
    """By way and stage, a figure for each round; of later answers the median of each round's."""
    agreements: list[Agreement]

    @property
    @override
    def name(self) -> str:
        return self.network

    @override
    def text(self) -> str:
        rounds = len(self.seconds[PLAIN]["ready"])
        rows = [
            [title.format(batch_size=self.batch_size), *(cell for way in _TITLES for cell in self._cells(way, stage))]
            for stage, title in _STAGES.items()
        ]
        columns = [cell for title in _TITLES.values() for cell in (f"{title}, ms", "spread", "times as fast")]
        return (
            f"### `{self.network}`, {self.weights}\n\n"
            f"{self.pictures}; {self.threads} threads; {rounds} rounds, medians. Libraries are imported and files in "
            "the system’s memory before; ours draws the picture for the window after the answer. "
            f"Precision chosen: {self.reason}\n\n"
            f"{table(['', *columns], rows)}\n"
            f"{self._agreement_table()}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        titles = {stage: title.format(batch_size=self.batch_size) for stage, title in _STAGES.items()}
        return [
            Verdict.at_least(f"plain way / ours, {titles[stage]}, `{self.network}`", wanted, self.ratio(OURS, stage))
            for stage, wanted in _GOALS.items()
        ] + [
            Verdict.at_least(
                f"same ten classes as the plain way in {each.precision}, {each.pictures}, `{self.network}`",
                100,
                100 * each.classes / each.count,
                unit=" %",
            )
            for each in self.agreements
        ]

    def ratio(self, way: str, stage: str) -> float:
        """How many times as fast as the plain way, medians."""
        return statistics.median(self.seconds[PLAIN][stage]) / statistics.median(self.seconds[way][stage])

    def _cells(self, way: str, stage: str) -> tuple[str, str, str]:
        taken = [1000 * seconds for seconds in self.seconds[way][stage]]
        ratio = f"{self.ratio(way, stage):.2f}"
        return f"{statistics.median(taken):,.0f}", f"{min(taken):,.0f}–{max(taken):,.0f}", ratio

    def _agreement_table(self) -> str:
        rows = [
            [
                f"{each.pictures}, {each.precision}",
                f"{each.count}",
                f"{each.best}",
                f"{each.classes}",
                f"{each.order}",
                f"{each.largest_change:.3f}",
            ]
            for each in self.agreements
        ]
        columns = ["same best class", "same ten", "in the same order", "largest change of the best’s probability"]
        return table(["answers beside the plain way’s", "pictures", *columns], rows) if rows else ""
