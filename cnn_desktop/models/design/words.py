"""Layers of a design as a person would call them. No torch."""

from itertools import groupby

from cnn_desktop.core.design import (
    Activation,
    ActivationName,
    BatchNorm,
    Convolution,
    Dense,
    Design,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Padding,
    Pool,
    PoolName,
    Residual,
)
from cnn_desktop.core.language import _

ACTIVATIONS: dict[ActivationName, str] = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "gelu": "GELU",
    "silu": "SiLU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
}
"""As papers write them, in every language."""

POOLS: dict[PoolName, str] = {"max": _("largest"), "mean": _("mean")}

KINDS: dict[str, str] = {
    "conv": _("Convolution"),
    "batch_norm": _("Batch norm"),
    "activation": _("Activation"),
    "pool": _("Pooling"),
    "global_pool": _("Global pooling"),
    "padding": _("Padding"),
    "dropout": _("Dropout"),
    "flatten": _("Flatten"),
    "dense": _("Dense"),
    "residual": _("Residual block"),
}


def detail_of(layer: Layer) -> str:  # noqa: PLR0911 - one a kind
    """What tells a layer from others of its kind: “3×3, 32 filters”; may be empty."""
    match layer:
        case Convolution():
            return ", ".join(_of_convolution(layer))
        case Activation():
            return ACTIVATIONS[layer.function]
        case Pool():
            return ", ".join(_of_pool(layer))
        case GlobalPool():
            return _("{function} of each map").format(function=POOLS[layer.function])
        case Padding():
            sides = (layer.left, layer.right, layer.top, layer.bottom)
            return _("left {0}, right {1}, top {2}, bottom {3}").format(*sides)
        case Dropout():
            return _("{percent:g} % of the values").format(percent=round(100 * layer.share, 2))
        case Dense():
            bias = () if layer.bias else (_("no bias"),)
            return ", ".join((_("{count:,} outputs").format(count=layer.outputs), *bias))
        case Residual():
            return _("two 3×3 convolutions, added to their input")
        case BatchNorm() | Flatten():
            return ""


def layers_text(design: Design) -> str:
    """All layers of a design on one line, layers in a row that are the same named once: “conv 3×3 32, ReLU, …”."""
    runs = [(word, len(list(same))) for word, same in groupby(map(_short, design.layers))]
    return ", ".join(word if count == 1 else f"{count} × {word}" for word, count in runs)


def _short(layer: Layer) -> str:
    kind = KINDS[layer.kind].lower()
    match layer:
        case Convolution():
            return f"{kind} {layer.kernel}×{layer.kernel} {layer.filters}"
        case Pool():
            return f"{kind} {layer.size}×{layer.size}"
        case Dense():
            return f"{kind} {layer.outputs}"
        case Activation():
            return ACTIVATIONS[layer.function]
        case Dropout():
            return f"{kind} {100 * layer.share:g} %"
        case _:
            return kind


def _of_convolution(layer: Convolution) -> list[str]:
    parts = [f"{layer.kernel}×{layer.kernel}", _("{count:,} filters").format(count=layer.filters)]
    if layer.stride > 1:
        parts.append(_("stride {stride}").format(stride=layer.stride))
    if layer.padding:
        parts.append(_("padding {padding}").format(padding=layer.padding))
    if layer.dilation > 1:
        parts.append(_("dilation {dilation}").format(dilation=layer.dilation))
    if layer.groups > 1:
        parts.append(_("{groups} groups").format(groups=layer.groups))
    return parts if layer.bias else [*parts, _("no bias")]


def _of_pool(layer: Pool) -> list[str]:
    parts = [_("{function} of {size}×{size}").format(function=POOLS[layer.function], size=layer.size)]
    if layer.stride not in (0, layer.size):
        parts.append(_("stride {stride}").format(stride=layer.stride))
    if layer.padding:
        parts.append(_("padding {padding}").format(padding=layer.padding))
    return parts
