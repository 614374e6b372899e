"""A network for one question: hooks, gradients and changes of it don't touch the module that others ask."""

import copy
from typing import Any

from torch import nn


def independent(module: nn.Module) -> nn.Module:
    """A copy of `module` in evaluation mode, without hooks, whose tensors are float32 and share the same memory.

    Tensors of another type are copied. Whoever replaces a tensor of `module` meanwhile leaves the copy as it was.
    """
    shared: dict[int, Any] = {}
    for tensor in (*module.parameters(), *module.buffers()):
        alias = tensor.detach()
        alias = alias.float() if alias.is_floating_point() else alias
        if alias.is_inference():  # autograd refuses those
            alias = alias.clone()
        is_parameter = isinstance(tensor, nn.Parameter)
        shared[id(tensor)] = nn.Parameter(alias, requires_grad=False) if is_parameter else alias
    alike = copy.deepcopy(module, shared)
    for part in alike.modules():
        part._forward_hooks.clear()
        part._forward_pre_hooks.clear()
    return alike.eval()
