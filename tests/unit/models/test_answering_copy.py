"""The copy of a network that answers: the same answers, in less time."""

import copy

import pytest
import torch
from torch import nn

from cnn_desktop.models.archs import architectures
from cnn_desktop.models.rewriting import answering_copy
from cnn_desktop.models.rewriting.folding import fold_batch_norms
from cnn_desktop.models.rewriting.halving import HalvingPool2d

CPU = torch.device("cpu")


def trained(name: str) -> nn.Module:
    """A network whose batch norms do something."""
    torch.manual_seed(0)
    side = max(32, architectures[name].min_size)
    module = architectures[name].build(5, 3, (side, side)).eval()
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, nn.BatchNorm2d):
                nn.init.uniform_(layer.weight, 0.5, 1.5) if layer.weight is not None else None
                layer.bias.uniform_(-0.5, 0.5) if layer.bias is not None else None
                if layer.running_mean is not None and layer.running_var is not None:
                    layer.running_mean.uniform_(-0.5, 0.5)
                    layer.running_var.uniform_(0.5, 2)
    return module


def pictures(name: str) -> torch.Tensor:
    side = max(32, architectures[name].min_size)
    return torch.randn(3, 3, side, side, generator=torch.Generator().manual_seed(1)).contiguous(
        memory_format=torch.channels_last
    )


@pytest.mark.parametrize("name", architectures)
def test_answers_are_the_same_up_to_the_last_bits_and_near_them_in_bf16(name: str) -> None:
    module, batch = trained(name), pictures(name)
    with torch.inference_mode():
        expected = module(batch)
        spread = float(expected.max() - expected.min())
        exact = answering_copy(module, CPU, torch.float32)(batch)
        rounded = answering_copy(module, CPU, torch.bfloat16)(batch.bfloat16())
    assert (exact - expected).abs().max() <= 1e-5 * spread
    assert rounded.dtype == torch.bfloat16
    assert (rounded.float() - expected).abs().max() <= 0.15 * spread


def test_what_is_faster_is_in_it() -> None:
    kinds = [type(layer) for layer in answering_copy(trained("vgg16"), CPU, torch.bfloat16).features]  # pyright: ignore[reportArgumentType, reportGeneralTypeIssues]
    assert HalvingPool2d in kinds
    assert kinds.index(nn.ReLU, 2) > kinds.index(HalvingPool2d), "the second ReLU handles what is pooled"
    folded = list(answering_copy(trained("mobilenet_v2"), CPU, torch.float32).modules())
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in folded)
    kernels = [layer.weight for layer in folded if type(layer) is nn.Conv2d]
    assert all(kernel.is_contiguous(memory_format=torch.channels_last) for kernel in kernels)


def test_it_is_made_of_a_network_in_training_mode_too() -> None:
    module = trained("mobilenet_v2").train()
    answering = answering_copy(module, CPU, torch.float32)
    assert not answering.training
    assert module.training
    assert all(layer.training for layer in module.modules())


def test_tied_weights_stay_tied() -> None:
    first, second = nn.Linear(4, 4), nn.Linear(4, 4)
    second.weight = first.weight
    answering = answering_copy(nn.Sequential(first, second), CPU, torch.bfloat16)
    assert answering.get_submodule("0").weight is not first.weight
    left, right = (answering.get_submodule(name).weight.data_ptr() for name in "01")  # pyright: ignore[reportCallIssue]
    assert left == right


class Crossed(nn.Sequential):
    """Looks like a sequence and is none."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 - torch's name for it
        between = self[0](input)
        return self[1](between) + between


@pytest.mark.parametrize(
    "network",
    [
        nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.BatchNorm2d(4)),
        nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, track_running_stats=False)),
        Crossed(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)),
    ],
)
def test_only_what_nothing_else_takes_is_folded(network: nn.Sequential) -> None:
    network.eval()
    before = str(network)
    fold_batch_norms(network)
    assert str(network) == before


def test_folding_holds_without_biases_and_scales() -> None:
    torch.manual_seed(0)
    norm = nn.BatchNorm2d(4, affine=False)
    network = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), norm).eval()
    norm.get_buffer("running_mean").uniform_(-1, 1)
    norm.get_buffer("running_var").uniform_(0.5, 2)
    folded = copy.deepcopy(network)
    fold_batch_norms(folded)
    batch = torch.randn(2, 3, 8, 8)
    assert isinstance(folded[1], nn.Identity)
    assert torch.allclose(folded(batch), network(batch), atol=1e-6)
