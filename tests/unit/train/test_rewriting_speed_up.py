import copy

import pytest
import torch
from torch import nn

from cnn_desktop.models.archs import architectures
from cnn_desktop.models.device import ComputePrecision, autocast
from cnn_desktop.models.rewriting.flattening import TwoWayFlatten
from cnn_desktop.models.rewriting.halving import HalvingPool2d
from cnn_desktop.train.rewriting import speed_up
from cnn_desktop.train.rewriting.dropout import BitDropout

_CPU = torch.device("cpu")


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("name", ["mnist_cnn", "cifar_vgg6", "cifar_tf", "resnet9", "squeezenet1_0"])
def test_a_step_is_the_same(name: str, precision: ComputePrecision) -> None:
    torch.manual_seed(0)
    side = max(16, architectures[name].min_size)
    plain = architectures[name].build(3, 3, (side, side)).to(memory_format=torch.channels_last).train()
    fast = copy.deepcopy(plain)
    speed_up(fast, _CPU)
    for layer in (*plain.modules(), *fast.modules()):
        if isinstance(layer, nn.Dropout):
            layer.eval()  # draws differ
    batch = torch.randn(4, 3, side, side).contiguous(memory_format=torch.channels_last)
    assert plain.state_dict().keys() == fast.state_dict().keys()
    results: list[list[torch.Tensor]] = []
    for module in (plain, fast):
        with autocast(_CPU, precision):
            output = module(batch)
        loss = output.float().square().sum()
        results.append([output, *torch.autograd.grad(loss, list(module.parameters()))])
    assert all(torch.equal(expected, found) for expected, found in zip(*results, strict=True))


def test_each_device_gets_what_is_faster_there() -> None:
    for device, is_cpu in ((_CPU, True), (torch.device("cuda"), False)):
        module = architectures["cifar_vgg6"].build(3, 3, (16, 16))
        speed_up(module, device)
        kinds = {type(layer) for layer in module.modules()}
        assert ({BitDropout, HalvingPool2d, TwoWayFlatten} <= kinds) == is_cpu
        assert (nn.Dropout in kinds) == (nn.MaxPool2d in kinds) == (not is_cpu)
