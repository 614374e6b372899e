"""The deletion curve: how fast a class becomes improbable as what an explanation marks is removed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch.nn.functional import adaptive_avg_pool2d, interpolate

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import percent_text
from cnn_desktop.explain.attribution.method import Attribution
from cnn_desktop.explain.attribution.question import Question
from cnn_desktop.explain.sanity.likeness import enlarged

Verdict = Literal["matters", "chance", "unknown"]

_CELLS = 8
"""A side is divided into so many squares, or into pixels where it has fewer."""
_BLUR = 4
"""What is removed becomes a blur of so many mean colours a side."""
_STEPS = 20
_TURNS = 5
_AT_ONCE = 8


@dataclass(frozen=True, eq=False)
class Deletion:
    """The class's probability over the part of the picture that is gone, both from 0 to 1."""

    removed: np.ndarray
    """float64 n."""
    marked: np.ndarray
    """float32 n: what the explanation marks most is removed first."""
    random: np.ndarray
    """float32 turns×n: the same squares in a random order, several times."""

    LEAST = 0.05
    """Of a class that is less probable than this from the start, nothing can be told."""

    @property
    def area(self) -> float:
        """Under the curve: the less, the more what is marked matters."""
        return float(np.trapezoid(self.marked, self.removed))

    @property
    def random_areas(self) -> np.ndarray:
        """Under each of the random curves, float64."""
        return np.trapezoid(self.random, self.removed, axis=1)

    @property
    def is_telling(self) -> bool:
        """Whether the class was probable enough to begin with."""
        return float(self.marked[0]) >= self.LEAST

    @property
    def is_better_than_chance(self) -> bool:
        """Whether what is marked matters more than random squares do, by more than these differ among themselves."""
        return self.area < float(self.random_areas.mean() - self.random_areas.std())

    @property
    def verdict(self) -> Verdict:
        """Whether what is marked matters to the model."""
        if not self.is_telling:
            return "unknown"
        return "matters" if self.is_better_than_chance else "chance"

    def __str__(self) -> str:
        sentences = {
            "unknown": _(
                "The class has a probability of {start} to begin with, too little for removing anything to tell."
            ),
            "matters": _(
                "Removing what is marked lowers the probability faster than removing as much at random (area under the "
                "curve {area:.2f}, at random {random:.2f}): what is marked matters."
            ),
            "chance": _(
                "Removing what is marked lowers the probability no faster than removing as much at random (area under "
                "the curve {area:.2f}, at random {random:.2f}): the model hardly needs what is marked here."
            ),
        }
        start, random = percent_text(float(self.marked[0])), float(self.random_areas.mean())
        return sentences[self.verdict].format(start=start, area=self.area, random=random)


def delete(question: Question, explanation: Attribution, progress: Progress = no_progress) -> Deletion:
    """Remove square after square from the picture, those that the explanation marks most first, and at random.

    Petsiuk, Das, Saenko, 2018, “RISE: Randomized Input Sampling for Explanation of Black-box Models”, but by squares
    that both orders share, and by blurring them: single pixels at random, or hard edges, upset a network by themselves,
    so that nothing would be better than chance. `progress` counts pictures that the network sees.
    """
    height, width = question.batch.shape[2:]
    rows, columns = min(_CELLS, height), min(_CELLS, width)
    cell_of = _cells(height, rows)[:, None] * columns + _cells(width, columns)[None, :]
    draws = np.random.default_rng(0)
    count = rows * columns
    weight = np.bincount(cell_of.ravel(), enlarged(explanation.map, height, width).ravel(), count)
    weight /= np.bincount(cell_of.ravel(), minlength=count)
    orders = [np.lexsort((draws.random(count), -weight)), *(draws.permutation(count) for _turn in range(_TURNS))]
    gone = np.unique(np.round(np.linspace(0, count, _STEPS + 1)).astype(int))
    told = _counted(progress, len(orders) * len(gone))
    curves = np.stack([_curve(question, cell_of, order, gone, told) for order in orders])
    return Deletion(gone / count, curves[0], curves[1:])


def _curve(
    question: Question, cell_of: np.ndarray, order: np.ndarray, gone: np.ndarray, told: Callable[[int], None]
) -> np.ndarray:
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    when = torch.from_numpy(place[cell_of]).to(question.batch.device)
    blank = interpolate(adaptive_avg_pool2d(question.batch, _BLUR), question.batch.shape[2:], mode="bilinear")
    found: list[torch.Tensor] = []
    for start in range(0, len(gone), _AT_ONCE):
        part = gone[start : start + _AT_ONCE]
        told(len(part))
        removed = when < torch.from_numpy(part).to(when.device)[:, None, None, None]
        found.append(question.probabilities(torch.where(removed, blank, question.batch))[:, question.class_index].cpu())
    return torch.cat(found).numpy()


def _counted(progress: Progress, total: int) -> Callable[[int], None]:
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        progress(done, total)
        done += count

    return tell


def _cells(length: int, count: int) -> np.ndarray:
    """Which of `count` parts of about equal length each of `length` pixels belongs to."""
    return np.arange(length) * count // length
