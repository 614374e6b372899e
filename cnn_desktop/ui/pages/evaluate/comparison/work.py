"""Asking another model about the same pictures, in a job's thread. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.ui.pages.evaluate.work import Evaluated, Subject, ask

if TYPE_CHECKING:
    from cnn_desktop.core.progress import Progress
    from cnn_desktop.predict.evaluation import Answers
    from cnn_desktop.predict.evaluation.comparing import Comparison


@dataclass(frozen=True, eq=False)
class Compared:
    """The other model's answers, and what comes of both."""

    result: Evaluated
    asked: Answers
    """The other model's, to all pictures that it was asked about."""
    other: Answers
    """To those that are still in the split."""
    comparison: Comparison


def compare_with(result: Evaluated, other: Subject, progress: Progress) -> Compared:
    """Ask `other` about the pictures of `result`.

    Raises:
        ModelError: it has other classes, or answers with something that is no number.
    """
    from cnn_desktop.predict.evaluation.comparing import compare

    answers = ask(other.model, result.dataset, result.split, progress)
    return Compared(result, answers, answers, compare(result.answers, answers))


def recompared(before: Compared, result: Evaluated, progress: Progress) -> Compared:
    """Compare again after labels were changed.

    Raises:
        DatasetError: none of the pictures is left.
    """
    from cnn_desktop.predict.evaluation.comparing import compare
    from cnn_desktop.ui.pages.evaluate.following import followed

    progress(0, 0)
    other = followed(before.asked, result.dataset)
    return Compared(result, before.asked, other, compare(result.answers, other))
