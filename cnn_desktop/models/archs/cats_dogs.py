"""The cats-and-dogs tutorial: one convolution, and one sigmoid for two classes."""

import torch
from torch import nn

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.blocks import conv, dense, stack


class TwoLogits(nn.Module):
    """Shows the one logit z of a sigmoid as the two logits (0, z): float N×1 -> N×2.

    Their softmax is (1 - sigmoid z, sigmoid z), and their cross-entropy is the binary cross-entropy of z exactly, so
    that everything behind the network treats two classes like any other number of classes.
    """

    def forward(self, logit: torch.Tensor) -> torch.Tensor:
        """Put a column of zeros before the logits."""
        return torch.cat([torch.zeros_like(logit), logit], dim=1)


@architectures.register("cats_dogs")
class CatsDogs(Architecture):
    """Eremenko and de Ponteves, “Deep Learning A–Z” (2017): cats or dogs."""

    name = "cats_dogs"
    title = "Cats and Dogs"
    summary = _("One convolution for two kinds of pictures, with random shear, zoom and flip.")
    recipe = Recipe(
        epochs=25, batch_size=32, optimizer="adam", learning_rate=1e-3, augmentation=AUGMENTATION_PRESETS["tutorial"]
    )
    min_size = 4
    preferred_size = 64
    head = "dense2"

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """As published: 3,937,409 parameters for two classes of 64×64 in colour."""
        height, width = ((side - 2) // 2 for side in size)
        layers = stack(
            conv1=conv(channels, 32, 3),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            dense1=dense(32 * height * width, 128),
            relu2=nn.ReLU(),
            dense2=dense(128, 1 if classes == 2 else classes),
        )
        if classes == 2:
            layers.add_module("logits", TwoLogits())
        return layers
