import torch
from torch import nn

from cnn_desktop.train.averaging import WeightAverage


def _net() -> nn.Sequential:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    return net.to(memory_format=torch.channels_last)


def test_the_average_follows_weights_and_statistics() -> None:
    net = _net()
    average = WeightAverage(net, decay=0.5)
    expected = {name: tensor.clone() for name, tensor in net.state_dict().items() if tensor.is_floating_point()}
    for step in range(1, 40):
        with torch.no_grad():
            net[0].weight.add_(0.1)
        net(torch.randn(4, 1, 5, 5))
        average.update(step)
        decay = min(0.5, (1 + step) / (10 + step))
        for name, tensor in expected.items():
            tensor.lerp_(net.state_dict()[name], 1 - decay)
    for name, tensor in average.tensors().items():
        torch.testing.assert_close(tensor, expected[name])
    assert not torch.equal(expected["1.running_var"], net[1].running_var)


def test_the_module_has_the_average_within_the_block_only() -> None:
    net = _net()
    average = WeightAverage(net, decay=0.9)
    before = net[0].weight.detach().clone()
    with torch.no_grad():
        net[0].weight.add_(1)
    with average.in_place():
        assert torch.equal(net[0].weight, before)
    assert torch.equal(net[0].weight, before + 1)
    assert torch.equal(average.tensors()["0.weight"], before)


def test_it_goes_on_from_what_was_kept() -> None:
    net = _net()
    first, second = WeightAverage(net, 0.9), WeightAverage(net, 0.9)
    with torch.no_grad():
        net[0].weight.add_(1)
    first.update(1)
    second.load({name: tensor.clone() for name, tensor in first.tensors().items()})
    assert all(torch.equal(tensor, second.tensors()[name]) for name, tensor in first.tensors().items())


def test_it_follows_a_module_that_moved() -> None:
    net = _net()
    average = WeightAverage(net, decay=0.5)
    net._apply(lambda tensor: tensor.clone())  # what a move to another device and back does to statistics
    average.move_to(torch.device("cpu"))
    net(torch.randn(4, 1, 5, 5) + 100)
    before = average.tensors()["1.running_mean"].clone()
    average.update(1)
    assert not torch.equal(average.tensors()["1.running_mean"], before)
