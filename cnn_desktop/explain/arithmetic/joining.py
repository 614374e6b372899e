"""Sums, products, concatenations, and what only passes numbers on."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic.taken import Index, NoArithmeticError, Rule, Taken
from cnn_desktop.explain.arithmetic.working import Item, Step, Working

_SAME_ORDER = ("flatten", "view", "reshape", "squeeze", "unsqueeze", "unflatten", "contiguous", "clone", "float")
_SAME_PLACE = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "type")


def _joined(text: str, join: Callable[[float, float], float], *, adds: bool) -> Rule:
    def rule(taken: Taken) -> Working:
        first, second = (_operand(taken, name) for name in ("input", "other"))
        if adds and (alpha := taken.argument("alpha", 1)) != 1:
            second = Item(_("{alpha:g} times {name}").format(alpha=alpha, name=second.name), alpha * second.value)
        total = join(first.value, second.value)
        steps = (Step(first.name, first.value), Step(second.name, second.value), Step(text, total))
        magnitude = abs(first.value) + abs(second.value) if adds else abs(total)
        return Working("joined", total, magnitude, steps, items=(first, second))

    return rule


def _operand(taken: Taken, name: str) -> Item:
    """One side of a sum or product; a single number, or one a channel, counts for all places."""
    value: Any = taken.argument(name)
    numbers = taken.numbers(value)
    if not isinstance(value, str) and numbers.ndim == len(taken.index) + 1:
        numbers = numbers[0]  # a constant with an axis for the batch
    at = np.broadcast_to(numbers, taken.operation.shape)[taken.index]
    learned = _("a learned number") if numbers.ndim else _("a constant")
    return Item(value if isinstance(value, str) else learned, float(at))


def concatenation(taken: Taken) -> Working:
    """Lays outputs behind each other: the number is one of theirs."""
    sources = taken.argument("tensors")
    axis = taken.argument("dim", 0) % (len(taken.index) + 1) - 1
    place = taken.index[axis]
    for source in sources:
        length = taken.tensor(source).shape[axis]
        if place < length:
            return _copied(taken, source, (*taken.index[:axis], place, *taken.index[axis + 1 :]))
        place -= length
    raise AssertionError("an index beyond what was concatenated")


def padding(taken: Taken) -> Working:
    """A map with a frame around it: the number is the map's, or the frame's."""
    if taken.argument("mode", "constant") != "constant":
        raise NoArithmeticError(_("The frame around this map repeats numbers of the map; that isn’t written out here."))
    index, sides = list(taken.index), taken.argument("pad")
    for axis, before in zip(reversed(range(len(index))), sides[::2], strict=False):
        index[axis] -= before
    if all(0 <= at < end for at, end in zip(index, taken.raw().shape, strict=True)):
        return _copied(taken, taken.argument("input"), tuple(index))
    value = float(taken.argument("value", 0.0))
    return Working("copied", value, abs(value), (Step(_("padding, which the network adds"), value),))


def _same_order(taken: Taken) -> Working:
    shape = tuple(taken.raw().shape)
    flat = int(np.ravel_multi_index(taken.index, taken.operation.shape)) if taken.index else 0
    return _copied(taken, taken.argument("input"), tuple(int(at) for at in np.unravel_index(flat, shape)))


def _same_place(taken: Taken) -> Working:
    return _copied(taken, taken.argument("input"), taken.index)


def _permuted(taken: Taken) -> Working:
    order = [axis % (len(taken.index) + 1) - 1 for axis in taken.argument("dims")[1:]]
    places = dict(zip(order, taken.index, strict=True))
    return _copied(taken, taken.argument("input"), tuple(places[axis] for axis in range(len(order))))


def _transposed(taken: Taken) -> Working:
    index = list(taken.index)
    first, second = (taken.argument(name) % (len(index) + 1) - 1 for name in ("dim0", "dim1"))
    index[first], index[second] = index[second], index[first]
    return _copied(taken, taken.argument("input"), tuple(index))


def _copied(taken: Taken, source: str, index: Index) -> Working:
    value = float(taken.numbers(taken.tensor(source)[index]))
    origin = taken.origin(source, index)
    text = _("taken from {source}").format(source=source)
    return Working("copied", value, abs(value), (Step(text, value),), origin=origin)


def _power(base: float, exponent: float) -> float:
    return math.nan if base < 0 and exponent % 1 else base**exponent


RULES: dict[str, Rule] = {
    "add": _joined(_("sum"), lambda a, b: a + b, adds=True),
    "sub": _joined(_("difference"), lambda a, b: a - b, adds=True),
    "mul": _joined(_("product"), lambda a, b: a * b, adds=False),
    "div": _joined(_("quotient"), lambda a, b: a / b if b else math.nan, adds=False),
    "maximum": _joined(_("the larger"), max, adds=False),
    "minimum": _joined(_("the smaller"), min, adds=False),
    "pow": _joined(_("power"), _power, adds=False),
    "cat": concatenation,
    "pad": padding,
    "permute": _permuted,
    "transpose": _transposed,
    **dict.fromkeys(_SAME_ORDER, _same_order),
    **dict.fromkeys(_SAME_PLACE, _same_place),
}
