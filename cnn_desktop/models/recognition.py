"""Which network a file of weights is of, when nobody says: told by the names and shapes of its tensors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import torch

from cnn_desktop.core.errors import MisfitError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.architecture import Architecture, architectures, find_architecture
from cnn_desktop.models.fitting import COUNTER, differences, shape_text, shortened
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.zoo.families import family_titles
from cnn_desktop.models.zoo.networks import weights_of, zoo_names

_COMMON_SIDES = (28, 32, 48, 64, 96, 128, 160, 192, 224, 256)
"""Sides of pictures to try where a dense layer's inputs depend on them."""

_NEAR = 0.05
"""The share of tensors in common from which on a network is worth naming as the nearest."""
_COMPARED = 8
"""Networks among which the nearest is looked for."""

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


def recognise(weights: Layout, path: Path, progress: Progress = no_progress) -> Recognised:
    """The network that `weights` are of, among all that the program knows.

    Layers that lie one name deeper than they should (`backbone.conv1.weight`) are found too. Networks whose head is in
    the file come first, so that the common case takes some tens of milliseconds.

    Raises:
        MisfitError: it is none of them; says what was found, what is known, and what is nearest.
    """
    for candidate in (weights, _without_common_prefix(weights)):
        for architecture in _likely(candidate):
            progress(0, 0)
            recognised = fit(architecture, candidate)
            if recognised is not None:
                return recognised
    raise _unknown(weights, path, progress)


def fit(architecture: Architecture, weights: Layout) -> Recognised | None:
    """How `architecture` has to be built to hold `weights`; None where it can't."""
    weights = architecture.translated(weights)
    classes = head_size(architecture, weights)
    if classes is None:
        return None
    for side in _sides(architecture):
        expected = layout(architecture.name, classes, 3, side)
        first = next(name for name, tensor in expected.items() if tensor.ndim == 4)
        if _names(expected) != _names(weights):
            return None
        channels = 1 if weights[first].ndim == 4 and weights[first].shape[1] == 1 else 3
        expected = layout(architecture.name, classes, channels, side)
        if all(weights[name].shape == expected[name].shape for name in _names(expected)):
            return Recognised(architecture, classes, channels, side, weights)
    return None


@cache
def layout(name: str, classes: int, channels: int, side: int) -> Layout:
    """The tensors of the architecture `name`, without values, for square pictures."""
    with torch.device("meta"):
        return find_architecture(name).build(classes, channels, (side, side)).state_dict()


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


def _sides(architecture: Architecture) -> Iterable[int]:
    if not isinstance(architecture, TorchvisionArchitecture):
        return dict.fromkeys([architecture.preferred_size, *_COMMON_SIDES])
    published = (find_architecture(f"{architecture.name}:{weights}").pretrained() for weights in weights_of(architecture.name))
    return dict.fromkeys(facts.preprocessing.height for facts in published if facts is not None)


def _likely(weights: Layout) -> list[Architecture]:
    """Architectures whose head is in the file, the nearest in size first."""
    return [architecture for architecture in _by_size(weights) if f"{architecture.head}.weight" in weights]


def _by_size(weights: Layout) -> list[Architecture]:
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


def _unknown(weights: Layout, path: Path, progress: Progress) -> MisfitError:
    text = _("“{file}” is of no network that is known here: {found}. {nearest}Known are {known}.")
    architecture, others = _nearest(weights, progress)
    nearest = ""
    if architecture is not None:
        sentence = _("The nearest is {title}, but {differences}. ")
        nearest = sentence.format(title=architecture.title, differences=shortened(others))
    return MisfitError(text.format(file=path, found=description(weights), nearest=nearest, known=_known()), others)


def _known() -> str:
    """The networks that there are, torchvision's by family."""
    own = [found.title for found in map(find_architecture, architectures) if not isinstance(found, TorchvisionArchitecture)]
    return _("{own}, and of torchvision’s {families}").format(own=listed(own), families=listed(family_titles()))


def _nearest(weights: Layout, progress: Progress) -> tuple[Architecture | None, list[str]]:
    """The network with most tensors in common, by name and shape, and all differences."""
    best, share, expected = None, _NEAR, weights
    candidates = (_likely(weights) or _by_size(weights))[:_COMPARED]
    for done, architecture in enumerate(candidates):
        progress(done, len(candidates))
        classes = head_size(architecture, weights) or 1000
        candidate = layout(architecture.name, classes, 3, next(iter(_sides(architecture))))
        same = sum(tensor.shape == candidate[name].shape for name, tensor in weights.items() if name in candidate)
        found = same / (len(weights) + len(candidate) - same)
        if found > share:
            best, share, expected = architecture, found, candidate
    return best, differences(expected, weights) if best else []


def description(weights: Layout) -> str:
    """What a file holds, as the middle of a sentence: tensors, numbers, its first convolution, its last dense layer."""
    parts = [
        _("{count} tensors with {numbers:,} numbers").format(
            count=len(weights), numbers=sum(tensor.numel() for tensor in weights.values())
        )
    ]
    first = next((name for name, tensor in weights.items() if tensor.ndim == 4), None)
    if first is not None:
        text = _("its first convolution is “{name}” ({shape})")
        parts.append(text.format(name=first, shape=shape_text(weights[first])))
    last = next((name for name, tensor in reversed(weights.items()) if tensor.ndim == 2), None)
    if last is not None:
        text = _("its last dense layer “{name}” answers {count:,} classes")
        parts.append(text.format(name=last, count=len(weights[last])))
    return "; ".join(parts)
