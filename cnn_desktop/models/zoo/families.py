"""What torchvision doesn't say of its networks: what a person calls them, which layer is the head, who made them."""

import re
from dataclasses import dataclass
from functools import cache

from cnn_desktop.core.language import _

_SIZES = {"t": "Tiny", "s": "Small", "m": "Medium", "b": "Base", "l": "Large", "h": "Huge"}


@dataclass(frozen=True)
class Family:
    """Networks of one design in several sizes."""

    pattern: str
    """Matches torchvision's names for them; its groups fill `title`."""
    title: str
    head: str
    """Dotted name of the last layer."""
    summary: str
    min_size: int = 32
    """The smallest side of a picture that it takes, in pixels."""


_FAMILIES = (
    Family("alexnet", "AlexNet", "classifier.6", _("The network that began it, in 2012 (arXiv:1404.5997)."), 63),
    Family(
        "convnext_(tiny|small|base|large)",
        "ConvNeXt {}",
        "classifier.2",
        _("A convolutional network with what was learnt from transformers (arXiv:2201.03545)."),
    ),
    Family(
        r"densenet(\d+)",
        "DenseNet-{}",
        "classifier",
        _("Every layer sees all layers before it: few parameters, much memory (arXiv:1608.06993)."),
    ),
    Family(
        "efficientnet_(b[0-7])",
        "EfficientNet-{}",
        "classifier.1",
        _("Depth, width and picture size grow together (arXiv:1905.11946)."),
    ),
    Family(
        "efficientnet_v2_([sml])",
        "EfficientNetV2 {}",
        "classifier.1",
        _("As EfficientNet, faster to train (arXiv:2104.00298)."),
        33,
    ),
    Family("googlenet", "GoogLeNet", "fc", _("Filters of several sizes side by side (arXiv:1409.4842).")),
    Family("inception_v3", "Inception v3", "fc", _("GoogLeNet's blocks, refined (arXiv:1512.00567)."), 75),
    Family(
        "maxvit_(t)",
        "MaxViT {}",
        "classifier.5",
        _("Convolutions, then attention in windows and across a grid (arXiv:2204.01697)."),
    ),
    Family(
        r"mnasnet(\d)_(\d+)",
        "MNASNet {}.{}",
        "classifier.1",
        _("Found by a search for what runs fast on a telephone (arXiv:1807.11626)."),
    ),
    Family("mobilenet_v2", "MobileNetV2", "classifier.1", _("Made for telephones: small and fast (arXiv:1801.04381).")),
    Family(
        "mobilenet_v3_(small|large)",
        "MobileNetV3 {}",
        "classifier.3",
        _("Made for telephones, with help of a search (arXiv:1905.02244)."),
    ),
    Family(
        r"regnet_([xy])_([\d_]+)([mg]f)",
        "RegNet{} {} {}",
        "fc",
        _("Widths that follow a simple rule; named after its operations (arXiv:2003.13678)."),
    ),
    Family(
        r"resnet(\d+)", "ResNet-{}", "fc", _("Shortcuts around the layers: the usual yardstick (arXiv:1512.03385).")
    ),
    Family(
        r"resnext(\d+)_(\d+)x(\d+)d",
        "ResNeXt-{} {}×{}d",
        "fc",
        _("ResNet whose blocks work in parallel groups (arXiv:1611.05431)."),
    ),
    Family(
        r"shufflenet_v2_x(\d)_(\d)",
        "ShuffleNetV2 {}.{}×",
        "fc",
        _("Made for small devices by measuring, not by counting (arXiv:1807.11164)."),
    ),
    Family(
        r"squeezenet(\d)_(\d)",
        "SqueezeNet {}.{}",
        "classifier.1",
        _("AlexNet's accuracy in five megabytes (arXiv:1602.07360)."),
    ),
    Family(
        "swin_([tsb])",
        "Swin {}",
        "head",
        _("Attention in windows that shift (arXiv:2103.14030)."),
    ),
    Family(
        "swin_v2_([tsb])",
        "Swin V2 {}",
        "head",
        _("Attention in windows that shift, for larger pictures (arXiv:2111.09883)."),
    ),
    Family(r"vgg(\d+)(?:_(bn))?", "VGG{} {}", "classifier.6", _("Plain layers, large and slow (arXiv:1409.1556).")),
    Family(
        r"vit_([blh])_(\d+)",
        "ViT {}/{}",
        "heads.head",
        _("The transformer: a picture as a row of patches (arXiv:2010.11929)."),
    ),
    Family(
        r"wide_resnet(\d+)_2",
        "Wide ResNet-{}-2",
        "fc",
        _("ResNet with twice the channels inside its blocks (arXiv:1605.07146)."),
    ),
)


@cache
def family_of(name: str) -> Family | None:
    """The family of torchvision's network `name`; None where the program doesn't know it."""
    return next((family for family in _FAMILIES if re.fullmatch(family.pattern, name)), None)


def title_of(name: str) -> str:
    """“DenseNet-121” for densenet121, “RegNetY 1.6 GF” for regnet_y_1_6gf; a name of no known family stays as it is."""
    family = family_of(name)
    if family is None:
        return name
    found = re.fullmatch(family.pattern, name)
    assert found is not None
    return " ".join(family.title.format(*map(_word, found.groups())).split())


def family_titles() -> list[str]:
    """“AlexNet”, “ConvNeXt” …: each family without its sizes."""
    return [family.title.partition("{")[0].rstrip(" -") for family in _FAMILIES]


def _word(part: str | None) -> str:
    match part:
        case None:
            return ""
        case "bn":
            return _("with batch norms")
        case "mf" | "gf":
            return part.upper()
        case _ if len(part) == 1 and part in _SIZES:
            return _SIZES[part]
        case _:
            return part.replace("_", ".").capitalize()
