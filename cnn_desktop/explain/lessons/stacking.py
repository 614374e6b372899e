"""Layer upon layer: a 9×9 picture of an X or an O down to three maps of 2×2, and from there to two votes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from cnn_desktop.explain.lessons.examples import CROSS, FEATURES, NOUGHT
from cnn_desktop.explain.lessons.sliding import Rows

CONVOLVED, RECTIFIED, POOLED, POOLED_AGAIN = range(4)
"""The layers, from the picture on."""


@dataclass(frozen=True)
class Extent:
    """Rows and columns of the picture, from the first up to the one after the last."""

    top: int
    left: int
    bottom: int
    right: int


def stages(picture: Rows, *, rectifies: bool = True) -> list[torch.Tensor]:
    """What each layer makes of a 9×9 picture: 3×7×7, 3×7×7, 3×4×4 and 3×2×2, float32.

    Convolution with the three features of an X (each sum divided by the nine pixels of a feature), ReLU, max pooling by
    2 with the rest kept, max pooling by 2. After Rohrer, “How convolutional neural networks work” (2016).

    Args:
        rectifies: whether the second layer is a ReLU, or lets everything through.
    """
    features = torch.tensor(FEATURES)[:, None] / 9
    convolved = F.conv2d(torch.tensor(picture, dtype=torch.float32)[None, None], features)[0]
    rectified = F.relu(convolved) if rectifies else convolved
    pooled = F.max_pool2d(rectified, 2, ceil_mode=True)
    return [convolved, rectified, pooled, F.max_pool2d(pooled, 2)]


def seen_by(stage: int, row: int, column: int) -> Extent:
    """Which part of the 9×9 picture a number of a stage depends on: its receptive field."""
    step, size = {CONVOLVED: (1, 3), RECTIFIED: (1, 3), POOLED: (2, 4), POOLED_AGAIN: (4, 6)}[stage]
    return Extent(step * row, step * column, min(9, step * row + size), min(9, step * column + size))


def flattened(picture: Rows) -> torch.Tensor:
    """The twelve numbers at the end, in a row: float32 (12,)."""
    return stages(picture)[POOLED_AGAIN].flatten()


def voters() -> torch.Tensor:
    """Weights of a dense layer that tells X from O: float32 2×12, each row adds up to 1.

    Where the standard X has larger numbers than the standard O, they vote for X, all alike; where the O has, for O.
    What is equal in both tells nothing, and has no vote.
    """
    cross, nought = flattened(CROSS), flattened(NOUGHT)
    weights = torch.stack([cross > nought, nought > cross]).float()
    return weights / weights.sum(1, keepdim=True).clamp(min=1)


def votes(values: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """A dense layer without bias: float32 (classes,)."""
    return F.linear(values, weights)
