"""What each kind of layer makes of the shape it is given, and what it costs. No torch."""

import math
from dataclasses import dataclass
from typing import assert_never

from cnn_desktop.core.design import (
    Activation,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Padding,
    Pool,
    Residual,
)
from cnn_desktop.core.language import _
from cnn_desktop.models.design.calls import Argument, Call

Shape = tuple[int, ...]
"""C×H×W of maps, or the length of a row of numbers."""

_ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "gelu": "GELU",
    "silu": "SiLU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
}


class UnfitError(Exception):
    """A layer that can't take what it is given; the sentence says why and what would help."""


@dataclass(frozen=True)
class Step:
    """A layer that was given its input: how it is made, what comes out, and its costs."""

    call: Call
    shape: Shape
    """Of its output for one picture."""
    parameters: int = 0
    operations: int = 0
    """Multiplications with an addition, for one picture, in convolutions and dense layers."""


def step(layer: Layer, shape: Shape) -> Step:
    """Put `layer` behind something that gives `shape`.

    Raises:
        UnfitError: it can't stand there.
    """
    match layer:
        case BatchNorm():
            kind = "BatchNorm2d" if len(shape) == 3 else "BatchNorm1d"
            return Step(Call(kind, (shape[0],)), shape, parameters=2 * shape[0])
        case Activation():
            return Step(Call(_ACTIVATIONS[layer.function]), shape)
        case Dropout():
            return Step(Call("Dropout", (layer.share,)), shape)
        case Flatten():
            return Step(Call("Flatten"), (math.prod(shape),))
        case Dense():
            return dense(layer, shape)
        case _:
            return _on_maps(layer, _maps(shape))


def _on_maps(layer: Convolution | Pool | GlobalPool | Padding | Residual, maps: tuple[int, int, int]) -> Step:
    channels, height, width = maps
    match layer:
        case Convolution():
            return _convolution(layer, maps)
        case Pool():
            return _pool(layer, maps)
        case GlobalPool():
            kind = "AdaptiveAvgPool2d" if layer.function == "mean" else "AdaptiveMaxPool2d"
            return Step(Call(kind, (1,)), (channels, 1, 1))
        case Padding():
            sides = (layer.left, layer.right, layer.top, layer.bottom)
            grown = (channels, height + layer.top + layer.bottom, width + layer.left + layer.right)
            return Step(Call("ZeroPad2d", (sides,)), grown)
        case Residual():
            return _residual(maps)
        case _:
            assert_never(layer)


def dense(layer: Dense, shape: Shape) -> Step:
    """A dense layer behind something that gives `shape`.

    Raises:
        UnfitError: that isn't a row of numbers.
    """
    if len(shape) == 3:
        text = _("A dense layer takes a row of numbers, and here come maps of {shape}: put a flatten before it.")
        raise UnfitError(text.format(shape=shape_text(shape)))
    weights = shape[0] * layer.outputs
    call = Call("Linear", (shape[0], layer.outputs), {} if layer.bias else {"bias": False})
    return Step(call, (layer.outputs,), weights + layer.outputs * layer.bias, weights)


def shape_text(shape: Shape) -> str:
    """32×16×16."""
    return "×".join(f"{side:,}" if len(shape) == 1 else str(side) for side in shape)


def _maps(shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:
        text = _("This layer takes maps, and here comes a row of {count:,} numbers: put it before the flatten.")
        raise UnfitError(text.format(count=shape[0]))
    return shape[0], shape[1], shape[2]


def _convolution(layer: Convolution, shape: tuple[int, int, int]) -> Step:
    channels, height, width = shape
    for count, text in (
        (channels, _("{count} maps can't be divided into {groups} groups: choose a number of groups that divides it.")),
        (layer.filters, _("{count} filters can't be divided into {groups} groups: choose numbers that divide.")),
    ):
        if count % layer.groups:
            raise UnfitError(text.format(count=count, groups=layer.groups))
    reach = layer.dilation * (layer.kernel - 1) + 1
    sides = tuple(_positions(side, reach, layer.stride, layer.padding) for side in (height, width))
    if min(sides) < 1:
        text = _(
            "A kernel that reaches over {reach}×{reach} doesn't fit into maps of {width}×{height}: take a smaller "
            "kernel or more padding, or pool less before."
        )
        raise UnfitError(text.format(reach=reach, height=height, width=width))
    weights = channels // layer.groups * layer.kernel**2 * layer.filters
    unusual = _unusual(stride=(layer.stride, 1), padding=(layer.padding, 0), dilation=(layer.dilation, 1))
    unusual |= _unusual(groups=(layer.groups, 1), bias=(layer.bias, True))
    return Step(
        Call("Conv2d", (channels, layer.filters, layer.kernel), unusual),
        (layer.filters, *sides),
        weights + layer.filters * layer.bias,
        weights * math.prod(sides),
    )


def _pool(layer: Pool, shape: tuple[int, int, int]) -> Step:
    channels, height, width = shape
    if layer.padding > layer.size // 2:
        text = _("A pool's padding is at most half of its window: {most} here.")
        raise UnfitError(text.format(most=layer.size // 2))
    stride = layer.stride or layer.size
    sides = tuple(_positions(side, layer.size, stride, layer.padding) for side in (height, width))
    if min(sides) < 1:
        text = _(
            "A window of {size}×{size} doesn't fit into maps of {width}×{height}: take a smaller window, or pool less "
            "before."
        )
        raise UnfitError(text.format(size=layer.size, height=height, width=width))
    unusual = _unusual(stride=(stride, layer.size), padding=(layer.padding, 0))
    kind = "MaxPool2d" if layer.function == "max" else "AvgPool2d"
    return Step(Call(kind, (layer.size,), unusual), (channels, *sides))


def _residual(shape: tuple[int, int, int]) -> Step:
    channels, height, width = shape
    weights = 2 * 9 * channels**2
    return Step(
        Call("ResidualBlock", (channels,), is_ours=True), shape, weights + 2 * 2 * channels, weights * height * width
    )


def _positions(side: int, window: int, stride: int, padding: int) -> int:
    """In how many places a window fits along a side."""
    return (side + 2 * padding - window) // stride + 1


def _unusual(**values: tuple[Argument, Argument]) -> dict[str, Argument]:
    """Of settings with what torch takes for them unless told, those that it must be told."""
    return {name: value for name, (value, usual) in values.items() if value != usual}
