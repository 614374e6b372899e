"""TensorFlow's “Deep MNIST for Experts”."""

from torch import nn

from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.blocks import conv, dense, stack


@architectures.register("mnist_deep")
class MnistDeep(Architecture):
    """TensorFlow tutorial “Deep MNIST for Experts” (2015–2018)."""

    name = "mnist_deep"
    title = "Deep MNIST"
    summary = _("Two wide convolutions, a large dense layer and dropout, trained for 1,000 small steps.")
    recipe = Recipe(epochs=1, steps=1000, batch_size=50, optimizer="adam", learning_rate=1e-4)
    min_size = 4
    preferred_size = 28
    head = "dense2"

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """As published: 3,274,634 parameters for ten classes of 28×28 in grey."""
        height, width = (side // 4 for side in size)
        return stack(
            conv1=conv(channels, 32, 5, padding=2),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=conv(32, 64, 5, padding=2),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            dense1=dense(64 * height * width, 1024),
            relu3=nn.ReLU(),
            dropout1=nn.Dropout(0.5),
            dense2=dense(1024, classes),
        )
