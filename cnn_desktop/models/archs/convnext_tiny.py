"""A convolutional network with what was learnt from transformers."""

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import FINE_TUNING, TorchvisionArchitecture


@architectures.register("convnext_tiny")
class ConvnextTiny(TorchvisionArchitecture):
    """Liu et al. 2022 (arXiv:2201.03545)."""

    name = "convnext_tiny"
    title = "ConvNeXt Tiny"
    summary = _("A modern convolutional network: the most accurate of the pretrained ones.")
    head = "classifier.2"
    # Layer norms and large kernels: the paper fine-tunes with AdamW at 5e-5 and strong decay; a larger rate forgets.
    recipe = FINE_TUNING.changed(optimizer="adamw", learning_rate=1e-4, weight_decay=0.05)
