"""ROC and precision-recall curves of each class against the rest, and of all classes together."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.parallel import in_order
from cnn_desktop.predict.evaluation.answers import Answers

_DRAWN_STEPS = 512
"""Points that fall together on a grid this fine are drawn as one."""
_GRID = np.linspace(0, 1, 201)
"""Where the curves of all classes are averaged."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve to draw, from left to right, and the area under it."""

    x: np.ndarray
    """float64, shape (points,), rising: the false positive rate, or the recall."""
    y: np.ndarray
    """float64, shape (points,): the true positive rate, or the precision."""
    area: float
    """Of all points, also of those that are not drawn; for precision over recall the average precision."""


@dataclass(frozen=True, eq=False)
class Curves:
    """How well a score tells pictures apart."""

    title: str
    """The class; empty for all of them together."""
    positives: int
    """How many pictures are to be found."""
    roc: Curve
    precision_recall: Curve


def class_curves(answers: Answers, label: int) -> Curves | None:
    """The curves of one class by its probability; None where no picture is of it, or all are."""
    scores = np.ascontiguousarray(answers.probabilities[:, label])
    return _curves(answers.classes[label], scores, scores[answers.labels == label])


def all_class_curves(answers: Answers, progress: Progress = no_progress) -> tuple[Curves | None, ...]:
    """`class_curves` of each class; `progress` counts them.

    Raises:
        CancelledError: `progress` raised it.
    """
    found: list[Curves | None] = []
    columns = in_order(partial(class_curves, answers), range(len(answers.classes)), ahead=64)
    for curves in columns:
        found.append(curves)
        progress(len(found), len(answers.classes))
    return tuple(found)


def micro_curves(answers: Answers) -> Curves:
    """All pairs of a picture and a class in one: is the picture of that class? Frequent classes weigh more."""
    own = answers.probabilities[np.arange(len(answers)), answers.labels]
    curves = _curves("", answers.probabilities.ravel(), own)
    if curves is None:
        raise ValueError("a model has two classes or more")
    return curves


def macro_curves(of_classes: tuple[Curves | None, ...]) -> Curves | None:
    """The mean of the classes' curves, all classes weighing the same; None where no class has one.

    The areas are the means of the classes' areas, as scikit-learn's `average="macro"` has them.
    """
    known = [curves for curves in of_classes if curves is not None]
    if not known:
        return None
    return Curves(
        title="",
        positives=sum(curves.positives for curves in known),
        roc=_mean([curves.roc for curves in known]),
        precision_recall=_mean([curves.precision_recall for curves in known]),
    )


def _mean(curves: list[Curve]) -> Curve:
    heights = np.mean([np.interp(_GRID, curve.x, curve.y) for curve in curves], axis=0)
    return Curve(_GRID, heights, float(np.mean([curve.area for curve in curves])))


def _curves(title: str, scores: np.ndarray, positives: np.ndarray) -> Curves | None:
    """The curves of `scores`, of which `positives` are those that are to be found.

    Nothing but the scores of the positives has to be looked at: between two of them the curves run straight. So all
    scores are sorted as they are, which is fast, and counted above each of those.
    """
    if not 0 < len(positives) < len(scores):
        return None
    ordered, found = np.sort(scores), np.sort(positives)
    marks = np.unique(positives)[::-1]
    # Both before and after the pictures that have just that score, which can't be told apart.
    hits, taken = (
        np.stack([len(values) - np.searchsorted(values, marks, side) for side in ("right", "left")], axis=1)
        for values in (found, ordered)
    )
    wrong = taken - hits
    tpr, fpr = hits / len(found), wrong / (len(ordered) - len(found))
    precision = hits / np.maximum(taken, 1)
    precision[0, 0] = 1.0 if taken[0, 0] == 0 else precision[0, 0]
    ends = (np.append(np.append(0.0, fpr.ravel()), 1.0), np.append(np.append(0.0, tpr.ravel()), 1.0))
    return Curves(
        title=title,
        positives=len(positives),
        roc=_thinned(*ends, area=_area(*ends)),
        precision_recall=_thinned(
            tpr.ravel(), precision.ravel(), area=float((np.diff(tpr, axis=1)[:, 0] * precision[:, 1]).sum())
        ),
    )


def _area(x: np.ndarray, y: np.ndarray) -> float:
    """Under straight lines from point to point."""
    return float((np.diff(x) * (y[1:] + y[:-1])).sum() / 2)


def _thinned(x: np.ndarray, y: np.ndarray, area: float) -> Curve:
    """Without the points that nobody can tell from the one before them."""
    grid = np.round(np.stack([x, y]) * _DRAWN_STEPS)
    moves = (np.diff(grid, axis=1) != 0).any(axis=0)
    kept = np.append(True, moves)
    kept[-1] = True
    return Curve(x[kept], y[kept], area)
