"""The residual network that others are measured against."""

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture


@architectures.register("resnet50")
class Resnet50(TorchvisionArchitecture):
    """He et al. 2015 (arXiv:1512.03385)."""

    name = "resnet50"
    title = "ResNet-50"
    summary = _("Fifty layers with shortcuts: accurate, and the usual yardstick.")
    head = "fc"
    # Trained longer than the first ones: 80.9 % instead of 76.1 %.
    weights = "IMAGENET1K_V2"
