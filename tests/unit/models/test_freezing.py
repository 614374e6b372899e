"""Frozen layers stay bit for bit what they were, their batch norms' statistics too."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from cnn_desktop.core.errors import ModelError
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.layers import freezable, freeze_first


def _train(module: nn.Module, side: int, steps: int = 2) -> None:
    learning = [parameter for parameter in module.parameters() if parameter.requires_grad]
    # Decay and momentum would move what is only left without a gradient of its own.
    optimizer = torch.optim.SGD(learning, lr=0.1, momentum=0.9, weight_decay=0.1)
    module.train()
    for _step in range(steps):
        optimizer.zero_grad()
        functional.cross_entropy(module(torch.rand(4, 3, side, side)), torch.tensor([0, 1, 2, 0])).backward()
        optimizer.step()


def _state(module: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def test_counts_what_a_person_counts() -> None:
    with torch.device("meta"):
        vgg16 = build("vgg16", 10, 3, (64, 64))
    assert len(freezable(vgg16)) == 16
    assert freezable(build("cifar_vgg6", 10, 3, (32, 32))) == [*(f"conv{n}" for n in range(1, 7)), "dense1", "dense2"]


@pytest.mark.parametrize("name", ["cifar_vgg6", "resnet9", "resnet18", "mobilenet_v3_small", "convnext_tiny"])
def test_frozen_weights_and_statistics_are_bit_unchanged_by_training(name: str) -> None:
    torch.manual_seed(0)
    module = build(name, 3, 3, (32, 32))
    count = len(freezable(module)) // 2
    boundary = freezable(module)[count]
    freeze_first(module, count)
    before = _state(module)
    _train(module, 32)
    frozen = [
        f"{layer_name}.{parameter_name}"
        for layer_name, layer in module.named_modules()
        for parameter_name, parameter in layer.named_parameters(recurse=False)
        if not parameter.requires_grad
    ]
    first_half = [f"{layer}.weight" for layer in freezable(module)[:count]]
    assert set(first_half) <= set(frozen)
    assert f"{boundary}.weight" not in frozen
    norms = {name.rpartition(".")[0] for name in frozen}
    for tensor_name, tensor in module.state_dict().items():
        if tensor_name in frozen or tensor_name.rpartition(".")[0] in norms:
            assert tensor.equal(before[tensor_name]), tensor_name
    assert not module.get_submodule(boundary).weight.equal(before[f"{boundary}.weight"])


def test_batch_norm_belongs_to_the_layer_before_it() -> None:
    module = build("cifar_vgg6", 3, 3, (32, 32))
    freeze_first(module, 2)
    module.train()
    assert [module.get_submodule(f"bn{n}").training for n in (1, 2, 3)] == [False, False, True]
    assert [module.get_submodule(f"bn{n}").weight.requires_grad for n in (1, 2, 3)] == [False, False, True]


def test_statistics_of_the_rest_still_move() -> None:
    module = build("cifar_vgg6", 3, 3, (32, 32))
    freeze_first(module, 2)
    before = _state(module)
    _train(module, 32, steps=1)
    assert module.state_dict()["bn2.running_mean"].equal(before["bn2.running_mean"])
    assert not module.state_dict()["bn3.running_mean"].equal(before["bn3.running_mean"])


def test_copies_stay_frozen() -> None:
    module = build("cifar_vgg6", 3, 3, (32, 32))
    freeze_first(module, 1)
    copied = copy.deepcopy(module).train()
    assert not copied.get_submodule("bn1").training
    assert not copied.get_submodule("conv1").weight.requires_grad
    assert list(copied.state_dict()) == list(build("cifar_vgg6", 3, 3, (32, 32)).state_dict())


def test_what_a_block_holds_itself_is_frozen_with_its_last_layer() -> None:
    module = build("convnext_tiny", 3, 3, (32, 32))
    names = freezable(module)
    freeze_first(module, names.index("features.1.0.block.5"))
    assert module.get_submodule("features.1.0").layer_scale.requires_grad
    freeze_first(module, names.index("features.1.0.block.5") + 1)
    assert not module.get_submodule("features.1.0").layer_scale.requires_grad


def test_none_frozen_changes_nothing() -> None:
    module = build("cifar_vgg6", 3, 3, (32, 32))
    freeze_first(module, 0)
    assert all(parameter.requires_grad for parameter in module.parameters())


@pytest.mark.parametrize("more", [0, 1, 50])
def test_refuses_to_freeze_everything(more: int) -> None:
    module = build("mnist_cnn", 3, 3, (32, 32))
    with pytest.raises(ModelError, match="freeze 2 at most"):
        freeze_first(module, 3 + more)
    assert all(parameter.requires_grad for parameter in module.parameters()), "nothing was frozen on the way"


def test_every_architecture_can_be_frozen_up_to_its_head() -> None:
    for name in architectures:
        with torch.device("meta"):
            module = build(name, 3, 3, (64, 64))
        freeze_first(module, len(freezable(module)) - 1)
        learning = [parameter for parameter in module.parameters() if parameter.requires_grad]
        assert learning, name
        assert module.get_submodule(architectures[name].head).weight.requires_grad, name
