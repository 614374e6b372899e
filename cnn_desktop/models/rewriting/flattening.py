"""Flattening of maps that lie channels-last in memory."""

from typing import Any

import torch
from torch import nn
from torch.autograd.function import once_differentiable
from typing_extensions import override


def flatten_both_ways(module: nn.Module) -> None:
    """Let each flattening of `module` hand its gradient back in the order of memory that its maps had; in place."""
    for layer in module.modules():
        if type(layer) is nn.Flatten and (layer.start_dim, layer.end_dim) == (1, -1):
            # Another class for the same object: references to it stay, and copies keep it.
            layer.__class__ = TwoWayFlatten


class TwoWayFlatten(nn.Flatten):
    """A flattening whose gradient lies channels-last where its maps did.

    torch's own gives a gradient in the standard order, so that the ReLU and the pool before it meet two orders at once
    and walk both value by value: a tenth of a small network's step.
    """

    @override
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """float N×C×H×W -> N×CHW, by channels, then rows, then columns."""
        if input.requires_grad and input.ndim == 4 and input.is_contiguous(memory_format=torch.channels_last):
            return _Flattening.apply(input)
        return super().forward(input)


class _Flattening(torch.autograd.Function):
    @staticmethod
    @override
    def forward(ctx: Any, maps: torch.Tensor) -> torch.Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx.shape = maps.shape
        return maps.flatten(1)

    @staticmethod
    @once_differentiable
    @override
    def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return gradient.view(ctx.shape).contiguous(memory_format=torch.channels_last)
