"""A model: an architecture with weights, classes and preprocessing, ready to use."""

from dataclasses import dataclass, field

from torch import nn

from cnn_desktop.core.design import Design
from cnn_desktop.core.preprocessing import Preprocessing


@dataclass
class Model:
    """What predicts: `module` is in eval mode and answers one logit a class, in the order of `classes`."""

    architecture: str
    module: nn.Module
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    title: str
    """What a person calls it."""
    figures: dict[str, float | int | str] = field(default_factory=dict)
    """How it came to be and how good it is: accuracies as shares of 1, epochs, dataset."""
    temperature: float = 1.0
    """Logits are divided by it before the softmax, so that a probability says how often such an answer is right.

    It changes no ranking of the classes (temperature scaling; Guo et al., 2017).
    """
    assumptions: tuple[str, ...] = ()
    """Sentences about what its file doesn't say and the program supposed: classes, how pictures are prepared."""
    design: Design | None = None
    """The layers of `architecture` where that is a person's own design."""
