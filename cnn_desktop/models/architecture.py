"""What an architecture is, the registry of them all, and how one meets a dataset."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import torch
from torch import nn

from cnn_desktop.core.design import Design
from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.core.registry import Registry


@dataclass(frozen=True)
class PretrainedWeights:
    """Weights that someone trained and published: where they are, and what they expect and answer."""

    urls: tuple[str, ...]
    """The publisher's address, then mirrors of the same file."""
    file_name: str
    sha256_prefix: str
    """The first hex digits of the file's SHA-256."""
    bytes: int
    """About how large the download is."""
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    top1: float
    """Published share of right first answers on ImageNet's validation pictures."""
    top5: float


class Architecture(ABC):
    """The design of a network, before weights; `find_architecture` knows one instance of each."""

    name: str
    title: str
    summary: str
    recipe: Recipe
    dataset_recipes: Mapping[str, Recipe] = MappingProxyType({})
    """By a dataset's name: what is proven there, where that isn't `recipe`."""
    min_size: int
    """The smallest side of a picture that it takes, in pixels."""
    preferred_size: int
    """The side to use where the dataset has no size of its own, in pixels."""
    head: str
    """Dotted name of the last layer, which is replaced for other classes."""
    sample_size: int = 0
    """How many training pictures `adapt` wants to see."""
    design: Design | None = None
    """Its layers, where a person put it together."""

    @abstractmethod
    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """A new network with fresh weights: float32 N×channels×height×width -> N×classes logits.

        `size` is (height, width). Use `architecture.build` where the values come from outside: it checks them.
        """

    def adapt(self, module: nn.Module, pictures: torch.Tensor) -> None:
        """Compute what a new `module` takes from the data before it is trained.

        `pictures` are `sample_size` of the training split, or all where it has fewer: float N×C×H×W, normalised. Not
        called where `sample_size` is 0.
        """
        raise NotImplementedError(f"{self.name} asks for pictures and makes nothing of them")

    def replace_head(self, module: nn.Module, classes: int) -> None:
        """Put a fresh layer for `classes` in place of `head`, which is dense or a 1×1 convolution."""
        old = module.get_submodule(self.head)
        match old:
            case nn.Linear():
                new: nn.Module = nn.Linear(old.in_features, classes, bias=old.bias is not None)
            case nn.Conv2d():
                new = nn.Conv2d(old.in_channels, classes, kernel_size=1)
            case _:
                raise TypeError(f"{self.head} is a {type(old).__name__}, which is no head")
        module.set_submodule(self.head, new)

    def pretrained(self) -> PretrainedWeights | None:
        """What is published for this architecture; None where nothing is."""
        return None

    def translated(self, weights: Mapping[str, torch.Tensor]) -> Mapping[str, torch.Tensor]:
        """`weights` by the names of today, where files with older names or with parts that aren't used are about."""
        return weights


architectures: Registry[Architecture] = Registry(_("architecture"))
"""Those that can be trained, beside a person's own designs; torchvision's others can be used (`find_architecture`)."""


def find_architecture(ref: str) -> Architecture:
    """The architecture that `ref` names: a registered one, a person's own, or another of torchvision's classifiers.

    `resnet50:IMAGENET1K_V1` is the same design as `resnet50`, with those published weights as its `pretrained`.

    Raises:
        BadInputError: nothing has that name; the message lists the nearest names.
        ModelError: a design of that name can't be read.
    """
    from cnn_desktop.models.described import own_design  # noqa: PLC0415  it is made of architectures
    from cnn_desktop.models.zoo.networks import find_in_zoo  # noqa: PLC0415  the same

    if ref in architectures:
        return architectures[ref]
    return own_design(ref) or find_in_zoo(ref)


def build(name: str, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
    """A new network of the architecture `name`; see `new_network`.

    Raises:
        BadInputError: no architecture has that name.
        ModelError: too few classes, or pictures that are too small for it.
    """
    return new_network(find_architecture(name), classes, channels, size)


def new_network(architecture: Architecture, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
    """A new network of `architecture`, for `classes` and pictures of `size` (height, width).

    Raises:
        ModelError: too few classes, or pictures that are too small for it.
    """
    require_fitting(architecture, classes, size)
    return architecture.build(classes, channels, size)


def require_fitting(architecture: Architecture, classes: int, size: tuple[int, int]) -> None:
    """Refuse what `architecture` can't be built or used for.

    Raises:
        ModelError: too few classes, or pictures of `size` (height, width) that are too small for it.
    """
    if classes < 2:
        raise ModelError(_("A classifier needs two classes or more, not {count}.").format(count=classes))
    # A design that pictures are too small for names the layer, when it is built.
    if architecture.design is None and min(size) < architecture.min_size:
        raise ModelError(
            _(
                "{title} takes pictures of {smallest}×{smallest} pixels or more, these are {width}×{height}: "
                "choose a picture size of {smallest} or more."
            ).format(title=architecture.title, smallest=architecture.min_size, height=size[0], width=size[1])
        )


def choose_preprocessing(
    architecture: Architecture,
    image_size: tuple[int, int] | None,
    channels: Literal[1, 3],
    side: int | None,
    pretrained: bool,
) -> Preprocessing:
    """What happens to pictures when a dataset meets an architecture.

    Args:
        architecture: what is to be trained.
        image_size: (height, width) of the dataset's pictures, None where they differ.
        channels: the dataset's.
        side: what the person asked for: pictures become `side`×`side`.
        pretrained: whether training starts from published weights, whose own preprocessing then holds.

    Raises:
        ModelError: `pretrained`, but nothing is published for the architecture.
    """
    if pretrained:
        # Training reads many pictures, and gets used to the small differences of what is faster.
        faster = {"decoder": "scaled", "resizer": "torch"}
        published = require_pretrained(architecture).preprocessing.model_copy(update=faster)
        return published if side is None else at_side(published, side)
    if side is not None:
        image_size = (side, side)
    height, width = image_size or (architecture.preferred_size, architecture.preferred_size)
    return Preprocessing.unit_range(height, width, channels)


def require_pretrained(architecture: Architecture) -> PretrainedWeights:
    """What is published for `architecture`.

    Raises:
        ModelError: nothing is; the sentence says what is possible.
    """
    published = architecture.pretrained()
    if published is None:
        raise ModelError(
            _("There are no pretrained weights for {title}: train it on a dataset first.").format(
                title=architecture.title
            )
        )
    return published


def at_side(published: Preprocessing, side: int) -> Preprocessing:
    """The same preprocessing for pictures of `side`×`side`, its crop in proportion."""
    shorter = published.shorter_side
    if shorter is not None:
        shorter = max(side, round(shorter * side / published.height))
    return published.model_copy(update={"height": side, "width": side, "shorter_side": shorter})
