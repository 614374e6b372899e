"""Convolution and pooling: what lies under the kernel, and what is made of it."""

from typing import Any

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic.taken import Rule, Taken
from cnn_desktop.explain.arithmetic.working import Padding, Patches, Step, Working


def convolution(taken: Taken) -> Working:
    """Σ patch × kernel + bias, over the channels of the filter's group."""
    channel, row, column = taken.index
    kernel = taken.numbers(taken.argument("weight")[channel])
    per_group = kernel.shape[0]
    filters_of_group = taken.argument("weight").shape[0] // taken.argument("groups", 1)
    channels = channel // filters_of_group * per_group + np.arange(per_group)
    down, across = _positions(taken, row, column)
    patches = _cut(taken, channels, down, across, kernel)
    return weighted(patches, _one(taken.argument("bias"), channel))


def weighted(patches: Patches, bias: float | None) -> Working:
    """The products' sum and the bias."""
    together = float(patches.sums.sum())
    total = together + (bias or 0.0)
    steps = [Step(_("sum of all products"), together)]
    if bias is not None:
        steps += [Step(_("bias"), bias), Step(_("sum"), total)]
    magnitude = float(np.abs(patches.products).sum()) + abs(bias or 0.0)
    return Working("products", total, magnitude, tuple(steps), patches)


def max_pool(taken: Taken) -> Working:
    """The largest number of the window."""
    channel, row, column = taken.index
    return _largest(_cut(taken, np.array([channel]), *_positions(taken, row, column), outside=-np.inf))


def adaptive_max_pool(taken: Taken) -> Working:
    """The largest number of the part of the map that falls to this cell."""
    return _largest(_cut(taken, np.array([taken.index[0]]), *_shares(taken)))


def average_pool(taken: Taken) -> Working:
    """The mean of the window; whether padding counts is as the network says."""
    channel, row, column = taken.index
    down, across = _positions(taken, row, column)
    height, width = taken.raw().shape[1:]
    before = taken.operation.window.before if taken.operation.window else (0, 0)
    # With `ceil_mode` a window may reach beyond the padding; that part never counts.
    down, across = down[down < height + before[0]], across[across < width + before[1]]
    inside = ((down >= 0) & (down < height)).sum() * ((across >= 0) & (across < width)).sum()
    counted = len(down) * len(across) if taken.argument("count_include_pad", True) else int(inside)
    divisor = taken.argument("divisor_override", counted)
    return weighted(_cut(taken, np.array([channel]), down, across, 1.0 / divisor), None)


def adaptive_average_pool(taken: Taken) -> Working:
    """The mean of the part of the map that falls to this cell."""
    down, across = _shares(taken)
    share = 1.0 / (len(down) * len(across))
    return weighted(_cut(taken, np.array([taken.index[0]]), down, across, share), None)


def _largest(patches: Patches) -> Working:
    row, column = np.unravel_index(int(np.argmax(patches.values[0])), patches.values[0].shape)
    largest = float(patches.values[0, row, column])
    steps = (Step(_("the largest"), largest),)
    return Working("largest", largest, abs(largest), steps, patches, winner=(int(row), int(column)))


def _positions(taken: Taken, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of the input that the window lies on, outside of it too."""
    window = taken.operation.window
    assert window is not None
    return tuple(  # pyright: ignore[reportReturnType] - two of them
        at * window.stride[axis] - window.before[axis] + window.dilation[axis] * np.arange(window.kernel[axis])
        for axis, at in enumerate((row, column))
    )


def _shares(taken: Taken) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns that fall to a cell where a map is divided into as many parts as are wanted."""
    given, wanted = taken.raw().shape[1:], taken.operation.shape[1:]
    return tuple(  # pyright: ignore[reportReturnType] - two of them
        np.arange(at * length // parts, -(-(at + 1) * length // parts))
        for at, length, parts in zip(taken.index[1:], given, wanted, strict=True)
    )


def _cut(
    taken: Taken, channels: np.ndarray, down: np.ndarray, across: np.ndarray, weights: Any = None, outside: float = 0.0
) -> Patches:
    maps = taken.raw()
    height, width = maps.shape[1:]
    rows, columns = (down >= 0) & (down < height), (across >= 0) & (across < width)
    values = np.full((len(channels), len(down), len(across)), outside)
    first, last = int(channels[0]), int(channels[-1]) + 1
    if rows.any() and columns.any():
        part = maps[first:last, down[rows]][:, :, across[columns]]
        values[np.ix_(np.arange(len(channels)), rows.nonzero()[0], columns.nonzero()[0])] = taken.numbers(part)
    return Patches(
        source=taken.argument("input"),
        channels=channels,
        values=values,
        weights=None if weights is None else np.broadcast_to(weights, values.shape),
        top=int(down[0]),
        left=int(across[0]),
        every=(_step(down), _step(across)),
        padding=Padding(*(int(count) for count in _outside(rows, columns))),
    )


def _step(positions: np.ndarray) -> int:
    return int(positions[1] - positions[0]) if len(positions) > 1 else 1


def _outside(rows: np.ndarray, columns: np.ndarray) -> tuple[int, int, int, int]:
    """How many are outside at the top, at the left, at the bottom, at the right."""
    (top, bottom), (left, right) = (_ends(inside) for inside in (rows, columns))
    return top, left, bottom, right


def _ends(inside: np.ndarray) -> tuple[int, int]:
    if not inside.any():
        return len(inside), 0
    return int(np.argmax(inside)), int(np.argmax(inside[::-1]))


def _one(values: Any, at: int) -> float | None:
    return None if values is None else float(values[at])


RULES: dict[str, Rule] = {
    "conv2d": convolution,
    "max_pool2d": max_pool,
    "avg_pool2d": average_pool,
    "adaptive_avg_pool2d": adaptive_average_pool,
    "adaptive_max_pool2d": adaptive_max_pool,
}
