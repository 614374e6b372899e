"""Registered architectures with values, built in no time."""

import torch
from torch import nn

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.weightless import weightless

NAMES = sorted(architectures)


def side_of(name: str) -> int:
    """Small, and large enough for several cells in the last maps of most."""
    return max(48, architectures[name].min_size)


def unfilled(name: str, classes: int = 3) -> nn.Module:
    """The network `name` for 3×side×side pictures, on the meta device; VGG16 with narrower dense layers."""
    side = side_of(name)
    with weightless():
        module = build(name, classes, 3, (side, side))
        if name == "vgg16":
            module.set_submodule("classifier.0", nn.Linear(25088, 32))
            module.set_submodule("classifier.3", nn.Linear(32, 32))
            module.set_submodule("classifier.6", nn.Linear(32, classes))
    return module


def network(name: str) -> nn.Module:
    """With random numbers that keep the size of what goes through; running statistics are random too."""
    torch.manual_seed(0)
    module = unfilled(name).to_empty(device="cpu").eval()
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            if tensor.ndim > 1:
                tensor.normal_(std=(2 / tensor[0].numel()) ** 0.5)
            elif tensor.is_floating_point():
                tensor.uniform_(0.5, 1.5)
    return module
