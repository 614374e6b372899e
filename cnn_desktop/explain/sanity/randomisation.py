"""The randomisation check: what a method still marks when the network has forgotten what it learned."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.attribution.method import Attribution, Method
from cnn_desktop.explain.attribution.question import Question
from cnn_desktop.explain.independence import independent
from cnn_desktop.explain.sanity.forgetting import cascade, forget
from cnn_desktop.explain.sanity.likeness import enlarged, rank_correlation, structural_similarity

Verdict = Literal["depends", "partly", "ignores"]

_STAGES, _STAGES_OF_SLOW = 8, 5
_TURNS = 3
"""Each with other random numbers."""


@dataclass(frozen=True, eq=False)
class Stage:
    """What the method marks when some layers, from the head down, have random numbers."""

    layer: str
    """The lowest of them by name; empty where all have what they learned."""
    count: int
    """How many layers have random numbers."""
    map: np.ndarray
    """float32 h×w, 0…1: the first turn's."""
    correlation: float = 1.0
    """Spearman's rank correlation with the original map, mean of all turns."""
    similarity: float = 1.0
    """SSIM with the original map, mean of all turns."""


@dataclass(frozen=True, eq=False)
class Randomisation:
    """The stages, the trained network first and the one that knows nothing last."""

    stages: tuple[Stage, ...]

    PARTLY, HARDLY = 0.4, 0.7
    """Measured with networks that learned MNIST, CIFAR-10 and ImageNet: the mean rank correlation of Grad-CAM lay below
    0.42, that of integrated gradients, which multiply by the picture, below 0.58 on white strokes, that of guided
    backpropagation, which Adebayo et al. found wanting, between 0.5 and 0.83, and that of edges at 1."""

    @property
    def correlation(self) -> float:
        """Mean of the stages that know less than the trained network.

        The last stage alone would miss methods that see the lowest layers only (guided backpropagation is one).
        """
        return float(np.mean([stage.correlation for stage in self.stages[1:]]))

    @property
    def verdict(self) -> Verdict:
        """Whether the explanation depends on what the model learned."""
        if self.correlation >= self.HARDLY:
            return "ignores"
        return "partly" if self.correlation >= self.PARTLY else "depends"

    def __str__(self) -> str:
        sentences = {
            "ignores": _(
                "It hardly changes while layer after layer forgets what it learned (mean rank correlation "
                "{value:.2f}): this explanation doesn't depend on the model."
            ),
            "partly": _(
                "It changes only in part while layer after layer forgets what it learned (mean rank correlation "
                "{value:.2f}): much of it comes from the picture, whatever the model learned."
            ),
            "depends": _(
                "It becomes another one while layer after layer forgets what it learned (mean rank correlation "
                "{value:.2f}): this explanation depends on what the model learned."
            ),
        }
        return sentences[self.verdict].format(value=self.correlation)


def randomise(
    method: Method, question: Question, original: Attribution, progress: Progress = no_progress
) -> Randomisation:
    """Ask `method` again and again while the network's layers get random numbers, one after another from the head.

    Adebayo et al., 2018, “Sanity Checks for Saliency Maps”, arXiv:1810.03292. `progress` counts questions.

    Raises:
        ModelError: the method doesn't fit the network.
    """
    most, turns = (_STAGES_OF_SLOW, 1) if method.asks_often else (_STAGES, _TURNS)
    steps = cascade(question.module, question.model.preprocessing, most)
    total = turns * len(steps)
    side = question.batch.shape[2:]
    reference = enlarged(original.map, *side)
    maps: list[list[np.ndarray]] = [[] for _step in steps]
    for turn in range(turns):
        module = independent(question.module)
        generator = torch.Generator().manual_seed(turn)
        for number, layers in enumerate(steps):
            done = turn * len(steps) + number
            progress(done, total)
            forget(module, layers, generator)
            asked = question.of_network(module, original.layer)
            found = method.explain(asked, lambda _done, _total, done=done: progress(done, total))
            maps[number].append(found.map)
    stages = [Stage("", 0, original.map)]
    for layers, found in zip(steps, maps, strict=True):
        shown = [enlarged(one, *side) for one in found]
        correlation = float(np.mean([rank_correlation(reference, one) for one in shown]))
        similarity = float(np.mean([structural_similarity(reference, one) for one in shown]))
        stages.append(Stage(layers[-1], stages[-1].count + len(layers), found[0], correlation, similarity))
    return Randomisation(tuple(stages))
