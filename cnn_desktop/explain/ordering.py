"""In which order many maps are shown."""

from typing import Literal

import numpy as np

Order = Literal["index", "mean", "similarity"]

_SIDE = 16
"""Cells to a side that are enough to tell how alike two maps are."""


def order_of(maps: np.ndarray, order: Order) -> np.ndarray:
    """The numbers of C×H×W `maps` in the order in which to show them: int64, shape (C,).

    `mean`: the strongest on average first; `similarity`: each beside one that is like it. Equal ones stay as they are.
    """
    if order == "index":
        return np.arange(len(maps))
    means = _finite(maps).mean(axis=(1, 2), dtype=np.float64)
    if order == "mean" or maps.shape[1:] == (1, 1):
        return np.argsort(-means, kind="stable")
    return _chain(_correlations(maps), int(means.argmax()))


def _correlations(maps: np.ndarray) -> np.ndarray:
    """Pearson's correlation of each map with each, float32 C×C; 0 for one that is the same everywhere."""
    height, width = maps.shape[1:]
    step = max(1, height // _SIDE), max(1, width // _SIDE)
    flat = _finite(maps[:, :: step[0], :: step[1]]).reshape(len(maps), -1).astype(np.float32)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    flat = np.divide(flat, length, out=np.zeros_like(flat), where=length > 0)
    return flat @ flat.T


def _chain(likeness: np.ndarray, first: int) -> np.ndarray:
    """From `first` always to the one that is most like it among those left."""
    taken = np.zeros(len(likeness), np.float32)
    order = np.empty(len(likeness), np.int64)
    order[0] = first
    for place in range(1, len(order)):
        taken[order[place - 1]] = -np.inf
        order[place] = (likeness[order[place - 1]] + taken).argmax()
    return order


def _finite(values: np.ndarray) -> np.ndarray:
    return np.nan_to_num(values, posinf=0.0, neginf=0.0)
