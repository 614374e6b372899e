"""What a network knows of pictures just before it decides: the input of its last layer."""

import contextlib
import threading
from collections.abc import Iterator

import torch
from torch import nn

from cnn_desktop.models.architecture import architectures
from cnn_desktop.predict.classifier import Classifier


class Embedder:
    """A classifier's penultimate layer, for as long as the `with` block lasts; other threads may ask the classifier."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self._captured: torch.Tensor | None = None
        self._thread = 0

    def __enter__(self) -> "Embedder":
        model = self.classifier.model
        head = model.module.get_submodule(architectures[model.architecture].head)
        self._handle = head.register_forward_pre_hook(self._capture)
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()

    def embed(self, pixels: torch.Tensor) -> torch.Tensor:
        """uint8 N×C×H×W to float32 N×features, on the classifier's device; maps are averaged."""
        self._thread = threading.get_ident()
        self.classifier.logits(pixels)
        captured, self._captured = self._captured, None
        if captured is None:
            raise RuntimeError("the last layer was not run")
        return captured.flatten(2).mean(dim=2) if captured.ndim > 2 else captured

    def _capture(self, _module: nn.Module, arguments: tuple[torch.Tensor, ...]) -> None:
        if threading.get_ident() == self._thread:
            self._captured = arguments[0].detach().float()
