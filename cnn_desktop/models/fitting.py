"""Putting weights from a file into the network that they are for, or saying where they differ."""

from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _

_SHOWN = 3
"""Differences that are named before “and N more”."""

_COUNTER = "num_batches_tracked"
"""Absent in files from before torch 0.4.1; torch fills it in."""


def fitted(build: Callable[[], nn.Module], weights: Mapping[str, torch.Tensor], title: str, path: Path) -> nn.Module:
    """The network that `build` makes, in eval mode, holding `weights`.

    It is built without values, so that nothing is drawn or stored twice. `title` is what the person calls the network,
    `path` where the weights are from: both for the message.

    Raises:
        ModelError: names or shapes differ (the first differences are named), or a number isn't finite.
    """
    with torch.device("meta"):
        module = build()
    expected = module.state_dict()
    differences = _differences(expected, weights)
    if differences:
        raise ModelError(
            _("“{file}” doesn't fit {title}: {differences}.").format(
                file=path, title=title, differences="; ".join(_shortened(differences))
            )
        )
    for name, tensor in weights.items():
        if not bool(torch.isfinite(tensor).all()):
            raise ModelError(
                _("“{file}” is of no use: “{name}” holds numbers that aren't finite.").format(file=path, name=name)
            )
    typed = {name: tensor.to(expected[name].dtype).contiguous() for name, tensor in weights.items()}
    module.load_state_dict(typed, strict=True, assign=True)
    return module.eval()


def _differences(expected: Mapping[str, torch.Tensor], given: Mapping[str, torch.Tensor]) -> list[str]:
    kinds = [
        _("“{name}” holds numbers of another kind ({found})").format(name=name, found=given[name].dtype)
        for name, wanted in expected.items()
        if name in given and given[name].is_floating_point() != wanted.is_floating_point()
    ]
    shapes = [
        _("“{name}” is {found} where {wanted} is needed").format(
            name=name, found=_shape(given[name]), wanted=_shape(wanted)
        )
        for name, wanted in expected.items()
        if name in given and given[name].shape != wanted.shape
    ]
    missing = [
        _("“{name}” ({shape}) is missing").format(name=name, shape=_shape(wanted))
        for name, wanted in expected.items()
        if name not in given and not name.endswith(_COUNTER)
    ]
    unknown = [
        _("“{name}” ({shape}) has no place in it").format(name=name, shape=_shape(tensor))
        for name, tensor in given.items()
        if name not in expected
    ]
    return kinds + shapes + missing + unknown


def _shortened(differences: list[str]) -> list[str]:
    shown = list(islice(differences, _SHOWN))
    if len(differences) > _SHOWN:
        shown.append(_("and {count} more differences").format(count=len(differences) - _SHOWN))
    return shown


def _shape(tensor: torch.Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or _("a single number")
