import threading

import pytest
import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.explain.activations import as_maps, feature_maps
from cnn_desktop.explain.filters import filters


class Residual(nn.Module):
    """A block with an in-place ReLU that is used twice, as in torchvision's ResNets."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.unused = nn.Conv2d(4, 4, 1)
        self.head = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.relu(self.bn1(self.conv1(x)))
        return self.head(self.relu(self.conv2(first) + first).mean(dim=(2, 3)))


@pytest.fixture
def module() -> Residual:
    torch.manual_seed(0)
    return Residual()


@pytest.fixture
def batch() -> torch.Tensor:
    return torch.randn(1, 3, 6, 5, generator=torch.Generator().manual_seed(1))


def test_maps_are_what_each_layer_returned_although_the_next_works_in_place(
    module: Residual, batch: torch.Tensor
) -> None:
    maps = feature_maps(module, batch, ["conv1", "bn1", "conv2", "head"])
    module.eval()
    with torch.no_grad():
        conv1 = module.conv1(batch)
        bn1 = module.bn1(conv1)
        first = bn1.relu()
        conv2 = module.conv2(first)
        head = module.head((conv2 + first).relu().mean(dim=(2, 3)))
    assert list(maps) == ["conv1", "bn1", "conv2", "head"]
    for name, expected in {"conv1": conv1, "bn1": bn1, "conv2": conv2, "head": head}.items():
        assert torch.equal(maps[name], expected), name
    assert maps["bn1"].min() < 0


def test_a_layer_used_twice_gives_its_last_output(module: Residual, batch: torch.Tensor) -> None:
    maps = feature_maps(module, batch, ["conv1", "bn1", "conv2", "relu"])
    assert torch.equal(maps["relu"], (maps["conv2"] + maps["bn1"].relu()).relu())


def test_the_module_is_left_as_it_was(module: Residual, batch: torch.Tensor) -> None:
    module.train()
    module.bn1.eval()
    before = module.bn1.running_mean.clone()
    feature_maps(module, batch, ["conv1", "relu"])
    assert module.training
    assert not module.bn1.training
    assert torch.equal(module.bn1.running_mean, before)
    assert not any(part._forward_hooks for part in module.modules())


def test_hooks_and_modes_are_restored_when_the_forward_pass_fails(module: Residual) -> None:
    module.train()
    with pytest.raises(RuntimeError):
        feature_maps(module, torch.zeros(1, 7, 4, 4), ["conv1"])
    assert module.training
    assert not any(part._forward_hooks for part in module.modules())


def test_names_that_are_not_there_say_which_are_near(module: Residual, batch: torch.Tensor) -> None:
    with pytest.raises(ModelError, match="did you mean conv2, conv1"):
        feature_maps(module, batch, ["convl"])
    with pytest.raises(ModelError, match="there are conv1, bn1"):
        feature_maps(module, batch, ["zzzz"])
    with pytest.raises(ModelError, match="“unused” but did not use it"):
        feature_maps(module, batch, ["conv1", "unused"])


def test_two_threads_on_one_module_each_get_their_own_picture(module: Residual) -> None:
    """The first thread is held in the middle of its forward pass while the second runs its whole one."""
    inside, go_on = threading.Event(), threading.Event()
    dark, light = torch.zeros(1, 3, 6, 5), torch.ones(1, 3, 6, 5)
    answers: dict[str, torch.Tensor] = {}

    def ask_for_dark() -> None:
        answers["dark"] = feature_maps(module, dark, ["conv1", "conv2"])["conv1"]

    thread = threading.Thread(target=ask_for_dark)

    def hold(_module: nn.Module, _inputs: tuple[torch.Tensor]) -> None:
        if threading.current_thread() is thread:
            inside.set()
            go_on.wait(10)

    module.conv2.register_forward_pre_hook(hold)
    thread.start()
    assert inside.wait(10)
    answers["light"] = feature_maps(module, light, ["conv1"])["conv1"]
    go_on.set()
    thread.join()
    with torch.no_grad():
        assert torch.equal(answers["light"], module.conv1(light))
        assert torch.equal(answers["dark"], module.conv1(dark))


def test_every_kind_of_output_becomes_maps() -> None:
    conv = nn.Conv2d(1, 1, 1)
    assert as_maps(torch.arange(24.0).reshape(1, 2, 3, 4), conv).shape == (2, 3, 4)
    assert as_maps(torch.zeros(1, 10), nn.Linear(1, 1)).shape == (10, 1, 1)
    inside_convnext = torch.arange(24.0).reshape(1, 2, 3, 4)
    turned = as_maps(inside_convnext, nn.Linear(1, 1))
    assert turned.shape == (4, 2, 3)
    assert turned[1, 0, 2] == inside_convnext[0, 0, 2, 1]


def test_filters_are_the_weights_of_convolutions_only(module: Residual) -> None:
    weights = filters(module, "conv1")
    assert weights is not None
    assert weights.shape == (4, 3, 3, 3)
    assert weights.tolist() == module.conv1.weight.tolist()
    weights[:] = 0
    assert module.conv1.weight.abs().sum() > 0  # a copy, not the network's own memory
    assert filters(module, "relu") is None
    assert filters(module, "head") is None
