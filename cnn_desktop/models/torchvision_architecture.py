"""Architectures that torchvision brings, with its ImageNet weights; its slow import waits until one is used."""

import functools
import math
from typing import ClassVar

import torch
from torch import nn

from cnn_desktop.core.config import Augmentation, Recipe
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import VIEWABLE_LAYERS, Architecture, PretrainedWeights

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
    weights: ClassVar[str] = "IMAGENET1K_V1"
    """The name of the published weights in torchvision's list for this architecture."""

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """torchvision's network; every size that it takes is pooled to one, so `size` changes nothing."""
        from torchvision.models import get_model  # noqa: PLC0415  slow

        module = get_model(self.name, weights=None, num_classes=classes)
        if channels != 3:
            _replace_first_conv(module, channels)
        return module

    def viewable(self, module: nn.Module) -> list[str]:
        """Convolutions, max pools, each block's output, and activations outside of blocks.

        An activation inside a block may run several times in one pass, so that its output has no one picture.
        """
        return _viewable(module, "", inside_block=False)

    def pretrained(self) -> PretrainedWeights | None:
        """What torchvision publishes."""
        return _published(self.name, self.weights)


def _replace_first_conv(module: nn.Module, channels: int) -> None:
    name, old = next((name, layer) for name, layer in module.named_modules() if isinstance(layer, nn.Conv2d))
    parent, _dot, attribute = name.rpartition(".")
    old.in_channels = channels
    # The same distribution, scaled so that the sum over fewer inputs varies as much as before.
    chosen = old.weight[:, torch.arange(channels) % old.weight.shape[1]]
    old.weight = nn.Parameter(chosen.detach() * math.sqrt(old.weight.shape[1] / channels))
    setattr(module.get_submodule(parent), attribute, old)


def _viewable(module: nn.Module, prefix: str, *, inside_block: bool) -> list[str]:
    names: list[str] = []
    for name, child in module.named_children():
        path = prefix + name
        if isinstance(child, nn.AdaptiveAvgPool2d):
            break
        if isinstance(child, nn.Sequential):
            names += _viewable(child, f"{path}.", inside_block=inside_block)
        elif _is_block(child):
            # A block's output comes after those of the layers inside it.
            names += [*_viewable(child, f"{path}.", inside_block=True), path]
        elif isinstance(child, nn.Conv2d | nn.MaxPool2d) or (isinstance(child, VIEWABLE_LAYERS) and not inside_block):
            names.append(path)
    return names


def _is_block(module: nn.Module) -> bool:
    # A squeeze-and-excitation has children too, but weighs channels by single numbers: nothing to look at.
    return any(True for _child in module.children()) and type(module).__name__ != "SqueezeExcitation"


@functools.cache
def _published(name: str, weights: str) -> PretrainedWeights:
    from torchvision.models import get_model_weights  # noqa: PLC0415  slow

    entry = get_model_weights(name)[weights]
    file_name = entry.url.rpartition("/")[2]
    figures = entry.meta["_metrics"]["ImageNet-1K"]
    rules = entry.transforms()
    (side,), (shorter,) = rules.crop_size, rules.resize_size
    return PretrainedWeights(
        url=entry.url,
        file_name=file_name,
        sha256_prefix=file_name.removesuffix(".pth").rpartition("-")[2],
        bytes=round(entry.meta["_file_size"] * 2**20),
        classes=tuple(entry.meta["categories"]),
        preprocessing=Preprocessing(
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
