import copy

import pytest
import torch
from torch import nn

from cnn_desktop.models.rewriting.flattening import flatten_both_ways


def _net() -> nn.Sequential:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 4 * 6, 5))
    return net.to(memory_format=torch.channels_last)


def _gradients(net: nn.Sequential, batch: torch.Tensor) -> list[torch.Tensor]:
    net(batch).square().sum().backward()
    return [parameter.grad for parameter in net.parameters() if parameter.grad is not None]


def test_outputs_and_gradients_stay() -> None:
    plain = _net()
    fast = copy.deepcopy(plain)
    flatten_both_ways(fast)
    batch = torch.randn(7, 3, 6, 8).contiguous(memory_format=torch.channels_last)
    assert torch.equal(plain(batch), fast(batch))
    before, after = _gradients(plain, batch), _gradients(fast, batch)
    assert len(before) == 4 and all(torch.equal(*pair) for pair in zip(before, after, strict=True))
    assert list(plain.state_dict()) == list(fast.state_dict())


def test_the_gradient_lies_as_the_maps_do() -> None:
    maps = torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last).requires_grad_()
    seen: list[bool] = []
    net = nn.Sequential(nn.Identity(), nn.Flatten())
    flatten_both_ways(net)
    hidden = maps * 1
    hidden.register_hook(lambda gradient: seen.append(gradient.is_contiguous(memory_format=torch.channels_last)))
    net(hidden).square().sum().backward()
    assert seen == [True]


@pytest.mark.parametrize("batch", [torch.randn(2, 3, 4, 5), torch.randn(2, 6)])
def test_others_take_the_usual_way(batch: torch.Tensor) -> None:
    net = nn.Sequential(nn.Flatten())
    flatten_both_ways(net)
    assert torch.equal(net(batch), batch.flatten(1))
