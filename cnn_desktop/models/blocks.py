"""Layers with the initial weights of Keras, which the tutorials were trained with (PyTorch's own differ)."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import torch
from torch import nn

Layer = TypeVar("Layer", nn.Conv2d, nn.Linear)
Initializer = Callable[[torch.Tensor], torch.Tensor]

glorot_uniform: Initializer = nn.init.xavier_uniform_
"""Glorot and Bengio 2010; what Keras takes unless told."""
he_uniform: Initializer = partial(nn.init.kaiming_uniform_, nonlinearity="relu")
"""He et al. 2015."""


def conv(inputs: int, outputs: int, kernel: int, *, padding: int = 0, init: Initializer = glorot_uniform) -> nn.Conv2d:
    """A square convolution with stride 1, zero biases and weights from `init`."""
    return _initialized(nn.Conv2d(inputs, outputs, kernel, padding=padding), init)


def dense(inputs: int, outputs: int, *, init: Initializer = glorot_uniform) -> nn.Linear:
    """A fully connected layer with zero biases and weights from `init`."""
    return _initialized(nn.Linear(inputs, outputs), init)


def stack(**layers: nn.Module) -> nn.Sequential:
    """Layers one after the other, under their names."""
    return nn.Sequential(OrderedDict(layers))


def _initialized(layer: Layer, init: Initializer) -> Layer:
    init(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
