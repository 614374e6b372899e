"""How many weights a layer has, counted by torch on layers that are described but not filled with numbers."""

from torch import nn

BYTES = 4
"""Of a weight as float32."""


def dense_weights(height: int, width: int, channels: int, neurons: int) -> int:
    """Weights, without biases, of `neurons` that each look at every number of a picture."""
    layer = nn.Linear(height * width * channels, neurons, bias=False, device="meta")
    return layer.weight.numel()


def convolution_weights(channels: int, filters: int, size: int) -> int:
    """Weights, without biases, of a convolution: the same for every picture, however large."""
    layer = nn.Conv2d(channels, filters, size, bias=False, device="meta")
    return layer.weight.numel()
