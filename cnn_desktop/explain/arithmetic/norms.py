"""Batch norm, layer norm, group norm: a number set against the mean and the spread of others."""

import math
from typing import NamedTuple

from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic.taken import Index, Rule, Taken
from cnn_desktop.explain.arithmetic.working import Step, Working


class _Spread(NamedTuple):
    mean: float
    variance: float
    text: str
    """Whose mean it is."""


def batch_norm(taken: Taken) -> Working:
    """(x - mean) / √(variance + ε) · weight + bias, with the mean and variance seen in training."""
    channel = taken.index[0]
    mean, variance = taken.parameter("running_mean"), taken.parameter("running_var")
    if mean is None or variance is None:
        raw = taken.recording.taken(taken.argument("input")).detach()
        values = taken.numbers(raw[:, channel])
        spread = _Spread(float(values.mean()), float(values.var()), _("less the channel's mean"))
    else:
        spread = _Spread(float(mean[channel]), float(variance[channel]), _("less the mean seen in training"))
    return _normalised(taken, spread, *_at(taken, (channel,)))


def layer_norm(taken: Taken) -> Working:
    """The same with the mean and variance of the numbers at one place, or of all."""
    source = taken.source()
    normalised = len(taken.argument("normalized_shape"))
    split = source.ndim - normalised
    values = source[taken.index[:split]]
    spread = _Spread(float(values.mean()), float(values.var()), _("less the mean of this place's channels"))
    return _normalised(taken, spread, *_at(taken, taken.index[split:]))


def group_norm(taken: Taken) -> Working:
    """The same with the mean and variance of a group of channels."""
    source, groups = taken.source(), taken.argument("num_groups")
    channel = taken.index[0]
    per_group = source.shape[0] // groups
    values = source[channel // per_group * per_group :][:per_group]
    spread = _Spread(float(values.mean()), float(values.var()), _("less the mean of its group of channels"))
    return _normalised(taken, spread, *_at(taken, (channel,)))


def _at(taken: Taken, place: Index) -> tuple[float | None, float | None]:
    weight, bias = taken.parameter("weight"), taken.parameter("bias")
    return (None if weight is None else float(weight[place])), (None if bias is None else float(bias[place]))


def _normalised(taken: Taken, spread: _Spread, weight: float | None, bias: float | None) -> Working:
    x = float(taken.numbers(taken.raw()[taken.index]))
    deviation = math.sqrt(spread.variance + taken.argument("eps", 1e-5))
    scale = 1.0 if weight is None else weight
    value = (x - spread.mean) / deviation
    steps = [
        Step(_("x, the number that comes in"), x),
        Step(_("{what} {mean:.5g}").format(what=spread.text, mean=spread.mean), x - spread.mean),
        Step(_("divided by the spread {spread:.5g}").format(spread=deviation), value),
    ]
    if weight is not None:
        steps.append(Step(_("times the learned weight {weight:.5g}").format(weight=weight), value * scale))
    total = value * scale + (bias or 0.0)
    if bias is not None:
        steps.append(Step(_("plus the learned bias {bias:.5g}").format(bias=bias), total))
    magnitude = (abs(x) + abs(spread.mean)) / deviation * abs(scale) + abs(bias or 0.0)
    return Working("formula", total, magnitude, tuple(steps))


RULES: dict[str, Rule] = {"batch_norm": batch_norm, "layer_norm": layer_norm, "group_norm": group_norm}
