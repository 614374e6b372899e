"""The quickest of the pretrained networks."""

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture


@architectures.register("mobilenet_v3_small")
class MobilenetV3Small(TorchvisionArchitecture):
    """Howard et al. 2019 (arXiv:1905.02244)."""

    name = "mobilenet_v3_small"
    title = "MobileNetV3 Small"
    summary = _("The quickest of the pretrained networks.")
    head = "classifier.3"
