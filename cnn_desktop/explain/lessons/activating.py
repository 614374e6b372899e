"""Activation functions, of one number or of a matrix."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "ReLU": F.relu,
    "Leaky ReLU": lambda values: F.leaky_relu(values, 0.1),
    "GELU": F.gelu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "none": lambda values: values,
}
"""By their names in papers; “none” hands the numbers on as they are."""


def activated(values: Any, name: str) -> torch.Tensor:
    """What the activation called `name` makes of each number: float32, of the same shape."""
    return ACTIVATIONS[name](torch.as_tensor(values, dtype=torch.float32))


def curve(name: str, low: float, high: float, count: int = 121) -> Sequence[tuple[float, float]]:
    """Evenly spaced points of the activation's graph."""
    xs = torch.linspace(low, high, count)
    return list(zip(xs.tolist(), activated(xs, name).tolist(), strict=True))
