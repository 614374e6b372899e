import copy

import pytest
import torch
from torch import nn

from cnn_desktop.models.archs import architectures
from cnn_desktop.models.rewriting.pooling import pool_before_relu


@pytest.mark.parametrize("name", ["mnist_cnn", "mnist_deep", "cifar_tf", "cats_dogs", "vgg16"])
def test_outputs_gradients_and_names_stay(name: str) -> None:
    torch.manual_seed(0)
    side = max(16, architectures[name].min_size)
    plain = architectures[name].build(3, 3, (side, side)).eval()
    fast = copy.deepcopy(plain)
    pool_before_relu(fast)
    kinds = [[type(layer) for layer in module.modules()] for module in (plain, fast)]
    assert kinds[0] != kinds[1], "nothing was rewritten"
    # Whole numbers make ties, among them zeros, as flat regions of real pictures do.
    batch = torch.randint(-2, 3, (4, 3, side, side)).float()
    outputs = [module(batch) for module in (plain, fast)]
    assert torch.equal(outputs[0], outputs[1])
    ours, theirs = dict(plain.named_parameters()), dict(fast.named_parameters())
    assert ours.keys() == theirs.keys()
    expected, found = (
        torch.autograd.grad(output.square().sum(), list(parameters.values()))
        for output, parameters in zip(outputs, (ours, theirs), strict=True)
    )
    assert all(torch.equal(first, second) for first, second in zip(expected, found, strict=True))


def test_overlapping_and_padded_pools() -> None:
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1))
    fast = copy.deepcopy(plain)
    pool_before_relu(fast)
    batch = torch.randn(2, 1, 9, 9)
    assert torch.equal(plain(batch), fast(batch))


def test_other_sequences_stay() -> None:
    net = nn.Sequential(nn.MaxPool2d(2), nn.ReLU(), nn.BatchNorm2d(3), nn.MaxPool2d(2))
    pool_before_relu(net)
    assert [type(layer) for layer in net] == [nn.MaxPool2d, nn.ReLU, nn.BatchNorm2d, nn.MaxPool2d]
