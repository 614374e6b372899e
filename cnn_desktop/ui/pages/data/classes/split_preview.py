"""What a split would come to, worked out in a job's thread before anybody decides it. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.data.decisions import Decisions


def preview(
    found: Dataset,
    decisions: Decisions,
    validation: float,
    test: float,
    seed: int,
    progress: Progress = no_progress,
) -> Dataset:
    """The dataset as it would be divided, all other decisions carried out.

    Raises:
        BadInputError: the shares leave nothing to train on.
    """
    from cnn_desktop.data.decisions import decided, split_plan

    progress(0, 0)
    plan = split_plan(found, decisions, validation, test, seed)
    progress(0, 0)
    return decided(found, decisions.with_split(plan))
