"""A small, fast residual network for small pictures: the strong default."""

from types import MappingProxyType

import torch
from torch import nn

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.blocks import stack
from cnn_desktop.models.whitening import Whitening

WIDTHS = (64, 256, 256)
HEAD_SCALE = 0.125
BATCH_NORM_MOMENTUM = 0.4
"""The statistics follow within a few steps, since the weights change fast; their average over the steps is steady."""


@architectures.register("resnet9")
class Resnet9(Architecture):
    """Nine layers after David Page (DAWNBench 2018), with the whitened input, first weights and widths of Jordan.

    A shortcut spans one layer in each of the larger maps, and two in the smallest, where layers cost least.
    Source: Jordan, “94% on CIFAR-10 in 3.29 seconds on a single GPU”, arXiv:2404.00498 (2024).
    """

    name = "resnet9"
    title = "ResNet-9"
    summary = _("Eight convolutions with three shortcuts: accurate on small pictures within minutes.")
    recipe = Recipe(
        epochs=24,
        batch_size=128,
        optimizer="sgd",
        learning_rate=0.12,
        momentum=0.9,
        nesterov=True,
        weight_decay=1e-3,
        norm_bias_rate=4,
        schedule="one_cycle",
        label_smoothing=0.2,
        ema_decay=0.998,
        augmentation=Augmentation(horizontal_flip=True, crop_padding=3),
    )
    # Jordan's rate, for many pictures: in the few steps of a small set the statistics couldn't follow such biases.
    dataset_recipes = MappingProxyType({"cifar10": recipe.changed(norm_bias_rate=64)})
    min_size = 8
    preferred_size = 64
    head = "dense"
    sample_size = 1000

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """The last pool takes the largest value of each map; three pools halve what comes before."""
        first, second, third = WIDTHS
        # Pictures of 8 pixels would be gone after the third pool.
        whiten = Whitening(channels, 2, padding=1 if min(size) <= self.min_size else 0)
        return stack(
            whiten=whiten,
            gelu=nn.GELU(),
            **_conv_pool_norm_gelu(1, whiten.out_channels, first),
            residual1=Residual(first, 1),
            **_conv_pool_norm_gelu(2, first, second),
            residual2=Residual(second, 1),
            **_conv_pool_norm_gelu(3, second, third),
            residual3=Residual(third, 2),
            pool4=nn.AdaptiveMaxPool2d(1),
            flatten=nn.Flatten(),
            dense=nn.Linear(third, classes, bias=False),
            scale=Scale(HEAD_SCALE),
        )

    def adapt(self, module: nn.Module, pictures: torch.Tensor) -> None:
        """Whiten the input, by normalised `pictures`."""
        whiten = module.get_submodule("whiten")
        assert isinstance(whiten, Whitening)
        whiten.fit(pictures)


class Residual(nn.Module):
    """One or more convolutions, whose output is added to their input: float N×C×H×W -> the same shape."""

    def __init__(self, width: int, convolutions: int) -> None:
        super().__init__()
        for number in range(1, convolutions + 1):
            self.add_module(f"conv{number}", _conv(width, width))
            self.add_module(f"bn{number}", nn.BatchNorm2d(width, momentum=BATCH_NORM_MOMENTUM))
            self.add_module(f"gelu{number}", nn.GELU())

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Add what the layers make of `maps` to `maps`."""
        change = maps
        for layer in self.children():
            change = layer(change)
        return maps + change


class Scale(nn.Module):
    """Multiplies by a fixed factor: small logits at the start let the rate be large."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Multiply `values`, of any shape."""
        return values * self.factor

    def extra_repr(self) -> str:
        """The factor."""
        return f"{self.factor:g}"


def _conv_pool_norm_gelu(number: int, inputs: int, outputs: int) -> dict[str, nn.Module]:
    # Pooled before it is normalised: a quarter of the values to go through.
    return {
        f"conv{number}": _conv(inputs, outputs),
        f"pool{number}": nn.MaxPool2d(2),
        f"bn{number}": nn.BatchNorm2d(outputs, momentum=BATCH_NORM_MOMENTUM),
        f"gelu{number}": nn.GELU(),
    }


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    """A convolution that begins by handing its inputs on: as many of its outputs are copies of them."""
    layer = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
    with torch.no_grad():
        nn.init.dirac_(layer.weight[: min(inputs, outputs)])
    return layer
