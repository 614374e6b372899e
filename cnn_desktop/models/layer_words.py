"""What a person calls a layer, and what tells it from others of its kind."""

import re
from typing import Any

from torch import nn

from cnn_desktop.core.language import _

_KINDS: tuple[tuple[tuple[type[nn.Module], ...], str], ...] = (
    ((nn.Conv1d, nn.Conv2d, nn.Conv3d), _("conv")),
    ((nn.Linear,), _("dense")),
    ((nn.modules.batchnorm._BatchNorm,), _("batch norm")),
    ((nn.LayerNorm, nn.GroupNorm), _("norm")),
    ((nn.ReLU, nn.ReLU6), _("relu")),
    ((nn.GELU,), _("gelu")),
    ((nn.SiLU,), _("silu")),
    ((nn.Hardswish,), _("hardswish")),
    ((nn.Sigmoid, nn.Hardsigmoid), _("sigmoid")),
    ((nn.Softmax,), _("softmax")),
    ((nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveMaxPool2d, nn.AdaptiveAvgPool2d), _("pool")),
    ((nn.Dropout, nn.Dropout2d), _("dropout")),
    ((nn.Flatten,), _("flatten")),
    ((nn.ZeroPad2d,), _("padding")),
)


def describe(layer: nn.Module) -> tuple[str, str]:
    """The kind of a layer, and its detail: (“conv”, “3×3, 32”)."""
    kind = next((word for types, word in _KINDS if isinstance(layer, types)), None)
    return kind or _words(type(layer).__name__), _detail(layer)


def _words(class_name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", class_name).lower()


def _detail(layer: nn.Module) -> str:  # noqa: PLR0911
    match layer:
        case nn.Conv2d():
            return _conv_detail(layer)
        case nn.Linear():
            return str(layer.out_features)
        case nn.AdaptiveMaxPool2d():
            return _("largest, to {size}").format(size=_sides(layer.output_size))
        case nn.AdaptiveAvgPool2d():
            return _("mean, to {size}").format(size=_sides(layer.output_size))
        case nn.MaxPool2d():
            return _("largest of {size}").format(size=_sides(layer.kernel_size))
        case nn.AvgPool2d():
            return _("mean of {size}").format(size=_sides(layer.kernel_size))
        case nn.Dropout() | nn.Dropout2d():
            return f"{layer.p:g}"
        case _:
            return ""


def _conv_detail(layer: nn.Conv2d) -> str:
    parts = [_sides(layer.kernel_size), str(layer.out_channels)]
    if layer.stride != (1, 1):
        stride = layer.stride[0] if layer.stride[0] == layer.stride[1] else _sides(layer.stride)
        parts.append(_("stride {stride}").format(stride=stride))
    if layer.groups > 1:
        depthwise = layer.groups == layer.in_channels
        parts.append(_("depthwise") if depthwise else _("{count} groups").format(count=layer.groups))
    return ", ".join(parts)


def _sides(size: Any) -> str:
    height, width = size if isinstance(size, tuple) else (size, size)
    return f"{height}×{width}"
