"""What there is in torchvision's zoo: a line for each of the published weights."""

from dataclasses import dataclass
from functools import cache

from cnn_desktop.core.language import _
from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.models.architecture import find_architecture, require_pretrained
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.zoo.networks import weights_of, zoo_names

_SWAG = "facebookresearch/SWAG"


@dataclass(frozen=True)
class ZooEntry:
    """Published weights of one network, as their publisher describes them."""

    ref: str
    """What `open_model` takes: `densenet121`, or `resnet50:IMAGENET1K_V1` for weights that aren't the usual ones."""
    name: str
    title: str
    weights: str
    """The publisher's name for them."""
    summary: str
    parameters: int
    bytes: int
    """About how large the file is."""
    operations: float
    """Billions of multiplications and additions a picture."""
    top1: float
    """Published share of right first answers on ImageNet's validation pictures."""
    top5: float
    side: int
    """Pictures become squares of so many pixels a side."""
    classes: int
    restriction: str
    """What the publisher doesn't allow, in a few words; empty where nothing is known."""
    licence: str
    """A sentence about the same."""
    licence_address: str
    recipe_address: str
    """How they were trained; empty where it isn't told."""
    file_name: str

    def is_present(self) -> bool:
        """Whether the weights lie on this machine, so that nothing need be downloaded."""
        return (pretrained_dir() / self.file_name).is_file()


@cache
def zoo_entries() -> tuple[ZooEntry, ...]:
    """Everything published, by network; the usual weights of each first.

    The first call imports torchvision's models, which takes a second or two: not for the window's own thread.
    """
    return tuple(entry for name in zoo_names() for entry in _entries(name))


def _entries(name: str) -> list[ZooEntry]:
    usual = find_architecture(name)
    assert isinstance(usual, TorchvisionArchitecture)
    others = [weights for weights in weights_of(name) if weights != usual.weights]
    return [_entry(name, name), *(_entry(name, f"{name}:{weights}") for weights in others)]


def _entry(name: str, ref: str) -> ZooEntry:
    from torchvision.models import get_model_weights  # noqa: PLC0415  slow

    architecture = find_architecture(ref)
    assert isinstance(architecture, TorchvisionArchitecture)
    published = require_pretrained(architecture)
    meta = get_model_weights(name)[architecture.weights].meta
    restriction, licence, address = _licence(meta.get("license", ""))
    return ZooEntry(
        ref=ref,
        name=name,
        title=architecture.title,
        weights=architecture.weights,
        summary=architecture.summary,
        parameters=meta["num_params"],
        bytes=published.bytes,
        operations=meta["_ops"],
        top1=published.top1,
        top5=published.top5,
        side=published.preprocessing.height,
        classes=len(published.classes),
        restriction=restriction,
        licence=licence,
        licence_address=address,
        recipe_address=meta.get("recipe", ""),
        file_name=published.file_name,
    )


def _licence(address: str) -> tuple[str, str, str]:
    """Restriction, sentence and address, out of the address that torchvision gives for few weights."""
    if _SWAG in address:
        text = _("By Meta’s SWAG project, under CC BY-NC 4.0: to be named, and not for commercial use.")
        return _("not for commercial use"), text, address
    if address:
        return _("own licence"), _("Under a licence of its publisher’s own; read it before you use them."), address
    text = _(
        "No licence is stated for these weights. torchvision, which publishes them, is BSD-3; they were trained on "
        "ImageNet, whose terms may bear on commercial use."
    )
    return "", text, "https://github.com/pytorch/vision#pre-trained-model-license"
