"""Putting weights from a file into the network that they are for, or saying where they differ."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import nn

from cnn_desktop.core.errors import MisfitError, ModelError, readable
from cnn_desktop.core.language import _
from cnn_desktop.models.weightless import weightless

_SHOWN = 3
"""Differences that are named before “and N more”."""

COUNTER = "num_batches_tracked"
"""Absent in files from before torch 0.4.1."""


def fitted(
    build: Callable[[], nn.Module],
    weights: Mapping[str, torch.Tensor],
    title: str,
    path: Path,
    *,
    are_finite: bool = False,
) -> nn.Module:
    """The network that `build` makes, in eval mode, holding `weights`.

    It is built without values, so that nothing is drawn or stored twice. `title` is what the person calls the network,
    `path` where the weights are from: both for the message. With `are_finite` they were looked at before, and stay
    untouched: those of a mapped file aren't even read.

    Raises:
        MisfitError: names or shapes differ; the first differences are in the message.
        ModelError: a number isn't finite.
    """
    with weightless():
        module = build()
    expected = module.state_dict()
    found = differences(expected, weights)
    if found:
        text = _("“{file}” doesn't fit {title}: {differences}.")
        raise MisfitError(text.format(file=path, title=title, differences=shortened(found)), found)
    for name, tensor in () if are_finite else weights.items():
        if not _is_finite(tensor):
            raise ModelError(
                _("“{file}” is of no use: “{name}” holds numbers that aren't finite.").format(
                    file=path, name=readable(name)
                )
            )
    # Into the network's own dictionary, which also knows each layer's version: without it MNASNet refuses.
    for name, wanted in expected.items():
        given = weights.get(name)
        expected[name] = (
            torch.zeros_like(wanted, device="cpu") if given is None else given.to(wanted.dtype).contiguous()
        )
    module.load_state_dict(expected, strict=True, assign=True)
    return module.eval()


def _is_finite(tensor: torch.Tensor) -> bool:
    """Whether all its numbers are: the smallest and the largest of them are not where any is not, in one pass."""
    return tensor.numel() == 0 or bool(torch.isfinite(torch.stack(tensor.aminmax())).all())


def differences(expected: Mapping[str, torch.Tensor], given: Mapping[str, torch.Tensor]) -> list[str]:
    """What of the weights `given` isn't as a network has them, a text for each: kinds, shapes, absent, too many."""
    kinds = [
        _("“{name}” holds numbers of another kind ({found})").format(name=readable(name), found=given[name].dtype)
        for name, wanted in expected.items()
        if name in given and given[name].is_floating_point() != wanted.is_floating_point()
    ]
    shapes = [
        _("“{name}” is {found} where {wanted} is needed").format(
            name=readable(name), found=shape_text(given[name]), wanted=shape_text(wanted)
        )
        for name, wanted in expected.items()
        if name in given and given[name].shape != wanted.shape
    ]
    missing = [
        _("“{name}” ({shape}) is missing").format(name=readable(name), shape=shape_text(wanted))
        for name, wanted in expected.items()
        if name not in given and not name.endswith(COUNTER)
    ]
    unknown = [
        _("“{name}” ({shape}) has no place in it").format(name=readable(name), shape=shape_text(tensor))
        for name, tensor in given.items()
        if name not in expected
    ]
    return kinds + shapes + missing + unknown


def shortened(found: list[str]) -> str:
    """The first differences, and how many more there are."""
    shown = found[:_SHOWN]
    if len(found) > _SHOWN:
        shown.append(_("and {count} more differences").format(count=len(found) - _SHOWN))
    return "; ".join(shown)


def shape_text(tensor: torch.Tensor) -> str:
    """64×3×7×7."""
    return "×".join(map(str, tensor.shape)) or _("a single number")
