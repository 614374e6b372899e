"""The plain deep network that is easiest to look into."""

from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.torchvision_architecture import FINE_TUNING, TorchvisionArchitecture


@architectures.register("vgg16")
class Vgg16(TorchvisionArchitecture):
    """Simonyan and Zisserman 2014 (arXiv:1409.1556); torchvision's weights reach 90.4 % top-5 on ImageNet."""

    name = "vgg16"
    title = "VGG16"
    summary = _("Sixteen plain layers, large and slow, and the easiest deep network to look into.")
    head = "classifier.6"
    # Without batch norms a rate of 0.01 diverges on small batches.
    recipe = FINE_TUNING.changed(learning_rate=1e-3)
