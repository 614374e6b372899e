"""Architectures that torchvision brings, with its ImageNet weights; its slow import waits until one is used."""

import functools
import math
from typing import Any

import torch
from torch import nn

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, PretrainedWeights

_PUBLISHER_AND_STORE = ("https://download.pytorch.org/", "https://s3.amazonaws.com/pytorch/")
"""PyTorch's own address, and the store behind it, which answers by itself too."""

FLIP = Augmentation(horizontal_flip=True)

FINE_TUNING = Recipe(
    # Published weights are near a good place: a tenth of the rate that ImageNet training starts with keeps them there,
    # and batch norms let the same rate train fresh weights as well.
    epochs=10,
    batch_size=32,
    optimizer="sgd",
    learning_rate=0.01,
    momentum=0.9,
    weight_decay=1e-4,
    schedule="cosine",
    augmentation=FLIP,
)


class TorchvisionArchitecture(Architecture):
    """One of torchvision's classifiers, under torchvision's name for it."""

    recipe = FINE_TUNING
    min_size = 32
    preferred_size = 224
    weights: str = "IMAGENET1K_V1"
    """The name of the published weights in torchvision's list for this architecture."""

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """torchvision's network; most pool every size that they take to one, so that `size` changes nothing."""
        from torchvision.models import get_model  # noqa: PLC0415  slow

        module = get_model(self.name, weights=None, num_classes=classes, **self.options(channels, size))
        if channels != 3:
            take_channels(module, channels)
        self.adjust(module, classes)
        return module

    def adjust(self, module: nn.Module, classes: int) -> None:
        """Change what torchvision made; mostly nothing."""

    def options(self, channels: int, size: tuple[int, int]) -> dict[str, Any]:
        """What torchvision's builder must be told besides the number of classes."""
        return {}

    def pretrained(self) -> PretrainedWeights | None:
        """What torchvision publishes."""
        return _published(self.name, self.weights)


def take_channels(module: nn.Module, channels: int) -> None:
    """Let the first convolution of `module` take pictures of `channels`."""
    first = next(layer for layer in module.modules() if isinstance(layer, nn.Conv2d))
    # The same distribution, scaled so that the sum over fewer inputs varies as much as before.
    chosen = first.weight.detach()[:, torch.arange(channels) % first.in_channels]
    first.weight = nn.Parameter(chosen * math.sqrt(first.in_channels / channels))
    first.in_channels = channels


@functools.cache
def _published(name: str, weights: str) -> PretrainedWeights:
    from torchvision.models import get_model_weights  # noqa: PLC0415  slow

    entry = get_model_weights(name)[weights]
    file_name = entry.url.rpartition("/")[2]
    figures = entry.meta["_metrics"]["ImageNet-1K"]
    rules = entry.transforms()
    (side,), (shorter,) = rules.crop_size, rules.resize_size
    return PretrainedWeights(
        urls=(entry.url, entry.url.replace(*_PUBLISHER_AND_STORE)),
        file_name=file_name,
        sha256_prefix=file_name.removesuffix(".pth").rpartition("-")[2],
        bytes=round(entry.meta["_file_size"] * 2**20),
        classes=tuple(entry.meta["categories"]),
        preprocessing=Preprocessing(
            decoder="full",  # at a reduced scale, a third of photos get other classes among their ten best (ADR 6)
            resizer="torch",
            height=side,
            width=side,
            channels=3,
            resize="crop",
            shorter_side=shorter,
            interpolation=rules.interpolation.value,
            mean=tuple(rules.mean),
            std=tuple(rules.std),
        ),
        top1=figures["acc@1"] / 100,
        top5=figures["acc@5"] / 100,
    )
