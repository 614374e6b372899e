"""What an attribution is asked: which parts of this picture speak for that class of this model?"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import nn

from cnn_desktop.core.progress import Progress
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.independence import independent
from cnn_desktop.models.model import Model

Score = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, eq=False)
class Question:
    """One picture, one class, one network of the asker's own."""

    model: Model
    module: nn.Module
    """In evaluation mode, float32, asked by nobody else; `model.module`'s numbers or others in their place."""
    batch: torch.Tensor
    """float32 1×C×H×W, as the network receives it, on its device."""
    class_index: int
    layer: str = ""
    """Dotted name of the layer whose maps count, for methods that look at one; empty: the method chooses."""

    @classmethod
    def about(cls, model: Model, pixels: torch.Tensor, class_index: int, layer: str = "") -> "Question":
        """Ask why `model`, which may be answering in other threads meanwhile, finds `class_index` in a picture.

        Args:
            model: any.
            pixels: uint8 1×C×H×W, as its preprocessing gives them.
            class_index: the place of the class in `model.classes`.
            layer: the layer whose maps count, for methods that look at one; empty: the method chooses.
        """
        module = independent(model.module)
        device = next(module.parameters()).device
        return cls(model, module, normalize(pixels.to(device), model.preprocessing), class_index, layer)

    def of_network(self, module: nn.Module, layer: str) -> "Question":
        """The same question about the same layer of another network, such as the same one with other weights."""
        return replace(self, module=module, layer=layer)

    def of_class(self, class_index: int) -> "Question":
        """The same question about another class."""
        return replace(self, class_index=class_index)

    @property
    def score(self) -> Score:
        """What the network says to a batch, N×C×H×W to N×classes: logits, so that a class with more is more probable.

        Of two classes, it is the difference of their logits that counts: networks may hold one of them still.
        """

        def difference(batch: torch.Tensor) -> torch.Tensor:
            logits = self.module(batch)
            return logits - logits.flip(1)

        return difference if len(self.model.classes) == 2 else self.module

    def probabilities(self, batch: torch.Tensor) -> torch.Tensor:
        """How probable the network finds each class in each picture of a batch, float32 N×classes."""
        with torch.inference_mode():
            return (self.module(batch) / self.model.temperature).softmax(1)

    def blank(self) -> torch.Tensor:
        """A picture without anything in it, 1×C×1×1: everywhere the mean colour of this one."""
        return self.batch.mean(dim=(2, 3), keepdim=True)

    def black(self) -> torch.Tensor:
        """A black picture, as the network would receive it: float32 1×C×H×W."""
        rules = self.model.preprocessing
        pixels = torch.zeros(self.batch.shape, dtype=torch.uint8, device=self.batch.device)
        return normalize(pixels, rules)


def counted(score: Score, total: int, progress: Progress) -> Score:
    """`score` that reports how many of `total` pictures it has been asked about, and so can be stopped."""
    done = 0

    def ask(batch: torch.Tensor) -> torch.Tensor:
        nonlocal done
        progress(min(done, total), total)
        done += len(batch)
        return score(batch)

    return ask
