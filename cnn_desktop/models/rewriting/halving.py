"""Max pools that halve height and width, without indices."""

from typing import Any

import torch
from torch import nn
from torch.autograd.function import once_differentiable
from typing_extensions import override


def halve_without_indices(module: nn.Module) -> None:
    """Let each 2×2 max pool of `module` learn by masks in place of indices where that is faster; in place."""
    for layer in module.modules():
        if type(layer) is nn.MaxPool2d and _halves(layer):
            # Another class for the same object: references to it stay, and copies keep it.
            layer.__class__ = HalvingPool2d


class HalvingPool2d(nn.MaxPool2d):
    """A 2×2 max pool that keeps one mask for each of its two comparisons, where torch's own keeps eight bytes a value.

    That serves bf16 maps in channels_last, for which torch's own also takes fifty times as long as two comparisons do
    where nothing is to learn; others, and those of odd sizes, take the usual way.
    """

    @override
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """The largest of each 2×2 values: float N×C×H×W -> N×C×H/2×W/2."""
        is_even = input.ndim == 4 and not (input.shape[2] % 2 or input.shape[3] % 2)
        if input.dtype == torch.bfloat16 and is_even and _is_channels_last(input):
            return _Halving.apply(input) if input.requires_grad else _halved(input)[0]
        return super().forward(input)  # pyright: ignore[reportReturnType] - a pair only where indices are asked for


class _Halving(torch.autograd.Function):
    """First the larger of each two neighbours in a row, then of each two rows.

    Of equal values the first, row by row, takes the (finite) gradient, as it does in torch's own. A difference of what
    is handed on and what the first takes gives the second its part: exact, as it is all or nothing.
    """

    @staticmethod
    @override
    def forward(ctx: Any, maps: torch.Tensor) -> torch.Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx.shape = maps.shape
        result, left, right, upper, lower = _halved(maps)
        ctx.save_for_backward(_is_not_less(left, right), _is_not_less(upper, lower))
        return result

    @staticmethod
    @once_differentiable
    @override
    def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        count, channels, height, width = ctx.shape
        is_left, is_upper = ctx.saved_tensors
        rows = _handed_back(gradient.permute(0, 2, 3, 1).reshape(is_upper.shape), is_upper)
        maps = _handed_back(rows.view(is_left.shape), is_left)
        return maps.view(count, height, width, channels).permute(0, 3, 1, 2)


def _halved(maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The pooled maps, and what was compared: left and right neighbours in a row, upper and lower of these."""
    count, channels, height, width = maps.shape
    shape = count, channels, height // 2, width // 2
    # Not a view: the ReLU behind may write into it.
    result = torch.empty(shape, dtype=maps.dtype, device=maps.device, memory_format=torch.channels_last)
    left, right = _pairs(maps.permute(0, 2, 3, 1), channels)
    upper, lower = _pairs(torch.maximum(left, right), width // 2 * channels)
    torch.maximum(upper, lower, out=result.permute(0, 2, 3, 1).view(upper.shape))
    return result, left, right, upper, lower


def _pairs(values: torch.Tensor, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The first and the second of each two stretches of `length` that follow each other in memory, each N×length."""
    first, second = values.view(-1, 2, length).unbind(1)
    return first, second


def _is_not_less(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """1 where `first` ≥ `second`, else 0, as float: what gradients are multiplied by fastest."""
    return torch.ge(first, second, out=first.new_empty(first.shape))


def _handed_back(gradient: torch.Tensor, is_first: torch.Tensor) -> torch.Tensor:
    """To the first of each pair where `is_first` is 1, to the second where it is 0: both N×length -> N×2×length."""
    result = gradient.new_empty(len(gradient), 2, gradient.shape[1])
    first, second = result.unbind(1)
    torch.mul(gradient, is_first, out=first)
    torch.sub(gradient, first, out=second)
    return result


def _halves(pool: nn.MaxPool2d) -> bool:
    size, stride, padding, dilation = (
        (value, value) if isinstance(value, int) else tuple(value)
        for value in (pool.kernel_size, pool.stride, pool.padding, pool.dilation)
    )
    return (size, stride, padding, dilation) == ((2, 2), (2, 2), (0, 0), (1, 1)) and not pool.return_indices


def _is_channels_last(maps: torch.Tensor) -> bool:
    return maps.is_contiguous(memory_format=torch.channels_last)
