"""Four convolutions and a dense layer of 1,500, from the days of TensorFlow 1."""

from torch import nn

from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.blocks import conv, dense, stack


@architectures.register("cifar_tf")
class CifarTf(Architecture):
    """The CIFAR-10 network of a widely read TensorFlow tutorial: 79.12 % after 3×20 epochs."""

    name = "cifar_tf"
    title = "CIFAR TensorFlow"
    summary = _("Four convolutions and one large dense layer, trained in three stages of twenty epochs.")
    recipe = Recipe(epochs=60, batch_size=128, optimizer="adam", learning_rate=1e-3, schedule="step")
    min_size = 8
    preferred_size = 32
    head = "dense2"

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """As published: 2,048 values behind `flatten` for pictures of 32×32."""
        height, width = (side // 8 for side in size)
        return stack(
            conv1=conv(channels, 32, 3, padding=1),
            relu1=nn.ReLU(),
            conv2=conv(32, 64, 3, padding=1),
            relu2=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            dropout1=nn.Dropout(0.25),
            conv3=conv(64, 128, 3, padding=1),
            relu3=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            # TensorFlow's “same” for a 2×2 kernel: the one missing row and column are added below and at the right.
            pad4=nn.ZeroPad2d((0, 1, 0, 1)),
            conv4=conv(128, 128, 2),
            relu4=nn.ReLU(),
            pool3=nn.MaxPool2d(2),
            dropout2=nn.Dropout(0.25),
            flatten=nn.Flatten(),
            dense1=dense(128 * height * width, 1500),
            relu5=nn.ReLU(),
            dropout3=nn.Dropout(0.5),
            dense2=dense(1500, classes),
        )
