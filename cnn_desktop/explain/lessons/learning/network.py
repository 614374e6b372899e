"""Two convolutions and a dense layer: enough for digits, small enough to learn on any machine while one watches."""

import math

import torch
from torch import nn
from torch.nn.utils import skip_init


def small_network(side: int, classes: int, seed: int = 0) -> nn.Sequential:
    """A network for grey pictures of `side`×`side`: conv1 (8 filters), conv2 (16 filters), dense.

    Its first weights are torch's usual ones, drawn by a generator of its own: what else the program trains meanwhile
    draws from torch's.
    """
    network = nn.Sequential()
    network.add_module("conv1", skip_init(nn.Conv2d, 1, 8, 3, padding=1))
    network.add_module("relu1", nn.ReLU())
    if side > 8:
        network.add_module("pool1", nn.MaxPool2d(2))
        side //= 2
    network.add_module("conv2", skip_init(nn.Conv2d, 8, 16, 3, padding=1))
    network.add_module("relu2", nn.ReLU())
    network.add_module("pool2", nn.MaxPool2d(2))
    network.add_module("flatten", nn.Flatten())
    network.add_module("dense", skip_init(nn.Linear, 16 * (side // 2) ** 2, classes))
    start_anew(network, seed)
    return network


@torch.no_grad()
def start_anew(module: nn.Module, seed: int) -> None:
    """Draw the weights of every convolution and dense layer of `module` as torch does when it makes them."""
    generator = torch.Generator().manual_seed(seed)
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            reach = 1 / math.sqrt(layer.weight[0].numel())
            for parameter in layer.parameters(recurse=False):
                parameter.uniform_(-reach, reach, generator=generator)
