"""Six convolutions in pairs, as VGG has them, with batch norm and dropout."""

from torch import nn

from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.blocks import conv, dense, stack


@architectures.register("cifar_vgg6")
class CifarVgg6(Architecture):
    """The CIFAR-10 network of a widely read Keras tutorial: 83.00 % after twelve epochs."""

    name = "cifar_vgg6"
    title = "CIFAR VGG-6"
    summary = _("Six convolutions in pairs with batch norm and dropout: 83 % on CIFAR-10 in twelve epochs.")
    recipe = Recipe(epochs=12, batch_size=32, optimizer="adam", learning_rate=1e-3)
    min_size = 8
    preferred_size = 32
    head = "dense2"

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """As published: 550,570 parameters without the batch norms for ten classes of 32×32 in colour."""
        height, width = (side // 8 for side in size)
        layers: dict[str, nn.Module] = {}
        for pair, (inputs, outputs) in enumerate([(channels, 32), (32, 64), (64, 128)]):
            first, second = 2 * pair + 1, 2 * pair + 2
            layers |= _conv_relu_norm(first, inputs, outputs) | _conv_relu_norm(second, outputs, outputs)
            layers |= {f"pool{pair + 1}": nn.MaxPool2d(2), f"dropout{pair + 1}": nn.Dropout(0.25)}
        return stack(
            **layers,
            flatten=nn.Flatten(),
            dense1=dense(128 * height * width, 128),
            relu7=nn.ReLU(),
            dropout4=nn.Dropout(0.25),
            dense2=dense(128, classes),
        )


def _conv_relu_norm(number: int, inputs: int, outputs: int) -> dict[str, nn.Module]:
    return {
        f"conv{number}": conv(inputs, outputs, 3, padding=1),
        f"relu{number}": nn.ReLU(),
        f"bn{number}": nn.BatchNorm2d(outputs),
    }
