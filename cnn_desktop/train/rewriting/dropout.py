"""Dropout from raw random bits."""

import torch
from torch import nn
from typing_extensions import override

from cnn_desktop.train.randomness import own_generator


def drop_by_random_bits(module: nn.Module) -> None:
    """Let each dropout of `module` draw its values by the word instead of one by one; in place."""
    for layer in module.modules():
        if type(layer) is nn.Dropout and not layer.inplace and 0 < layer.p < 1:
            # Another class for the same object: references to it stay, and copies keep it.
            layer.__class__ = BitDropout


class BitDropout(nn.Dropout):
    """A dropout that cuts 64 random bits into eight values, or two, and compares them with a threshold.

    `bernoulli_`, on which torch's own is built, computes with one thread and a whole draw for each value: a tenth of a
    small network's step. A value is dropped with probability `p` exactly where `p` is a multiple of 1/256, as ½ and ¼
    are, and within 2⁻³² of it elsewhere. Bits come from the calling thread's own generator
    (`own_generator`), however many threads compute.
    """

    @override
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Zero a share `p` of the values and scale up the rest; in evaluation mode change nothing."""
        if not self.training:
            return input
        factors = torch.empty_like(input)  # as dense as the input, so that its values are one piece of memory
        _fill_with_kept(factors.as_strided((factors.numel(),), (1,)), self.p)
        return input * factors.mul_(1 / (1 - self.p))


def _fill_with_kept(values: torch.Tensor, p: float) -> None:
    """Set each of `values`, float of shape (N,), to 0 with probability `p`, else to 1."""
    threshold = p * 256
    if threshold.is_integer():
        torch.ge(_random_bits(values, torch.uint8), int(threshold), out=values)
    else:
        torch.ge(_random_bits(values, torch.int32), round(p * (2**32 - 1)) - 2**31, out=values)


def _random_bits(like: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """As many random integers over the whole range of `dtype` as `like` has values; on the CPU."""
    count = like.numel()
    words = torch.empty(-(-count * dtype.itemsize // 8), dtype=torch.int64)
    return words.random_(-(2**63), None, generator=own_generator()).view(dtype)[:count]
