"""Dense layers, means, softmax: what is made of a whole list of numbers."""

import math
from typing import Any

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic.taken import Index, Rule, Taken
from cnn_desktop.explain.arithmetic.windows import weighted
from cnn_desktop.explain.arithmetic.working import Item, Patches, Step, Working
from cnn_desktop.explain.recording import INPUT, Axes

_KEEPS_ORDER = frozenset(("flatten", "view", "reshape", "dropout", "squeeze", "contiguous", "clone"))
_SMALLEST = 1e-30
"""Smaller powers have few digits in float32."""
_MAP_AXES = Axes(1, 2, 3)


def dense(taken: Taken) -> Working:
    """Σ input × weight + bias; inputs that were maps before they were flattened are shown as these."""
    *before, unit = taken.index
    weights = taken.numbers(taken.argument("weight")[unit])
    bias = taken.argument("bias")
    patches = _patches(taken, tuple(before), weights)
    return weighted(patches, None if bias is None else float(bias[unit]))


def _patches(taken: Taken, before: Index, weights: np.ndarray) -> Patches:
    source = taken.argument("input")
    numbers = taken.numbers(taken.tensor(source)[before])
    maps = _maps_before(taken, source)
    if not before and maps is not None:
        shape = tuple(taken.tensor(maps).shape)
        return Patches(maps, np.arange(shape[0]), numbers.reshape(shape), weights.reshape(shape))
    count = len(numbers)
    shape = (count, 1, 1)
    return Patches(source, np.arange(count), numbers.reshape(shape), weights.reshape(shape), is_map=False)


def _maps_before(taken: Taken, name: str) -> str | None:
    """The operation whose C×H×W were flattened into what `name` gives; None where these have no extent."""
    operations = taken.recording.operations
    while name != INPUT and operations[name].function in _KEEPS_ORDER and len(operations[name].shape) == 1:
        name = operations[name].arguments["input"]
    shape = tuple(taken.tensor(name).shape)
    if name != INPUT and operations[name].axes != _MAP_AXES:
        return None
    return name if len(shape) == 3 and shape[1:] != (1, 1) else None


def mean(taken: Taken) -> Working:
    """The mean over the axes that the network names."""
    source = taken.raw()
    axes = _axes(taken.argument("dim"), source.ndim + 1)
    kept = [axis for axis in range(source.ndim) if axis not in axes]
    places = [taken.index[axis] for axis in kept] if taken.argument("keepdim", False) else taken.index
    at = dict(zip(kept, places, strict=True))
    numbers = taken.numbers(source[tuple(at.get(axis, slice(None)) for axis in range(source.ndim))])
    values = numbers.reshape(1, -1, numbers.shape[-1])
    first = taken.origin(taken.argument("input"), tuple(at.get(axis, 0) for axis in range(source.ndim)), 0)
    share = np.full(values.shape, 1 / values.size)
    channel = first.cell.channel if first else 0
    return weighted(Patches(taken.argument("input"), np.array([channel]), values, share), None)


def softmax(taken: Taken) -> Working:
    """The power of the number, as a share of the sum of all powers."""
    temperature = taken.argument("temperature", 1.0)
    axis = _axes(taken.argument("dim", -1), taken.raw().ndim + 1)[0]
    line = tuple(slice(None) if at == axis else place for at, place in enumerate(taken.index))
    logits = taken.numbers(taken.raw()[line])
    here, lead = taken.index[axis], logits - logits.max()
    powers = np.exp(lead / temperature)
    together = float(powers.sum())
    share = float(powers[here]) / together
    steps = [Step(_("logit"), float(logits[here])), Step(_("less the largest logit"), float(lead[here]))]
    if temperature != 1.0:
        text = _("divided by the temperature {temperature:g}").format(temperature=temperature)
        steps.append(Step(text, float(lead[here] / temperature)))
    steps.append(Step(_("e to the power of that"), float(powers[here])))
    steps.append(Step(_("sum of all these powers"), together))
    steps.append(Step(_("share"), share))
    items = tuple(Item(str(at), float(power)) for at, power in enumerate(powers))
    return Working("share", share, _sureness(share, float(lead[here] / temperature)), tuple(steps), items=items)


def _sureness(share: float, exponent: float) -> float:
    """What a share's errors of rounding are measured by: the exponent is rounded before the power is taken."""
    return share * (1 + abs(exponent)) + _SMALLEST


def log_softmax(taken: Taken) -> Working:
    """The logarithm of the softmax."""
    shared = softmax(taken)
    total = math.log(shared.total) if shared.total else -math.inf
    steps = (*shared.steps, Step(_("logarithm"), total))
    return Working("share", total, 1.0 + abs(total), steps, items=shared.items)


def _axes(dim: Any, dimensions: int) -> tuple[int, ...]:
    """Axes without the batch; all of them where none is named."""
    named = range(1, dimensions) if dim is None else (dim,) if isinstance(dim, int) else dim
    return tuple(axis % dimensions - 1 for axis in named)


RULES: dict[str, Rule] = {"linear": dense, "mean": mean, "softmax": softmax, "log_softmax": log_softmax}
