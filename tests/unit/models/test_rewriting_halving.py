import copy

import pytest
import torch
from torch import nn

from cnn_desktop.models.rewriting.halving import HalvingPool2d, halve_without_indices


def _maps(*shape: int, dtype: torch.dtype = torch.bfloat16) -> torch.Tensor:
    """Whole numbers make ties, among them zeros, as flat regions of real pictures do."""
    maps = torch.randint(-2, 3, shape).to(dtype).contiguous(memory_format=torch.channels_last)
    return maps.requires_grad_()


@pytest.mark.parametrize("shape", [(4, 8, 6, 10), (1, 1, 2, 2), (2, 33, 4, 2), (3, 5, 7, 8)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_values_and_gradients_stay(shape: tuple[int, ...], dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    plain = nn.Sequential(nn.MaxPool2d(2), nn.ReLU(inplace=True))
    fast = copy.deepcopy(plain)
    halve_without_indices(fast)
    assert type(fast[0]) is HalvingPool2d
    maps = _maps(*shape, dtype=dtype)
    outputs = [module(maps) for module in (plain, fast)]
    assert torch.equal(*outputs)
    assert outputs[1].is_contiguous(memory_format=torch.channels_last)
    gradient = torch.randn_like(outputs[0])
    assert torch.equal(*(torch.autograd.grad(output, maps, gradient)[0] for output in outputs))


def test_no_index_is_kept_for_a_gradient() -> None:
    kept: list[torch.dtype] = []
    fast = nn.Sequential(nn.MaxPool2d(2))
    halve_without_indices(fast)
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: kept.append(tensor.dtype) or tensor, lambda it: it):
        fast(_maps(2, 3, 4, 4))
    assert kept == [torch.bfloat16, torch.bfloat16]


def test_maps_in_the_usual_layout_and_gradients_of_any_layout() -> None:
    torch.manual_seed(0)
    fast = nn.Sequential(nn.MaxPool2d(2))
    halve_without_indices(fast)
    maps = _maps(2, 3, 8, 8)
    gradient = torch.randn(2, 3, 4, 4).bfloat16()
    expected = torch.autograd.grad(nn.functional.max_pool2d(maps, 2), maps, gradient)[0]
    assert torch.equal(torch.autograd.grad(fast(maps), maps, gradient)[0], expected)
    usual = maps.detach().contiguous().requires_grad_()
    assert torch.equal(torch.autograd.grad(fast(usual), usual, gradient)[0], expected)


def test_other_pools_stay() -> None:
    pools = nn.Sequential(
        nn.MaxPool2d(3),
        nn.MaxPool2d(2, 1),
        nn.MaxPool2d(2, padding=1),
        nn.MaxPool2d(2, dilation=2),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.MaxPool2d(2, return_indices=True),
        nn.AvgPool2d(2),
    )
    kinds = [type(layer) for layer in pools]
    halve_without_indices(pools)
    # Rounding up changes nothing where sides are even.
    assert [type(layer) for layer in pools] == [*kinds[:4], HalvingPool2d, *kinds[5:]]


def test_values_stay_where_nothing_is_to_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    fast = nn.Sequential(nn.MaxPool2d(2)).eval()
    halve_without_indices(fast)
    maps = _maps(3, 5, 6, 8).detach()
    expected = nn.functional.max_pool2d(maps, 2)
    monkeypatch.setattr(nn.MaxPool2d, "forward", lambda *_arguments: pytest.fail("the slow way was taken"))
    with torch.inference_mode():
        assert torch.equal(fast(maps), expected)
