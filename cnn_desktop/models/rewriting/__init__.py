"""Rewrites of a network that compute the same function in less time; those that learn too hold in training as well."""

import copy
from collections.abc import Callable

import torch
from torch import nn

from cnn_desktop.models.rewriting.folding import fold_batch_norms
from cnn_desktop.models.rewriting.halving import halve_without_indices
from cnn_desktop.models.rewriting.pooling import pool_before_relu


def answering_copy(module: nn.Module, device: torch.device, dtype: torch.dtype) -> nn.Module:
    """`module` in eval mode as it answers fastest on `device`, computing in `dtype`, kernels in channels_last.

    The copy has layers of its own and shares the tensors that needn't change; `module` stays as it is, so that other
    threads may use it meanwhile. It takes and gives `dtype`, and can't be trained.
    """
    copied = _with_same_tensors(module).eval()
    fold_batch_norms(copied)
    pool_before_relu(copied)
    if device.type == "cpu":  # the others' own layer is fast already
        halve_without_indices(copied)
    _convert(copied, lambda tensor: _placed(tensor, device, dtype))
    return copied


def _with_same_tensors(module: nn.Module) -> nn.Module:
    tensors = [*module.parameters(), *module.buffers()]
    return copy.deepcopy(module, {id(tensor): tensor for tensor in tensors})


def _convert(module: nn.Module, convert: Callable[[torch.Tensor], torch.Tensor]) -> None:
    """Put `convert(tensor)` in the place of each tensor; one that is used twice stays one."""
    converted: dict[int, torch.Tensor] = {}
    tensors = [*module.parameters(), *module.buffers()]  # held, so that none's identity goes to another meanwhile
    with torch.no_grad():
        for tensor in tensors:
            converted[id(tensor)] = convert(tensor.detach())
    for layer in module.modules():
        for name, parameter in list(layer.named_parameters(recurse=False)):
            setattr(layer, name, nn.Parameter(converted[id(parameter)], requires_grad=False))
        for name, buffer in list(layer.named_buffers(recurse=False)):
            setattr(layer, name, converted[id(buffer)])


def _placed(tensor: torch.Tensor, device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    wanted = dtype if tensor.is_floating_point() else tensor.dtype
    layout = torch.channels_last if tensor.ndim == 4 else torch.preserve_format
    return tensor.to(device, wanted, memory_format=layout)
