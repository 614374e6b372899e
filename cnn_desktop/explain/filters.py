"""The learned weights of a convolution, as arrays."""

import numpy as np
import torch
from torch import nn

from cnn_desktop.explain.activations import find_layer


def filters(module: nn.Module, layer: str) -> np.ndarray | None:
    """The kernels of the layer named `layer`: float32 out×in×height×width, or None for a layer without.

    `in` counts the channels that one filter sees: 1 in a depthwise convolution.

    Raises:
        ModelError: the network has no layer of that name.
    """
    found = find_layer(module, layer)
    if not isinstance(found, nn.Conv2d):
        return None
    return found.weight.detach().to("cpu", torch.float32, copy=True).numpy()


def strength(weights: np.ndarray) -> np.ndarray:
    """How much each filter looks at each cell of its window, whatever the channel: out×height×width.

    The Euclidean norm over the input channels of out×in×height×width kernels.
    """
    return np.linalg.norm(weights, axis=1)
