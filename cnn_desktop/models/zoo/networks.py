"""torchvision's other classifiers as architectures: found by name, not registered, so that pickers stay short."""

import copy
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from difflib import get_close_matches
from functools import cache
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from cnn_desktop.core.errors import BadInputError, ModelError, listed
from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.zoo.families import Family, family_of, title_of

_OLD_DENSE_LAYER = re.compile(r"(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\..*)")
_TRAINING_ONLY = ("aux1.", "aux2.", "AuxLogits.")
"""Second heads that help GoogLeNet and Inception to be trained; nobody asks them afterwards."""


class ZooNetwork(TorchvisionArchitecture):
    """One of torchvision's classifiers that isn't registered."""

    def __init__(self, name: str, family: Family) -> None:
        self.name = name
        self.title = title_of(name)
        self.summary = family.summary
        self.head = family.head
        self.min_size = family.min_size
        self.weights = weights_of(name)[0]

    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """torchvision's network.

        Raises:
            ModelError: it works on patches, and pictures of `size` can't be divided into them.
        """
        with _CountingOnCpu() if self.name.startswith("regnet_") else nullcontext():
            try:
                return super().build(classes, channels, size)
            except (ValueError, AssertionError) as error:
                text = _("{title} can't be made for pictures of {width}×{height}: it takes {side}×{side}.")
                raise ModelError(
                    text.format(title=self.title, height=size[0], width=size[1], side=self.preferred_size)
                ) from error

    def options(self, channels: int, size: tuple[int, int]) -> dict[str, Any]:
        """What the few networks need whose layers depend on the pictures."""
        if self.name.startswith("vit_"):
            return {"image_size": _side(size)}
        if self.name.startswith("maxvit_"):
            return {"input_size": size}
        if self.name in ("googlenet", "inception_v3"):
            # Their weights are from TensorFlow and want its range of numbers.
            return {"aux_logits": False, "init_weights": False, "transform_input": channels == 3}
        return {}

    def translated(self, weights: Mapping[str, torch.Tensor]) -> Mapping[str, torch.Tensor]:
        """DenseNet's files are from when names could hold dots; GoogLeNet's and Inception's hold heads for training."""
        if self.name.startswith("densenet"):
            return {_OLD_DENSE_LAYER.sub(r"\1\2", name): tensor for name, tensor in weights.items()}
        if self.name in ("googlenet", "inception_v3"):
            return {name: tensor for name, tensor in weights.items() if not name.startswith(_TRAINING_ONLY)}
        return weights


@cache
def zoo_names() -> tuple[str, ...]:
    """torchvision's names for its classifiers with published weights, registered ones included.

    The first call imports torchvision's models, which takes a second or two.
    """
    from torchvision import models  # noqa: PLC0415  slow

    return tuple(name for name in models.list_models(module=models) if family_of(name))


@cache
def weights_of(name: str) -> tuple[str, ...]:
    """The names of the weights published for the classifier `name`, the usual ones first."""
    from torchvision.models import get_model_weights  # noqa: PLC0415  slow

    entries = get_model_weights(name)
    usual: str = entries["DEFAULT"].name
    # Some are the body of a detector and name no classes.
    others = [entry.name for entry in entries if entry.meta["categories"] and entry.name != usual]
    return (usual, *others)


@cache
def find_in_zoo(ref: str) -> Architecture:
    """The architecture that `ref` names, `name` or `name:WEIGHTS`.

    Raises:
        BadInputError: there is no such network, or no such weights for it; the message lists what is near.
    """
    name, colon, weights = ref.partition(":")
    if name in architectures:
        architecture = architectures[name]
    elif name in zoo_names():
        family = family_of(name)
        assert family is not None
        architecture = ZooNetwork(name, family)
    else:
        raise BadInputError(_unknown(name))
    if not colon:
        return architecture
    if not isinstance(architecture, TorchvisionArchitecture) or weights not in weights_of(name):
        known = weights_of(name) if name in zoo_names() else ()
        text = _("There are no published weights “{weights}” for {title}; there are {known}.")
        raise BadInputError(text.format(weights=weights, title=architecture.title, known=listed(known) or _("none")))
    other = copy.copy(architecture)
    other.weights = weights
    return other


def near_names(name: str) -> list[str]:
    """Names of networks that someone who wrote `name` may have meant."""
    return get_close_matches(name.lower(), dict.fromkeys([*architectures, *zoo_names()]), n=4, cutoff=0.5)


def _unknown(name: str) -> str:
    near = near_names(name)
    if near:
        return _("There is no architecture “{name}”; did you mean {near}?").format(name=name, near=listed(near))
    known = dict.fromkeys([*architectures, *zoo_names()])
    return _("There is no architecture “{name}”; there are {all}.").format(name=name, all=listed(known))


def _side(size: tuple[int, int]) -> int:
    if size[0] != size[1]:
        raise ValueError("its pictures are square")
    return size[0]


class _CountingOnCpu(TorchFunctionMode):
    """Lets RegNet compute its widths with tensors though the network itself is built without values."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func in (torch.arange, torch.tensor):
            kwargs.setdefault("device", "cpu")
        return func(*args, **kwargs)
