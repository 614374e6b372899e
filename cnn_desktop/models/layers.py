"""The layers of any network: what they are, what they give, what they hold."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from cnn_desktop.models.freezing import freezable, freeze_first, parameter_depths, set_frozen
from cnn_desktop.models.layer_words import describe

__all__ = ["LayerInfo", "freezable", "freeze_first", "list_layers", "parameter_depths", "set_frozen"]


@dataclass(frozen=True)
class LayerInfo:
    """One layer of a network, as a person would describe it."""

    name: str
    kind: str
    """“conv”, “batch norm”, “pool” …"""
    detail: str
    """“3×3, 32”: what tells it from others of its kind; may be empty."""
    output_shape: tuple[int, ...]
    """Without the batch: C×H×W for maps."""
    parameters: int
    trainable: bool
    """Whether training changes any of its parameters; False where it has none."""


def list_layers(module: nn.Module, input_shape: tuple[int, int, int]) -> list[LayerInfo]:
    """The layers of `module` in the order in which a picture of `input_shape` (channels, height, width) meets them.

    A layer is a module without children, or one with parameters of its own. One that runs several times is listed where
    it runs first; one that never runs and holds nothing is left out. Nothing is computed: shapes come from torch's meta
    device, so that VGG16 takes milliseconds, and `module` isn't touched.
    """
    shapes = _output_shapes(module, input_shape)
    layers = dict(_layers(module))
    ordered = [*shapes, *(name for name in layers if name not in shapes and _own_parameters(layers[name]))]
    return [_info(name, layers[name], shapes.get(name, ())) for name in ordered]


def _layers(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, layer in module.named_modules():
        if name and (_is_leaf(layer) or _own_parameters(layer)):
            yield name, layer


def _is_leaf(layer: nn.Module) -> bool:
    return next(layer.children(), None) is None


def _own_parameters(layer: nn.Module) -> list[nn.Parameter]:
    return list(layer.parameters(recurse=False))


def _output_shapes(module: nn.Module, input_shape: tuple[int, int, int]) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}

    def note(name: str, output: Any) -> None:
        shapes.setdefault(name, tuple(output.shape[1:]) if isinstance(output, torch.Tensor) else ())

    shadow = weightless_copy(module).eval()
    for name, layer in _layers(shadow):
        layer.register_forward_hook(lambda _layer, _inputs, output, name=name: note(name, output))
    with torch.inference_mode():
        shadow(torch.empty(1, *input_shape, device="meta"))
    return shapes


def weightless_copy(module: nn.Module) -> nn.Module:
    """A copy of `module` whose tensors have shapes but no values, so that the original is free for other threads."""
    tensors = [*module.parameters(), *module.buffers()]
    copied: dict[int, Any] = {id(tensor): torch.empty_like(tensor, device="meta") for tensor in tensors}
    shadow = copy.deepcopy(module, copied)
    for part in shadow.modules():
        # Hooks of others must not see these tensors.
        part._forward_hooks.clear()
        part._forward_pre_hooks.clear()
    return shadow


def _info(name: str, layer: nn.Module, shape: tuple[int, ...]) -> LayerInfo:
    kind, detail = describe(layer)
    parameters = _own_parameters(layer)
    return LayerInfo(
        name=name,
        kind=kind,
        detail=detail,
        output_shape=shape,
        parameters=sum(parameter.numel() for parameter in parameters),
        trainable=any(parameter.requires_grad for parameter in parameters),
    )
