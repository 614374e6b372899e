"""Activations: a formula of one number."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic.taken import Rule, Taken
from cnn_desktop.explain.arithmetic.working import Step, Working


@dataclass(frozen=True)
class Formula:
    """A function of one number.

    Args:
        text: how it is written; names of arguments in braces.
        function: takes the number and then the arguments.
        arguments: what the network may say, by torch's names, and what counts where it doesn't.
        is_steep: whether it can't be drawn around any number: it grows too fast, or isn't defined everywhere.
    """

    text: str
    function: Callable[..., float]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    is_steep: bool = False


def _clipped(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softplus(x: float, beta: float = 1.0) -> float:
    return (max(beta * x, 0.0) + math.log1p(math.exp(-abs(beta * x)))) / beta


def _gelu(x: float, approximate: str) -> float:
    if approximate == "tanh":
        return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))


def _elu(x: float, alpha: float) -> float:
    return x if x > 0 else alpha * math.expm1(x)


def _selu(x: float) -> float:
    # Klambauer et al. 2017, arXiv:1706.02515
    return 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x))


_OVERFLOW = 88.72284
"""From here on the power is more than float32 holds."""
_SAMPLES = 160
"""Of a curve that is drawn."""
_BETWEEN = "min(max({min:g}, x), {max:g})"
FORMULAS: Mapping[str, Formula] = {
    "relu": Formula("max(0, x)", lambda x: max(0.0, x)),
    "relu6": Formula("min(max(0, x), 6)", lambda x: _clipped(x, 0.0, 6.0)),
    "hardtanh": Formula(
        "min(max({min_val:g}, x), {max_val:g})",
        _clipped,
        {"min_val": -1.0, "max_val": 1.0},
    ),
    "clamp": Formula(_BETWEEN, _clipped, {"min": -math.inf, "max": math.inf}),
    "leaky_relu": Formula(
        _("x, below zero {negative_slope:g} · x"),
        lambda x, negative_slope: x if x > 0 else x * negative_slope,
        {"negative_slope": 0.01},
    ),
    "prelu": Formula(_("x, below zero {slope:.5g} · x, which was learned"), lambda x, slope: x if x > 0 else x * slope),
    "elu": Formula(_("x, below zero {alpha:g} · (eˣ − 1)"), _elu, {"alpha": 1.0}),
    "selu": Formula(_("1.0507 · x, below zero 1.7581 · (eˣ − 1)"), _selu),
    "gelu": Formula(_("x · the share of a normal distribution below x"), _gelu, {"approximate": "none"}),
    "silu": Formula("x / (1 + e⁻ˣ)", lambda x: x * _sigmoid(x)),
    "mish": Formula("x · tanh(ln(1 + eˣ))", lambda x: x * math.tanh(_softplus(x))),
    "sigmoid": Formula("1 / (1 + e⁻ˣ)", _sigmoid),
    "tanh": Formula("tanh(x)", math.tanh),
    "hardswish": Formula("x · min(max(0, x + 3), 6) / 6", lambda x: x * _clipped(x + 3, 0.0, 6.0) / 6),
    "hardsigmoid": Formula("min(max(0, x + 3), 6) / 6", lambda x: _clipped(x + 3, 0.0, 6.0) / 6),
    "softplus": Formula("ln(1 + e^({beta:g} · x)) / {beta:g}", _softplus, {"beta": 1.0}),
    "softsign": Formula("x / (1 + |x|)", lambda x: x / (1 + abs(x))),
    "log_sigmoid": Formula("−ln(1 + e⁻ˣ)", lambda x: -_softplus(-x)),
    "exp": Formula("eˣ", lambda x: math.exp(x) if x < _OVERFLOW else math.inf, is_steep=True),
    "sqrt": Formula("√x", lambda x: math.sqrt(x) if x >= 0 else math.nan, is_steep=True),
    "abs": Formula("|x|", math.fabs),
    "neg": Formula("−x", lambda x: -x),
}


def _rule(formula: Formula) -> Rule:
    def activation(taken: Taken) -> Working:
        x = float(taken.numbers(taken.raw()[taken.index]))
        arguments = {name: taken.argument(name, default) for name, default in formula.arguments.items()}
        if formula is FORMULAS["prelu"]:
            slopes = taken.numbers(taken.argument("weight")).reshape(-1)
            arguments["slope"] = float(slopes[taken.index[0] if len(slopes) > 1 else 0])
        y = x if math.isnan(x) else formula.function(x, *arguments.values())
        steps = (Step(_("x, the number that comes in"), x), Step(formula.text.format(**arguments), y))
        return Working("formula", y, max(abs(x), abs(y)), steps, curve=_curve(formula, arguments, x))

    return activation


def _curve(formula: Formula, arguments: Mapping[str, Any], x: float) -> tuple[tuple[float, float], ...]:
    if not math.isfinite(x) or formula.is_steep:
        return ()
    reach = max(4.0, 1.2 * abs(x))
    places = (reach * (2 * step / _SAMPLES - 1) for step in range(_SAMPLES + 1))
    return tuple((place, formula.function(place, *arguments.values())) for place in places)


RULES: dict[str, Rule] = {function: _rule(formula) for function, formula in FORMULAS.items()}
