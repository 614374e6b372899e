"""Weights of a network that isn't known: what was found in the file, what is known, what is nearest."""

from pathlib import Path

from cnn_desktop.core.errors import MisfitError, listed, readable
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.fitting import differences, shape_text, shortened
from cnn_desktop.models.recognition import Layout, by_size, fitting_layout, head_size, likely, sides
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.zoo.families import family_titles

_NEAR = 0.05
"""The share of tensors in common from which on a network is worth naming as the nearest."""
_COMPARED = 8
"""Networks among which the nearest is looked for."""


def unknown_network(weights: Layout, path: Path, progress: Progress = no_progress) -> MisfitError:
    """The error for weights in `path` that are of no known network: what they are, what is known, what is nearest."""
    text = _("“{file}” is of no network that is known here: {found}. {nearest}Known are {known}.")
    architecture, others = _nearest(weights, progress)
    nearest = ""
    if architecture is not None:
        sentence = _("The nearest is {title}, but {differences}. ")
        nearest = sentence.format(title=architecture.title, differences=shortened(others))
    return MisfitError(text.format(file=path, found=_description(weights), nearest=nearest, known=_known()), others)


def _known() -> str:
    """The networks that there are, torchvision's by family."""
    found = [architectures[name] for name in architectures]
    own = [architecture.title for architecture in found if not isinstance(architecture, TorchvisionArchitecture)]
    return _("{own}, and of torchvision’s {families}").format(own=listed(own), families=listed(family_titles()))


def _nearest(weights: Layout, progress: Progress) -> tuple[Architecture | None, list[str]]:
    """The network with most tensors in common, by name and shape, and all differences."""
    best, share, expected = None, _NEAR, weights
    candidates = (likely(weights) or by_size(weights))[:_COMPARED]
    for done, architecture in enumerate(candidates):
        progress(done, len(candidates))
        classes = head_size(architecture, weights) or 1000
        _channels, candidate = fitting_layout(architecture, classes, next(iter(sides(architecture))), weights)
        same = sum(tensor.shape == candidate[name].shape for name, tensor in weights.items() if name in candidate)
        found = same / (len(weights) + len(candidate) - same)
        if found > share:
            best, share, expected = architecture, found, candidate
    return best, differences(expected, weights) if best else []


def _description(weights: Layout) -> str:
    """What a file holds, as the middle of a sentence: tensors, numbers, its first convolution, its last dense layer."""
    parts = [
        _("{count} tensors with {numbers:,} numbers").format(
            count=len(weights), numbers=sum(tensor.numel() for tensor in weights.values())
        )
    ]
    first = next((name for name, tensor in weights.items() if tensor.ndim == 4), None)
    if first is not None:
        text = _("its first convolution is “{name}” ({shape})")
        parts.append(text.format(name=readable(first), shape=shape_text(weights[first])))
    last = next((name for name, tensor in reversed(list(weights.items())) if tensor.ndim == 2), None)
    if last is not None:
        text = _("its last dense layer “{name}” answers {count:,} classes")
        parts.append(text.format(name=readable(last), count=len(weights[last])))
    return "; ".join(parts)
