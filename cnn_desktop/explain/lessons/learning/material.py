"""Pictures to learn from, and others to be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from cnn_desktop.data.dataset import ArraySplit
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.sets.xo import drawn

_SEED = 5


@dataclass(frozen=True)
class Material:
    """Float pictures N×1×S×S in 0…1 with int64 labels; none for testing is among those to learn from."""

    classes: tuple[str, ...]
    pictures: torch.Tensor
    labels: torch.Tensor
    test_pictures: torch.Tensor
    test_labels: torch.Tensor

    @property
    def side(self) -> int:
        """Height and width of a picture, in pixels."""
        return self.pictures.shape[-1]


def digits(wanted: Sequence[int] = range(10), per_class: int | None = None) -> Material:
    """The built-in handwritten digits of 8×8, of some classes only.

    Args:
        wanted: which digits, rising; the first of them gets the label 0.
        per_class: how many of each to learn from; None: all there are. All test pictures are kept.
    """
    splits = open_dataset("digits", as_found=True).splits
    parts: list[torch.Tensor] = []
    for split, most in ((splits["train"], per_class), (splits["test"], None)):
        assert isinstance(split, ArraySplit)
        places = np.sort(np.concatenate([np.flatnonzero(split.labels == digit)[:most] for digit in wanted]))
        labels = np.searchsorted(wanted, split.labels[places])
        parts += [_as_floats(split.images[places]), torch.from_numpy(labels)]
    return Material(tuple(map(str, wanted)), *parts)


def crosses_and_noughts(count: int, side: int = 16, test: int = 400) -> Material:
    """`count` drawn crosses and noughts to learn from, half of each, at most 256."""
    pictures, labels = _drawn(side, test)
    first = np.concatenate([np.flatnonzero(labels[:256] == label)[: -(-count // 2)] for label in (0, 1)])[:count]
    floats, classes = _as_floats(pictures), torch.from_numpy(labels.astype(np.int64))
    return Material(("X", "O"), floats[first], classes[first], floats[256:], classes[256:])


@cache
def _drawn(side: int, test: int) -> tuple[np.ndarray, np.ndarray]:
    return drawn(side, (256, test), _SEED)


def _as_floats(images: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
