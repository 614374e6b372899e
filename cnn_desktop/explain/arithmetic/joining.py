"""Sums, products, concatenations, and what only passes numbers on."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

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
        with np.errstate(all="ignore"):  # what is divided by 0 is infinite, as torch says
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
    axis = taken.argument("dim", 0) % (len(taken.index) + 1) - 1
    if axis < 0:
        raise NoArithmeticError(_("Parts of the picture are laid behind each other: that can’t be written out here."))
    place = taken.index[axis]
    for source in taken.argument("tensors"):
        numbers = taken.tensor(source) if isinstance(source, str) else source[0]
        if place < len(numbers.movedim(axis, 0)):
            index = (*taken.index[:axis], place, *taken.index[axis + 1 :])
            return _copied(taken, source, index) if isinstance(source, str) else _constant(numbers[index])
        place -= len(numbers.movedim(axis, 0))
    raise AssertionError("an index beyond what was concatenated")


def _constant(number: torch.Tensor) -> Working:
    value = float(number)
    return Working("copied", value, abs(value), (Step(_("a learned number"), value),))


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
    whole = (taken.item, *taken.index)
    flat = int(np.ravel_multi_index(whole, tuple(taken.operation.output.shape)))
    return _moved(taken, np.unravel_index(flat, tuple(taken.recording.taken(taken.argument("input")).shape)))


def _permuted(taken: Taken) -> Working:
    whole = (taken.item, *taken.index)
    places = {axis % len(whole): place for axis, place in zip(taken.argument("dims"), whole, strict=True)}
    return _moved(taken, [places[axis] for axis in range(len(whole))])


def _transposed(taken: Taken) -> Working:
    whole = [taken.item, *taken.index]
    first, second = (taken.argument(name) % len(whole) for name in ("dim0", "dim1"))
    whole[first], whole[second] = whole[second], whole[first]
    return _moved(taken, whole)


def _same_place(taken: Taken) -> Working:
    return _copied(taken, taken.argument("input"), taken.index)


def _moved(taken: Taken, whole: Sequence[Any]) -> Working:
    """What is taken from a place that is given with the axis of the batch."""
    item, *index = (int(at) for at in whole)
    return _copied(taken, taken.argument("input"), tuple(index), item)


def _copied(taken: Taken, source: str, index: Index, item: int | None = None) -> Working:
    item = taken.item if item is None else item
    value = float(taken.recording.taken(source)[item][index])
    text = _("taken from {source}").format(source=source)
    return Working("copied", value, abs(value), (Step(text, value),), origin=taken.origin(source, index, item))


RULES: dict[str, Rule] = {
    "add": _joined(_("sum"), lambda a, b: a + b, adds=True),
    "sub": _joined(_("difference"), lambda a, b: a - b, adds=True),
    "mul": _joined(_("product"), lambda a, b: a * b, adds=False),
    "div": _joined(_("quotient"), lambda a, b: float(np.divide(a, b)), adds=False),
    "maximum": _joined(_("the larger"), max, adds=False),
    "minimum": _joined(_("the smaller"), min, adds=False),
    "pow": _joined(_("power"), lambda a, b: float(np.power(a, b)), adds=False),
    "cat": concatenation,
    "pad": padding,
    "permute": _permuted,
    "transpose": _transposed,
    **dict.fromkeys(_SAME_ORDER, _same_order),
    **dict.fromkeys(_SAME_PLACE, _same_place),
}
