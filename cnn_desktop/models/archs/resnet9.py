"""A small, fast residual network for small pictures: the strong default."""

import torch
from torch import nn

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.blocks import stack

WIDTHS = (32, 64, 128, 256)
HEAD_SCALE = 0.125


@architectures.register("resnet9")
class Resnet9(Architecture):
    """After David Page's nine-layer network for DAWNBench (2018), half as wide: a quarter of the work."""

    name = "resnet9"
    title = "ResNet-9"
    summary = _("Eight convolutions with two shortcuts: accurate on small pictures within minutes.")
    recipe = Recipe(
        epochs=24,
        batch_size=128,
        optimizer="sgd",
        learning_rate=0.1,
        momentum=0.9,
        weight_decay=5e-4,
        schedule="one_cycle",
        label_smoothing=0.1,
        augmentation=AUGMENTATION_PRESETS["light"],
    )
    min_size = 8
    preferred_size = 64
    head = "dense"

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """The last pool takes the largest value of each map, so that `size` changes nothing."""
        first, second, third, fourth = WIDTHS
        return stack(
            **_conv_norm_relu(1, channels, first),
            **_conv_norm_relu(2, first, second),
            pool1=nn.MaxPool2d(2),
            residual1=Residual(second),
            **_conv_norm_relu(3, second, third),
            pool2=nn.MaxPool2d(2),
            **_conv_norm_relu(4, third, fourth),
            pool3=nn.MaxPool2d(2),
            residual2=Residual(fourth),
            pool4=nn.AdaptiveMaxPool2d(1),
            flatten=nn.Flatten(),
            dense=nn.Linear(fourth, classes, bias=False),
            scale=Scale(HEAD_SCALE),
        )


class Residual(nn.Module):
    """Two convolutions whose output is added to their input: float N×C×H×W -> the same shape."""

    def __init__(self, width: int) -> None:
        super().__init__()
        for number in (1, 2):
            for name, layer in _conv_norm_relu(number, width, width).items():
                self.add_module(name, layer)

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


def _conv_norm_relu(number: int, inputs: int, outputs: int) -> dict[str, nn.Module]:
    return {
        f"conv{number}": nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        f"bn{number}": nn.BatchNorm2d(outputs),
        f"relu{number}": nn.ReLU(),
    }
