"""Parts of a split that have every class in its share, the same ones in every run."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import Dataset, Splits

SPLIT_SEED = 0
"""Of every validation part that nobody planned: two runs that are compared have seen the same pictures."""


def with_validation(dataset: Dataset, fraction: float, seed: int = SPLIT_SEED) -> Dataset:
    """The dataset with `fraction` of its training pictures as a validation split.

    Stratified, and the same for the same seed; a picture that comes or goes moves hardly any other, see `held_out`. A
    dataset that brings a validation split keeps its own; at 0 it stays as it is. Every class keeps at least one
    training picture.

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
    chosen = held_out(train.labels, train.all_keys(), fraction, seed)
    if not chosen.any():
        notice = _("There are too few pictures for a validation part: all of them are trained on.")
        return replace(dataset, notices=(*dataset.notices, notice))
    kept, validation = np.flatnonzero(~chosen), np.flatnonzero(chosen)
    splits: Splits = {**dataset.splits, "train": train.subset(kept), "validation": train.subset(validation)}
    return replace(dataset, splits=splits)


def held_out(labels: np.ndarray, keys: Sequence[str], fraction: float, seed: int) -> np.ndarray:
    """Which pictures belong to a part that has `fraction` of each class: bool, shape (N,).

    Each picture draws its lot from its key alone, so the part stays what it is where pictures are added or removed, but
    for a few at its edge.

    Args:
        labels: int64, shape (N,).
        keys: N of them.
    """
    lots = np.array([_lot(key, seed) for key in keys], dtype=np.uint64)
    return _chosen(labels, fraction, np.random.default_rng(seed), lambda places: places[np.argsort(lots[places])])


def stratified(labels: np.ndarray, fraction: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of `labels` in two sorted parts, the second of which has `fraction` of each class, drawn by chance."""
    random = np.random.default_rng(seed)
    chosen = _chosen(labels, fraction, random, random.permutation)
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def _lot(key: str, seed: int) -> int:
    digest = hashlib.blake2b(f"{seed} {key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _chosen(
    labels: np.ndarray, fraction: float, random: np.random.Generator, shuffled: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Take `fraction` of each class from the front of its shuffled places; bool, shape (N,).

    Whole numbers are made by the largest remainder, so that the parts' sizes are right as well; no class is emptied.
    """
    classes, counts = np.unique(labels, return_counts=True)
    shares = counts * fraction
    taken = np.floor(shares).astype(int)
    # Equal remainders are ranked by chance, not in favour of the first classes.
    ranking = np.lexsort((random.permutation(len(classes)), taken - shares))
    taken[ranking[: round(len(labels) * fraction) - taken.sum()]] += 1
    taken = np.minimum(taken, counts - 1)
    chosen = np.zeros(len(labels), dtype=bool)
    for label, count in zip(classes, taken, strict=True):
        chosen[shuffled(np.flatnonzero(labels == label))[:count]] = True
    return chosen
