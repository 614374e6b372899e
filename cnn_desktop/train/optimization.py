"""Optimizers and learning rate schedules by name."""

import math
from typing import Any

import torch
from torch import nn

from cnn_desktop.core.recipe import Optimizer, Recipe
from cnn_desktop.models.layers import parameter_depths

USUAL_RATES: dict[Optimizer, float] = {"sgd": 0.01, "adam": 1e-3, "adamw": 1e-3, "rmsprop": 1e-3}
"""With which most networks learn something."""

_NORMS = nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm


def make_optimizer(recipe: Recipe, module: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimizer over those parameters of `module` that learn, or will when layers are unfrozen.

    Keras's defaults where a tutorial relied on them: RMSprop decays by 0.9, without momentum.
    """
    groups = _parameter_groups(recipe, module)
    rate = recipe.learning_rate
    match recipe.optimizer:
        case "sgd":
            sgd = torch.optim.SGD(groups, rate, momentum=recipe.momentum, nesterov=_is_nesterov(recipe), fused=True)
            return _with_momentum_at_rest(sgd) if recipe.momentum else sgd
        case "adam":
            return torch.optim.Adam(groups, rate, fused=True)
        case "adamw":
            return torch.optim.AdamW(groups, rate, fused=True)
        case "rmsprop":
            return torch.optim.RMSprop(groups, rate, alpha=0.9)


def learning_rate(recipe: Recipe, step: int, total_steps: int, steps_per_epoch: int) -> float:
    """The rate for the update that follows `step` done updates, 0 ≤ step < total_steps.

    `one_cycle` after Smith and Topin (2018), with linear legs: from a 25th up to the rate over the first 30 %, then
    down to nearly zero. `cosine` after Loshchilov and Hutter (2017), without restarts. A warm-up rises in a straight
    line to where the schedule starts, which then has the remaining steps (Goyal et al. 2017).
    """
    warmup = min(round(recipe.warmup_epochs * steps_per_epoch), total_steps - 1)
    if step < warmup:
        return recipe.learning_rate * _factor(recipe, 0.0) * (step + 1) / (warmup + 1)
    return recipe.learning_rate * _factor(recipe, (step - warmup) / max(1, total_steps - warmup))


def rate_curve(recipe: Recipe, steps_per_epoch: int, points: int = 200) -> list[tuple[float, float]]:
    """The schedule as (epochs done, learning rate), at most `points` of them, evenly spread over the run."""
    total = recipe.steps or recipe.epochs * steps_per_epoch
    count = min(points, total)
    steps = [round(index * (total - 1) / max(1, count - 1)) for index in range(count)]
    return [(step / steps_per_epoch, learning_rate(recipe, step, total, steps_per_epoch)) for step in steps]


def norm_biases(module: nn.Module) -> set[nn.Parameter]:
    """The biases of all norms in `module`."""
    norms = (layer for layer in module.modules() if isinstance(layer, _NORMS))
    return {norm.bias for norm in norms if norm.bias is not None}


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Use `rate` from the next update on, for each group in its own proportion."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["rate_share"]


def current_learning_rate(optimizer: torch.optim.Optimizer) -> float:
    """What was set last."""
    group = optimizer.param_groups[-1]
    return group["lr"] / group["rate_share"]


def _factor(recipe: Recipe, progress: float) -> float:
    match recipe.schedule:
        case "constant":
            return 1.0
        case "step":
            return 0.1 ** min(2, int(3 * progress))
        case "cosine":
            return 0.5 * (1 + math.cos(math.pi * progress))
        case "one_cycle":
            return 0.04 + 0.96 * progress / 0.3 if progress < 0.3 else (1 - progress) / 0.7


def _with_momentum_at_rest(sgd: torch.optim.SGD) -> torch.optim.SGD:
    """Start from a momentum of zero, which is what none means; fused updates can't mix weights with and without one,
    as they meet where layers start to learn later than others.
    """
    for group in sgd.param_groups:
        for parameter in group["params"]:
            sgd.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    return sgd


def _is_nesterov(recipe: Recipe) -> bool:
    return recipe.nesterov and recipe.momentum > 0


def _parameter_groups(recipe: Recipe, module: nn.Module) -> list[dict[str, Any]]:
    """Parameters by their share of the learning rate and their weight decay.

    Biases and norms (all of one dimension) aren't decayed: that would hold back nothing but the scale of what follows.
    Where the biases of norms learn faster, decay keeps them from running away: as fast as that of the weights.
    """
    fast = norm_biases(module) if recipe.norm_bias_rate != 1 else set()
    depths = parameter_depths(module)
    last = max(depth for _parameter, depth in depths)
    groups: dict[tuple[float, float], dict[str, Any]] = {}
    for parameter, depth in depths:
        if not (parameter.requires_grad or recipe.unfreeze_every):
            continue
        share = recipe.layer_decay ** (last - depth)
        decay = recipe.weight_decay if parameter.dim() > 1 else 0.0
        if parameter in fast:
            share, decay = share * recipe.norm_bias_rate, recipe.weight_decay / recipe.norm_bias_rate
        empty: dict[str, Any] = {"params": [], "rate_share": share, "weight_decay": decay}
        groups.setdefault((share, decay), empty)["params"].append(parameter)
    return list(groups.values())
