"""AlexNet's accuracy in five megabytes."""

from torch import nn

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import FINE_TUNING, TorchvisionArchitecture

IMAGENET_CLASSES = 1000


@architectures.register("squeezenet1_0")
class Squeezenet10(TorchvisionArchitecture):
    """Iandola et al. 2016 (arXiv:1602.07360); its head is a convolution."""

    name = "squeezenet1_0"
    title = "SqueezeNet 1.0"
    summary = _("Tiny: all its weights fit in five megabytes.")
    head = "classifier.1"
    # Without batch norms a rate of 0.01 diverges on small batches.
    recipe = FINE_TUNING.changed(learning_rate=1e-3)

    def adjust(self, module: nn.Module, classes: int) -> None:
        """Let logits be negative, unless there are ImageNet's thousand classes."""
        if classes != IMAGENET_CLASSES:
            _let_logits_be_negative(module)

    def replace_head(self, module: nn.Module, classes: int) -> None:
        """A fresh convolution, whose logits may be negative."""
        super().replace_head(module, classes)
        if classes != IMAGENET_CLASSES:
            _let_logits_be_negative(module)


def _let_logits_be_negative(module: nn.Module) -> None:
    # Behind the head is a ReLU. A fresh head with few classes gives it nothing above zero for many pictures, and then
    # neither learns; among a thousand classes some always are.
    module.set_submodule("classifier.2", nn.Identity())
