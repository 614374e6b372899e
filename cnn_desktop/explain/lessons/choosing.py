"""From scores to probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it


@dataclass(frozen=True)
class Chances:
    """What softmax makes of scores, step by step: float32 (classes,).

    Args:
        powers: e to each score, divided by the temperature.
        total: of all powers.
        probabilities: as torch's own softmax says.
    """

    powers: torch.Tensor
    total: float
    probabilities: torch.Tensor


def chances(scores: Sequence[float], temperature: float = 1.0) -> Chances:
    """The probabilities of classes; a higher temperature makes them more alike."""
    cooled = torch.tensor(scores, dtype=torch.float32) / temperature
    powers = cooled.exp()
    return Chances(powers, float(powers.sum()), F.softmax(cooled, 0))


def loss(scores: Sequence[float], label: int, temperature: float = 1.0) -> float:
    """Cross-entropy: minus the natural logarithm of the true class's probability."""
    cooled = torch.tensor(scores, dtype=torch.float32) / temperature
    return float(F.cross_entropy(cooled[None], torch.tensor([label])))
