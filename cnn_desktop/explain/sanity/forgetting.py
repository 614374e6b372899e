"""A network forgets what it learned, layer by layer from the head down."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.layers import list_layers

_NORMS = (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm)


def cascade(module: nn.Module, size: Preprocessing, most: int) -> list[list[str]]:
    """The names of the layers that have numbers, the last of the network first, in at most `most` steps.

    The first step is the head alone; the others take as many layers as is needed.
    """
    layers = list_layers(module, (size.channels, size.height, size.width))
    names = [layer.name for layer in reversed(layers) if layer.parameters]
    rest, steps = names[1:], min(most - 1, len(names) - 1)
    ends = [round(step * len(rest) / steps) for step in range(steps + 1)] if steps else []
    return [names[:1], *(rest[start:end] for start, end in pairwise(ends))]


def forget(module: nn.Module, layers: Sequence[str], generator: torch.Generator) -> None:
    """Give `layers` of `module` random numbers; the tensors that they had are left as they are.

    Weights are drawn as He et al. (2015) propose, so that signals keep their size; biases become zero; normalising
    layers let everything pass. What is none of these has its own numbers shuffled. Nothing is drawn from torch's
    shared generator.
    """
    for name in layers:
        layer = module.get_submodule(name)
        for own, parameter in list(layer.named_parameters(recurse=False)):
            fresh = _drawn(layer, own, parameter.detach(), generator)
            setattr(layer, own, nn.Parameter(fresh, requires_grad=False))
        for own, buffer in list(layer.named_buffers(recurse=False)):
            if own in ("running_mean", "running_var"):
                setattr(layer, own, torch.full_like(buffer, float(own == "running_var")))


def _drawn(layer: nn.Module, name: str, old: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    if isinstance(layer, _NORMS):
        return torch.full_like(old, float(name == "weight"))
    if name == "bias":
        return torch.zeros_like(old)
    if old.ndim >= 2 and isinstance(layer, nn.Conv2d | nn.Linear):
        fan_in = old[0].numel()
        drawn = torch.randn(old.shape, generator=generator) * (2 / fan_in) ** 0.5
    else:
        drawn = old.flatten().cpu()[torch.randperm(old.numel(), generator=generator)].reshape(old.shape)
    return drawn.to(old)
