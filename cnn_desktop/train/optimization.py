"""Optimizers and learning rate schedules by name."""

import math
from collections.abc import Iterable

import torch
from torch import nn

from cnn_desktop.core.config import Recipe


def make_optimizer(recipe: Recipe, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The recipe's optimizer over those parameters that learn.

    Keras's defaults where a tutorial relied on them: RMSprop decays by 0.9, momentum is Nesterov's nowhere.
    """
    learning = [parameter for parameter in parameters if parameter.requires_grad]
    rate, decay = recipe.learning_rate, recipe.weight_decay
    match recipe.optimizer:
        case "sgd":
            return torch.optim.SGD(learning, rate, momentum=recipe.momentum, weight_decay=decay, fused=True)
        case "adam":
            return torch.optim.Adam(learning, rate, weight_decay=decay, fused=True)
        case "adamw":
            return torch.optim.AdamW(learning, rate, weight_decay=decay, fused=True)
        case "rmsprop":
            return torch.optim.RMSprop(learning, rate, alpha=0.9, weight_decay=decay)


def learning_rate(recipe: Recipe, step: int, total_steps: int) -> float:
    """The rate for the update that follows `step` done updates, 0 ≤ step < total_steps.

    `one_cycle` after Smith and Topin (2018), with linear legs: from a 25th up to the rate over the first 30 %, then
    down to nearly zero. `cosine` after Loshchilov and Hutter (2017), without restarts.
    """
    progress = step / max(1, total_steps)
    match recipe.schedule:
        case "constant":
            factor = 1.0
        case "step":
            factor = 0.1 ** min(2, int(3 * progress))
        case "cosine":
            factor = 0.5 * (1 + math.cos(math.pi * progress))
        case "one_cycle":
            factor = 0.04 + 0.96 * progress / 0.3 if progress < 0.3 else (1 - progress) / 0.7
    return recipe.learning_rate * factor


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Use `rate` from the next update on."""
    for group in optimizer.param_groups:
        group["lr"] = rate
