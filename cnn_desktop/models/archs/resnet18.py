"""The smallest residual network of the paper."""

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture


@architectures.register("resnet18")
class Resnet18(TorchvisionArchitecture):
    """He et al. 2015 (arXiv:1512.03385)."""

    name = "resnet18"
    title = "ResNet-18"
    summary = _("Eighteen layers with shortcuts: a good first choice for photos.")
    head = "fc"
