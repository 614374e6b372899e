"""Parts of a split that have every class in its share."""

from dataclasses import replace

import numpy as np

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import Dataset, Splits


def with_validation(dataset: Dataset, fraction: float, seed: int) -> Dataset:
    """The dataset with `fraction` of its training pictures as a validation split.

    Stratified, and the same for the same seed. A dataset that brings a validation split keeps its own; at 0 it stays as
    it is. Every class keeps at least one training picture.

    Raises:
        BadInputError: `fraction` isn't between 0 and 1, 1 left out.
    """
    if not 0 <= fraction < 1:
        raise BadInputError(
            _("The part for validation must be at least 0 and below 1, not {part}.").format(part=fraction)
        )
    if fraction == 0 or "validation" in dataset.splits:
        return dataset
    train = dataset.splits["train"]
    kept, held_out = stratified(train.labels, fraction, seed)
    if not len(held_out):
        notice = _("There are too few pictures for a validation part: all of them are trained on.")
        return replace(dataset, notices=(*dataset.notices, notice))
    splits: Splits = {**dataset.splits, "train": train.subset(kept), "validation": train.subset(held_out)}
    return replace(dataset, splits=splits)


def stratified(labels: np.ndarray, fraction: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of `labels` in two sorted parts, the second of which has `fraction` of each class.

    Whole numbers are made by the largest remainder, so that the parts' sizes are right as well; no class is emptied.
    """
    random = np.random.default_rng(seed)
    classes, counts = np.unique(labels, return_counts=True)
    shares = counts * fraction
    taken = np.floor(shares).astype(int)
    # Equal remainders are ranked by chance, not in favour of the first classes.
    ranking = np.lexsort((random.permutation(len(classes)), taken - shares))
    taken[ranking[: round(len(labels) * fraction) - taken.sum()]] += 1
    taken = np.minimum(taken, counts - 1)
    second = [
        random.permutation(np.flatnonzero(labels == label))[:count] for label, count in zip(classes, taken, strict=True)
    ]
    chosen = np.zeros(len(labels), dtype=bool)
    chosen[np.concatenate(second).astype(int)] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)
