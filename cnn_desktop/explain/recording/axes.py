"""Which axes of a tensor are channels, rows and columns, followed from operation to operation."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from cnn_desktop.explain.recording.operation import Axes

RESHAPING = frozenset(("view", "reshape", "squeeze", "unsqueeze", "flatten", "unflatten"))
"""What leaves the order of the numbers, and only counts them in other rows."""


def axes_of(
    function: str, arguments: Mapping[str, Any], shape: Sequence[int], source: Axes, before: Sequence[int]
) -> Axes:
    """The axes of an output of `shape`.

    Args:
        function: what gave it.
        arguments: what that was called with.
        shape: of the output, with the batch.
        source: the axes of its first input.
        before: the shape of that.
    """
    if function == "permute":
        order = [axis % len(before) for axis in arguments["dims"]]
        return _moved(source, {old: new for new, old in enumerate(order)})
    if function == "transpose" and "dim1" in arguments:
        first, second = arguments["dim0"] % len(before), arguments["dim1"] % len(before)
        return _moved(source, {first: second, second: first})
    if function in RESHAPING:
        return found_again(source, before, shape) or _without_places(source, before, shape)
    if function == "getitem":
        return _kept(source, arguments["index"], len(before)) or usual_axes(len(shape))
    if len(shape) == len(before) and function != "conv2d":
        return source
    return usual_axes(len(shape))


def usual_axes(dimensions: int) -> Axes:
    """N×C×H×W, rows of tokens N×T×C, or N×C."""
    return Axes(1, 2, 3) if dimensions == 4 else Axes(2) if dimensions == 3 else Axes(min(1, dimensions - 1))


def _moved(source: Axes, places: Mapping[int, int]) -> Axes:
    return Axes(*(None if axis is None else places.get(axis, axis) for axis in source))


def _kept(source: Axes, index: Any, dimensions: int) -> Axes | None:
    """The axes after `tensor[index]`; None where it takes single rows or columns, or does more than choosing."""
    parts = list(index) if isinstance(index, tuple) else [index]
    if not all(part is Ellipsis or isinstance(part, int | slice) for part in parts):
        return None
    if Ellipsis in parts:
        at = parts.index(Ellipsis)
        parts[at : at + 1] = [slice(None)] * (dimensions - len(parts) + 1)
    kept = [axis for axis in range(dimensions) if axis >= len(parts) or isinstance(parts[axis], slice)]
    if source.row is None or not {0, source.row, source.column} <= set(kept):
        return None
    return Axes(*(kept.index(axis) if axis in kept else None for axis in source))


def found_again(source: Axes, before: Sequence[int], shape: Sequence[int]) -> Axes | None:
    """Where a reshape from `before` to `shape` leaves rows and columns; None where it breaks them up.

    An axis is the same one where as many numbers lie before it, and it is as long.
    """

    row, column = _found(source.row, before, shape), _found(source.column, before, shape)
    if row is None or column is None or row == column:
        return None
    channel = _found(source.channel, before, shape)
    others = [axis for axis in range(1, len(shape)) if axis not in (row, column)]
    return Axes(channel if channel in others else (others or [0])[0], row, column)


def _without_places(source: Axes, before: Sequence[int], shape: Sequence[int]) -> Axes:
    """Maps that became rows of tokens keep their channels."""
    channel = _found(source.channel, before, shape)
    return Axes(channel) if channel and len(shape) == 3 else usual_axes(len(shape))


def _found(axis: int | None, before: Sequence[int], shape: Sequence[int]) -> int | None:
    if axis is None:
        return None
    at = prod(before[:axis]), before[axis]
    return next((new for new in range(len(shape)) if (prod(shape[:new]), shape[new]) == at), None)
