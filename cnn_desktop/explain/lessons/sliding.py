"""A kernel or a pool that slides over a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

Rows = Sequence[Sequence[float]]
Pooling = Literal["max", "min", "average"]


@dataclass(frozen=True)
class Slide:
    """How a square window goes over a matrix.

    Args:
        size: rows and columns of the window.
        stride: by how many cells it moves on.
        padding: rings of zeros around the matrix.
    """

    size: int
    stride: int = 1
    padding: int = 0

    def places(self, length: int) -> int:
        """How many places it has along a side of `length` cells; 0 where it doesn't fit."""
        return max(0, (length + 2 * self.padding - self.size) // self.stride + 1)

    def unused(self, length: int) -> int:
        """Rows or columns at the end of a side that no place of the window reaches."""
        whole = length + 2 * self.padding
        return whole - self.size - (self.places(length) - 1) * self.stride if self.places(length) else whole


@dataclass(frozen=True)
class Products:
    """How one number of a convolution comes to be: float32, as torch computes it."""

    patch: torch.Tensor
    kernel: torch.Tensor
    products: torch.Tensor
    total: float


def padded(matrix: Rows, padding: int) -> torch.Tensor:
    """The matrix with `padding` rings of zeros around it: float32 H×W."""
    return F.pad(_tensor(matrix), (padding,) * 4)


def convolved(matrix: Rows, kernel: Rows, slide: Slide | None = None, divisor: float = 1.0) -> torch.Tensor:
    """What `torch.nn.functional.conv2d` makes of one channel: float32 H×W, every sum divided by `divisor`.

    As in every library for networks the kernel isn't turned around, which mathematicians call a cross-correlation.
    """
    slide = slide or Slide(len(kernel))
    weights = _tensor(kernel)[None, None] / divisor
    return F.conv2d(_tensor(matrix)[None, None], weights, stride=slide.stride, padding=slide.padding)[0, 0]


def products(matrix: Rows, kernel: Rows, row: int, column: int, slide: Slide | None = None) -> Products:
    """The patch under the kernel at one place of the output, and what they multiply to."""
    slide = slide or Slide(len(kernel))
    top, left = row * slide.stride, column * slide.stride
    patch = padded(matrix, slide.padding)[top : top + slide.size, left : left + slide.size]
    multiplied = patch * _tensor(kernel)
    return Products(patch, _tensor(kernel), multiplied, float(multiplied.sum()))


def pooled(matrix: Rows, kind: Pooling, slide: Slide, *, keeps_rest: bool = False) -> torch.Tensor:
    """One number a window: float32 H×W.

    Args:
        keeps_rest: whether a window that hangs over the edge counts too (`ceil_mode`).
    """
    batch = _tensor(matrix)[None, None]
    if kind == "average":
        return F.avg_pool2d(batch, slide.size, slide.stride, ceil_mode=keeps_rest)[0, 0]
    sign = -1 if kind == "min" else 1  # torch has no smallest of a window: the largest of the opposite is that
    return sign * F.max_pool2d(sign * batch, slide.size, slide.stride, ceil_mode=keeps_rest)[0, 0]


def _tensor(matrix: Rows) -> torch.Tensor:
    return torch.tensor(matrix, dtype=torch.float32)
