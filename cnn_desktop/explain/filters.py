"""The learned weights of layers, as arrays that can be shown."""

from math import isqrt, prod

import numpy as np
import torch
from torch import nn

from cnn_desktop.explain.recording import Recording


def filters(module: nn.Module, layer: str) -> np.ndarray | None:
    """The kernels of the operation named `layer`: float32 out×in×height×width, or None for one without.

    `in` counts the channels that one filter sees: 1 in a depthwise convolution.
    """
    found = dict(module.named_modules()).get(layer.partition(" (")[0])  # every use of a module has its filters
    if not isinstance(found, nn.Conv2d):
        return None
    return found.weight.detach().to("cpu", torch.float32, copy=True).numpy()


def dense_rows(recording: Recording, layer: str) -> np.ndarray | None:
    """The weights of the dense operation named `layer`, a row for each number that it gives, or None for another.

    Float32 out×channels×height×width: where maps were flattened for it, each weight stands in the place of the number
    that it is multiplied with. Else out×1×height×width, in no such order. Read-only: it is the network's own memory.

    Raises:
        ModelError: there is no such operation.
    """
    found = recording.operation(layer)
    weights = found.arguments.get("weight")
    if found.function != "linear" or not isinstance(weights, torch.Tensor):
        return None
    rows = weights.detach().float().cpu().numpy()
    rows = rows.reshape(len(rows), *_places(recording, found.inputs[0], rows.shape[1]))
    rows.flags.writeable = False
    return rows


def _places(recording: Recording, source: str, count: int) -> tuple[int, int, int]:
    """Channels, rows and columns of the maps that were flattened to `count` numbers, or those near a square."""
    while source in recording.operations:
        operation = recording.operations[source]
        if len(operation.map_shape) == 3 and prod(operation.map_shape) == count:
            channels, rows, columns = operation.map_shape
            return channels, rows, columns
        if len(operation.inputs) != 1 or prod(operation.shape) != count or operation.function == "linear":
            break
        source = operation.inputs[0]
    rows = next(side for side in range(isqrt(count), 0, -1) if count % side == 0)
    return 1, rows, count // rows


def strength(weights: np.ndarray) -> np.ndarray:
    """How much each filter looks at each cell of its window, whatever the channel: out×height×width.

    The Euclidean norm over the input channels of out×in×height×width kernels.
    """
    return np.linalg.norm(weights, axis=1)
