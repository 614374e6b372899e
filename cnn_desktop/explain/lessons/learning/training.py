"""A training in ten lines that can be watched step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.augment import Augmenter
from cnn_desktop.explain.lessons.learning.dials import Dials
from cnn_desktop.explain.lessons.learning.material import Material

VARIED = Augmentation(rotation=28, zoom=0.3, translation=0.17)
"""How pictures are varied where the dials say so."""


@dataclass(frozen=True)
class Score:
    """How a network does on pictures: the mean cross-entropy, and the share that it gets right."""

    loss: float
    accuracy: float


@dataclass(frozen=True)
class Look:
    """A network after `step` updates."""

    step: int
    learned: Score
    """On the pictures that it learns from, unvaried."""
    tested: Score
    """On those that it has never learned from."""
    filters: torch.Tensor
    """The first layer's weights, float32 8×3×3."""
    answers: torch.Tensor
    """Probabilities for the first test pictures: float32 `SHOWN`×classes."""
    weights_learning: int
    """How many weights and biases change."""


SHOWN = 12


def varied(pictures: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
    """Grey pictures N×1×S×S shifted, turned and resized by chance, as the Train page would; None: always alike."""
    grey = Preprocessing.unit_range(pictures.shape[2], pictures.shape[3], 1)
    return Augmenter(VARIED, grey)(pictures, generator or torch.Generator().manual_seed(0))


class SmallTraining:
    """Stochastic gradient descent with momentum; the same seed gives the same numbers.

    Args:
        network: trained in place; layers that need no gradient stay as they are.
        material: what it learns from.
        dials: read anew before every step.
        seed: of the order of the pictures, and of how they are varied.
    """

    def __init__(self, network: nn.Module, material: Material, dials: Dials, seed: int = 0) -> None:
        self.network, self.material, self.dials = network, material, dials
        self.step = 0
        self._generator = torch.Generator().manual_seed(seed)
        self._learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
        self._optimizer = torch.optim.SGD(self._learning, lr=dials.learning_rate, momentum=dials.momentum)

    def take_step(self) -> None:
        """Take some pictures by chance, see how wrong the network is, and move every weight a little downhill."""
        count = len(self.material.pictures)
        chosen = torch.randint(count, (min(count, self.dials.batch_size),), generator=self._generator)
        pictures, labels = self.material.pictures[chosen], self.material.labels[chosen]
        if self.dials.augments:
            pictures = varied(pictures, self._generator)
        for group in self._optimizer.param_groups:
            group["lr"] = self.dials.learning_rate
        self._optimizer.zero_grad()
        F.cross_entropy(self.network(pictures), labels).backward()
        self._optimizer.step()
        self.step += 1

    @torch.no_grad()
    def look(self) -> Look:
        """How the network stands now."""
        material = self.material
        first = next(self.network.parameters())
        return Look(
            self.step,
            self._score(material.pictures, material.labels),
            self._score(material.test_pictures, material.test_labels),
            first.detach()[:, 0].clone(),
            F.softmax(self.network(material.test_pictures[:SHOWN]), 1),
            sum(parameter.numel() for parameter in self._learning),
        )

    def looks(self, steps: int, every: int = 5) -> Iterator[Look]:
        """Train for so many steps: a look before the first, and one after `every` of them."""
        yield self.look()
        while self.step < steps:
            for _step in range(every):
                self.take_step()
            yield self.look()

    def _score(self, pictures: torch.Tensor, labels: torch.Tensor) -> Score:
        scores = self.network(pictures)
        loss = F.cross_entropy(scores, labels).item()
        return Score(loss, (scores.argmax(1) == labels).float().mean().item())
