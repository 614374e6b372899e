"""The layer whose maps say best where a network looked: the last that still has places."""

from typing import Any, NamedTuple

import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.models.layers import weightless_copy
from cnn_desktop.models.model import Model

_PASSING = (
    # They have fewer places than what they get, or nothing new.
    nn.AdaptiveAvgPool2d,
    nn.AdaptiveMaxPool2d,
    nn.AvgPool2d,
    nn.Dropout,
    nn.Dropout2d,
    nn.Flatten,
    nn.Identity,
    nn.MaxPool2d,
    nn.Sequential,
)


def attribution_layer(model: Model) -> str:
    """The dotted name of the last layer or block of `model` whose output is maps, before they are pooled or flattened.

    Activations and whole residual blocks count; layers that the network runs several times don't. Only shapes are
    computed, on torch's meta device.

    Raises:
        ModelError: nothing near the end of the network has maps.
    """
    size = model.preprocessing
    seen = _forward(model.module, (size.channels, size.height, size.width))
    chosen = ""
    for name, shape, times in _before_head(model.module, seen):
        if len(shape) == 3:
            chosen = ""  # tokens: the places of what came before are mixed by now
        is_map = len(shape) == 4 and min(shape[2:]) > 1
        if is_map and times == 1 and not isinstance(model.module.get_submodule(name), _PASSING):
            chosen = name
    if not chosen:
        text = _("{title} has no layer near its end that keeps places apart, so that Grad-CAM has nothing to show.")
        raise ModelError(text.format(title=model.title))
    return chosen


class _Seen(NamedTuple):
    """What a part of a network put out, last, and how often it ran."""

    name: str
    shape: tuple[int, ...]
    times: int


def _before_head(module: nn.Module, seen: list[_Seen]) -> list[_Seen]:
    """`seen` without a convolution at the end, whose maps are one a class already, and what comes after it."""
    for at in reversed(range(len(seen))):
        part = module.get_submodule(seen[at].name)
        if next(part.parameters(recurse=False), None) is not None:
            return seen[:at] if isinstance(part, nn.Conv2d) else seen
    return seen


def _forward(module: nn.Module, input_shape: tuple[int, int, int]) -> list[_Seen]:
    """What each part of `module` puts out, in the order in which they end."""
    seen: dict[str, _Seen] = {}

    def note(name: str, output: Any) -> None:
        if isinstance(output, torch.Tensor):
            before = seen.pop(name, None)
            seen[name] = _Seen(name, tuple(output.shape), 1 if before is None else before.times + 1)

    shadow = weightless_copy(module).float().eval()
    for name, part in shadow.named_modules():
        if name:
            part.register_forward_hook(lambda _part, _inputs, output, name=name: note(name, output))
    with torch.inference_mode():
        shadow(torch.empty(1, *input_shape, device="meta"))
    return list(seen.values())
