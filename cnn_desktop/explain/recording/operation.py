"""One operation of a network: what a layer is when the network runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple

import torch

Pair = tuple[int, int]


class Window(NamedTuple):
    """How a convolution or a pooling slides: pairs are (down, across), in cells of its input."""

    kernel: Pair
    stride: Pair
    dilation: Pair
    before: Pair
    """Padding above and to the left; what lies below and to the right follows from the shapes."""


class Axes(NamedTuple):
    """Which axes of an output, N… included, hold channels, rows and columns; None where it has no such extent."""

    channel: int | None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Operation:
    """One step of a forward pass; a module that is used twice is two operations."""

    name: str
    """As in the architecture, “layer1.0.conv1”; a second use “relu (2)”; what no module does “layer1.0.sum”."""
    kind: str
    """What a person calls it: “conv”, “batch norm”, “sum” …"""
    detail: str
    """“3×3, 32”: what tells it from others of its kind; may be empty."""
    module_name: str
    """Dotted name of the module that is this operation; empty where a function of a larger part is."""
    block: str
    """Dotted name of the part of the network it belongs to; empty at the top."""
    use: int
    """1 where the module or function runs for the first time, then 2 …"""
    inputs: tuple[str, ...]
    """The names of the operations whose outputs it takes, in order."""
    shape: tuple[int, ...]
    """Without the batch: C×H×W for maps."""
    parameters: int
    function: str
    """What torch calls it, without underscores of in-place forms: “conv2d”, “add”, “max_pool2d”, “softmax” …"""
    arguments: Mapping[str, Any]
    """What it was called with, by torch's names; in place of another operation's output stands that one's name."""
    is_layer: bool
    """Whether a person would name it when describing the network; False of what only rearranges numbers."""
    axes: Axes
    output: torch.Tensor = field(repr=False, compare=False)
    """Float N×…, on the device where it was computed; without values in an outline."""
    window: Window | None = None
    """Of convolutions and poolings with a fixed window."""

    @property
    def places(self) -> "Places":
        """Where its numbers stand."""
        return Places(tuple(self.output.shape), self.axes)

    @property
    def map_shape(self) -> tuple[int, ...]:
        """C×H×W as its maps are shown, or C for what has no extent."""
        places = self.places
        return (places.channels,) if places.extent == (1, 1) else (places.channels, *places.extent)


class Places(NamedTuple):
    """Where the numbers of a tensor stand."""

    shape: tuple[int, ...]
    """N… included."""
    axes: Axes

    @property
    def channels(self) -> int:
        """How many maps it is; what is neither row nor column counts among them."""
        return prod(self.shape[1:]) // prod(self.extent)

    @property
    def extent(self) -> Pair:
        """Rows and columns of its maps; tokens lie side by side."""
        if self.axes.row is not None and self.axes.column is not None:
            return self.shape[self.axes.row], self.shape[self.axes.column]
        # Where the batch and another axis changed places, there is no telling.
        return 1, prod(self.shape[1:]) // (self.shape[self.axes.channel] if self.axes.channel else 1)
