"""A small network for telephones and laptops."""

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture


@architectures.register("mobilenet_v2")
class MobilenetV2(TorchvisionArchitecture):
    """Sandler et al. 2018 (arXiv:1801.04381)."""

    name = "mobilenet_v2"
    title = "MobileNetV2"
    summary = _("Small and quick, made for telephones; good for fine-tuning on a laptop.")
    head = "classifier.1"
    # Not the second ones: they gain 0.3 % only, and were trained to be unsure, so that their percentages mislead.
    weights = "IMAGENET1K_V1"
