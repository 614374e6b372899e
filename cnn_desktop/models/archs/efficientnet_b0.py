"""Much accuracy from few parameters."""

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture


@architectures.register("efficientnet_b0")
class EfficientnetB0(TorchvisionArchitecture):
    """Tan and Le 2019 (arXiv:1905.11946)."""

    name = "efficientnet_b0"
    title = "EfficientNet-B0"
    summary = _("Accurate for its size: 78 % on ImageNet with five million parameters.")
    head = "classifier.1"
