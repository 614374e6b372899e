"""Which network a file of weights is of, when nobody says: told by the names and shapes of its tensors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import torch

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.architecture import Architecture, architectures, find_architecture
from cnn_desktop.models.fitting import COUNTER
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.weightless import weightless
from cnn_desktop.models.zoo.networks import weights_of, zoo_names

_COMMON_SIDES = (28, 32, 48, 64, 96, 128, 160, 192, 224, 256)
"""Sides of pictures to try where a dense layer's inputs depend on them."""

Layout = Mapping[str, torch.Tensor]
"""Tensors without values, by name."""


@dataclass(frozen=True)
class Recognised:
    """A network that the weights fit, and what follows from their shapes."""

    architecture: Architecture
    classes: int
    channels: Literal[1, 3]
    side: int
    """Of the square pictures for which such a network was made; where several would do, the usual one."""
    weights: Layout
    """By the names that the architecture has for them."""


def recognise(weights: Layout, progress: Progress = no_progress) -> Recognised | None:
    """The network that `weights` are of, among all that the program knows; None where it is none of them.

    Layers that lie one name deeper than they should (`backbone.conv1.weight`) are found too. Networks whose head is in
    the file and whose size is near come first, so that the common case takes some tens of milliseconds.
    """
    for candidate in (weights, _without_common_prefix(weights)):
        for architecture in likely(candidate):
            progress(0, 0)
            recognised = fit(architecture, candidate)
            if recognised is not None:
                return recognised
    return None


def fit(architecture: Architecture, weights: Layout) -> Recognised | None:
    """How `architecture` has to be built to hold `weights`; None where it can't."""
    weights = architecture.translated(weights)
    classes = head_size(architecture, weights)
    if classes is None:
        return None
    for side in sides(architecture):
        channels, expected = fitting_layout(architecture, classes, side, weights)
        if _names(expected) != _names(weights):
            return None
        if all(weights[name].shape == expected[name].shape for name in _names(expected)):
            return Recognised(architecture, classes, channels, side, weights)
    return None


@cache
def layout(architecture: Architecture, classes: int, channels: int, side: int) -> Layout:
    """The tensors of `architecture`, without values, for square pictures."""
    with weightless():
        return architecture.build(classes, channels, (side, side)).state_dict()


def fitting_layout(
    architecture: Architecture, classes: int, side: int, weights: Layout
) -> tuple[Literal[1, 3], Layout]:
    """The channels of pictures that the first convolution in `weights` takes, and the network's tensors for them."""
    expected = layout(architecture, classes, 3, side)
    first = weights.get(next(name for name, tensor in expected.items() if tensor.ndim == 4))
    if first is not None and first.ndim == 4 and first.shape[1] == 1:
        return 1, layout(architecture, classes, 1, side)
    return 3, expected


def known_architectures() -> tuple[str, ...]:
    """Every name that `find_architecture` takes, registered ones first."""
    return tuple(dict.fromkeys([*architectures, *zoo_names()]))


def _names(weights: Layout) -> set[str]:
    return {name for name in weights if not name.endswith(COUNTER)}


def head_size(architecture: Architecture, weights: Layout) -> int | None:
    """How many classes `weights` answer as a network of `architecture`; None where they hold no such head."""
    head = weights.get(f"{architecture.head}.weight")
    if head is None or head.ndim not in (2, 4) or head.numel() == 0 or len(head) < 2:
        return None
    return len(head)


def sides(architecture: Architecture) -> Iterable[int]:
    """Sides of pictures for which the architecture may have been built, the usual one first."""
    if not isinstance(architecture, TorchvisionArchitecture):
        return dict.fromkeys([architecture.preferred_size, *_COMMON_SIDES])
    published = (
        find_architecture(f"{architecture.name}:{weights}").pretrained() for weights in weights_of(architecture.name)
    )
    return dict.fromkeys(facts.preprocessing.height for facts in published if facts is not None)


def likely(weights: Layout) -> list[Architecture]:
    """Architectures whose head is in the file, the nearest in size first."""
    return [architecture for architecture in by_size(weights) if f"{architecture.head}.weight" in weights]


def by_size(weights: Layout) -> list[Architecture]:
    """Every architecture that is known, the nearest in size first."""
    numbers = sum(tensor.numel() for tensor in weights.values())
    known = [find_architecture(name) for name in known_architectures()]
    return sorted(known, key=lambda architecture: abs(_size(architecture) - numbers))


def _size(architecture: Architecture) -> float:
    """About how many numbers its file holds."""
    published = architecture.pretrained()
    return published.bytes / 4 if published is not None else 0


def _without_common_prefix(weights: Layout) -> Layout:
    first = {name.partition(".")[0] for name in weights}
    if len(first) != 1:
        return {}
    return {name.partition(".")[2]: tensor for name, tensor in weights.items()}
