"""The first network of most people: one convolution, one pool, two dense layers."""

from torch import nn

from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.blocks import conv, dense, he_uniform, stack


@architectures.register("mnist_cnn")
class MnistCnn(Architecture):
    """Brownlee, “How to Develop a CNN for MNIST Handwritten Digit Classification” (2019)."""

    name = "mnist_cnn"
    title = "MNIST CNN"
    summary = _("One convolution and two dense layers: learns digits in a minute.")
    recipe = Recipe(epochs=10, batch_size=128, optimizer="sgd", learning_rate=0.01, momentum=0.9)
    min_size = 4
    preferred_size = 28
    head = "dense2"

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """As published: 542,230 parameters for ten classes of 28×28 in grey."""
        height, width = ((side - 2) // 2 for side in size)
        return stack(
            conv1=conv(channels, 32, 3, init=he_uniform),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            dense1=dense(32 * height * width, 100, init=he_uniform),
            relu2=nn.ReLU(),
            dense2=dense(100, classes),
        )
