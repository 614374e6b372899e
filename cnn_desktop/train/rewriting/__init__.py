"""Rewrites of a network for training that compute the same function, and the same gradients, in less time."""

import torch
from torch import nn

from cnn_desktop.models.rewriting.flattening import flatten_both_ways
from cnn_desktop.models.rewriting.halving import halve_without_indices
from cnn_desktop.models.rewriting.pooling import pool_before_relu
from cnn_desktop.train.rewriting.dropout import drop_by_random_bits

__all__ = ["drop_by_random_bits", "speed_up"]


def speed_up(module: nn.Module, device: torch.device) -> None:
    """Rewrite `module` in place for training on `device`; names and values stay.

    Nothing of it reaches a file: checkpoints and models hold weights only, and a network is built anew around them. In
    evaluation mode the layers compute what they did.
    """
    pool_before_relu(module)
    if device.type == "cpu":  # the others' own layers are fast already
        drop_by_random_bits(module)
        halve_without_indices(module)
        flatten_both_ways(module)
