"""Two models on the same pictures: is one better, or was it chance?"""

from dataclasses import dataclass
from math import comb, erfc, sqrt
from typing import Any

import numpy as np

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.predict.evaluation.answers import Answers
from cnn_desktop.predict.evaluation.intervals import Interval, wilson

_EXACT_UP_TO = 1000
"""So many pictures that only one is right on are counted out; for more the approximation is as good."""
_CHANCE = 0.05


@dataclass(frozen=True)
class Standing:
    """One of two models on the pictures that both answered."""

    model: str
    accuracy: float
    interval: Interval
    alone_right: tuple[PictureRef, ...]
    """The pictures that it is right on and the other isn't, in the order of the split."""


@dataclass(frozen=True)
class Comparison:
    """Two models on the same pictures."""

    first: Standing
    second: Standing
    count: int
    both_right: int
    both_wrong: tuple[PictureRef, ...]
    p_value: float
    """How often chance alone gives models that are equally good a difference as large (McNemar, 1947)."""
    is_exact: bool
    """By the binomial distribution; else by chi-squared with Edwards' correction."""

    @property
    def is_more_than_chance(self) -> bool:
        """Whether chance alone gives such a difference in fewer than one of twenty cases."""
        return self.p_value < _CHANCE

    def to_json(self) -> dict[str, Any]:
        """Counts and figures, without the pictures."""
        models = [
            {
                "model": one.model,
                "accuracy": one.accuracy,
                "accuracy_interval": one.interval,
                "alone_right": len(one.alone_right),
            }
            for one in (self.first, self.second)
        ]
        both = {"count": self.count, "both_right": self.both_right, "both_wrong": len(self.both_wrong)}
        return {"models": models, **both, "p_value": self.p_value, "is_exact": self.is_exact, "sentence": str(self)}

    def __str__(self) -> str:
        a, b = len(self.first.alone_right), len(self.second.alone_right)
        if a + b == 0:
            return _("Both models are right on the same pictures and wrong on the same ones.")
        names = {"first": self.first.model, "second": self.second.model}
        counted = _("“{first}” alone is right on {a:,} pictures, “{second}” alone on {b:,}").format(**names, a=a, b=b)
        if not self.is_more_than_chance:
            verdict = _("chance alone would give such a difference as well")
        elif a > b:
            verdict = _("“{first}” is better by more than chance").format(**names)
        else:
            verdict = _("“{second}” is better by more than chance").format(**names)
        test = _("McNemar's exact test") if self.is_exact else _("McNemar's test")
        p = "p < 0.001" if self.p_value < 0.001 else f"p = {self.p_value:.3f}"
        return f"{counted}: {verdict} ({p}, {test})."


def compare(first: Answers, second: Answers) -> Comparison:
    """Compare two models by their answers to the same split; pictures that only one of them read are left out.

    Raises:
        DatasetError: the answers are not about the same pictures under the same labels.
    """
    places = {key: place for place, key in enumerate(second.keys)}
    ours = np.array([place for place, key in enumerate(first.keys) if key in places], dtype=np.int64)
    theirs = np.array([places[first.keys[place]] for place in ours], dtype=np.int64)
    ours_meant, theirs_meant = (np.array(answers.classes)[answers.labels] for answers in (first, second))
    if not len(ours) or (ours_meant[ours] != theirs_meant[theirs]).any():
        raise DatasetError(_("Only answers to the same pictures under the same labels can be compared."))
    a, b = first.is_right[ours], second.is_right[theirs]
    names = (first.model, second.model)
    if first.model == second.model:  # two runs of the same network on the same dataset
        names = (f"{first.model} (1)", f"{second.model} (2)")
    p_value, is_exact = mcnemar(int((a & ~b).sum()), int((b & ~a).sum()))
    return Comparison(
        first=Standing(names[0], float(a.mean()), wilson(int(a.sum()), len(a)), first.refs_at(ours[a & ~b])),
        second=Standing(names[1], float(b.mean()), wilson(int(b.sum()), len(b)), first.refs_at(ours[b & ~a])),
        count=len(ours),
        both_right=int((a & b).sum()),
        both_wrong=first.refs_at(ours[~a & ~b]),
        p_value=p_value,
        is_exact=is_exact,
    )


def mcnemar(only_first: int, only_second: int) -> tuple[float, bool]:
    """The two-sided p-value for so many pictures that only one of two models is right on, and whether it is exact."""
    count = only_first + only_second
    if count <= _EXACT_UP_TO:
        tail = sum(comb(count, hits) for hits in range(min(only_first, only_second) + 1))
        return min(1.0, 2 * tail / 2**count), True
    statistic = max(0, abs(only_first - only_second) - 1) ** 2 / count
    return erfc(sqrt(statistic / 2)), False
