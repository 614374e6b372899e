"""What is recorded of networks that do more than call one layer after the other."""

import threading

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.explain.recording import INPUT, Recording, Window, record


def batch(channels: int = 3, side: int = 6) -> torch.Tensor:
    return torch.randn(1, channels, side, side, generator=torch.Generator().manual_seed(1))


class Residual(nn.Module):
    """A block with an in-place ReLU that is used twice, as in torchvision's ResNets."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.drop = nn.Dropout()
        self.head = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.relu(self.bn1(self.conv1(x)))
        out = self.conv2(first)
        out += first
        return self.head(self.drop(self.relu(out).mean((2, 3))))


class Functional(nn.Module):
    """Layers without modules, and parts of the data that go different ways."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 2, 3, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = F.relu(F.conv2d(x, self.weight, stride=2, padding=1))
        left, right = maps.chunk(2, dim=1)
        whole = torch.cat((left * torch.sigmoid(right), 1 - right), 1)
        whole = F.max_pool2d(whole + torch.ones_like(whole), (2, 1)) / 2
        return F.softmax(F.adaptive_avg_pool2d(F.dropout(whole, 0.5, self.training), 1).flatten(1), dim=1)


def plain(module: nn.Module, given: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return module(given.clone())[0]


def steps(recording: Recording) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(found.name, found.kind, found.inputs) for found in recording.operations.values() if found.is_layer]


def test_each_use_of_a_module_and_each_sum_is_an_operation() -> None:
    module = Residual().eval()
    recording = record(module, batch())
    assert steps(recording) == [
        ("conv1", "conv", (INPUT,)),
        ("bn1", "batch norm", ("conv1",)),
        ("relu", "relu", ("bn1",)),
        ("conv2", "conv", ("relu",)),
        ("sum", "sum", ("conv2", "relu")),
        ("relu (2)", "relu", ("sum",)),
        ("mean", "mean", ("relu (2)",)),
        ("drop", "dropout", ("mean",)),
        ("head", "dense", ("drop",)),
        ("softmax", "softmax", ("head",)),
    ]
    assert [recording.operations[name].use for name in ("relu", "relu (2)")] == [1, 2]
    assert recording.maps("bn1").min() < 0, "the in-place ReLU after it changed nothing"
    assert recording.maps("sum").min() < 0
    assert torch.equal(recording.taken("sum"), recording.taken("conv2") + recording.taken("relu"))
    assert torch.equal(recording.logits, plain(module, batch()))
    assert recording.operations["conv1"].parameters == 4 * 3 * 9 + 4
    assert recording.operations["sum"].shape == (4, 6, 6)


def test_functions_are_operations_with_their_arguments() -> None:
    module = Functional().eval()
    recording = record(module, batch(2, 8))
    names = [name for name, _kind, _inputs in steps(recording)]
    assert names == [
        "conv",
        "relu",
        "sigmoid",
        "mul",
        "rsub",
        "cat",
        "sum",
        "pool",
        "div",
        "pool (2)",
        "flatten",
        "softmax",
    ]
    found = recording.operations
    assert found["conv"].arguments["weight"].data_ptr() == module.weight.data_ptr(), "the network's own memory"
    assert found["conv"].window == Window((3, 3), (2, 2), (1, 1), (1, 1))
    assert found["conv"].parameters == module.weight.numel()
    assert found["pool"].window == Window((2, 1), (2, 1), (1, 1), (0, 0))
    assert found["mul"].inputs == ("chunk", "sigmoid")
    assert found["cat"].arguments == {"tensors": ("mul", "rsub"), "dim": 1}
    assert found["rsub"].arguments["other"] == 1
    assert found["sum"].inputs == ("cat",), "the ones that are added are no step of the picture's way"
    assert found["div"].arguments == {"input": "pool", "other": 2}
    assert not found["dropout"].is_layer
    assert [name for name in found if "softmax" in name] == ["softmax"], "it ends in one already"
    assert torch.equal(recording.probabilities, plain(module, batch(2, 8)))


def test_the_softmax_at_the_end_knows_the_temperature() -> None:
    module = Residual().eval()
    recording = record(module, batch(), temperature=2.5)
    assert torch.equal(recording.probabilities, (plain(module, batch()) / 2.5).softmax(0))
    assert recording.operations["softmax"].arguments == {"input": "head", "dim": 1, "temperature": 2.5}


@torch.library.custom_op("cnn_desktop_tests::triple", mutates_args=("maps",))
def triple(maps: torch.Tensor) -> None:
    maps.mul_(3)


class Overwriting(nn.Module):
    """Ways to change a tensor that somebody else still holds."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way
        self.conv = nn.Conv2d(3, 4, 3)
        self.head = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = self.conv(x)
        kept = maps
        match self.way:
            case "in place, held by another name":
                F.relu(maps, inplace=True)
            case "a part of it":
                maps[:, :2].mul_(3)
            case "by an assignment":
                maps[:, 1:] = -1.5
            case "through a view":
                maps.view(-1).clamp_(min=0)
            case "the picture itself":
                x *= 2
                kept = kept + x.mean()
            case "by code that torch doesn't show":
                triple(maps)
            case "out=":
                torch.mul(maps, 2, out=maps)
        return self.head((kept + 1).amax((2, 3)))


@pytest.mark.parametrize(
    "way",
    [
        "in place, held by another name",
        "a part of it",
        "by an assignment",
        "through a view",
        "the picture itself",
        "by code that torch doesn't show",
        "out=",
    ],
)
def test_what_is_overwritten_later_is_shown_as_it_was(way: str) -> None:
    module = Overwriting(way).eval()
    given = batch()
    recording = record(module, given)
    assert torch.equal(given, batch()), "the caller's picture is left alone"
    with torch.no_grad():
        assert torch.equal(recording.operations["conv"].output, module.conv(given))
    assert torch.equal(recording.input, given)
    assert torch.equal(recording.logits, plain(module, given))
    (last,) = recording.operations["amax"].inputs
    changed = recording.operations[last].inputs[0]
    assert recording.operations[changed].shape == recording.operations["conv"].shape
    assert (changed != "conv") == (way != "by code that torch doesn't show"), "what follows takes what was changed"


class Attending(nn.Module):
    """Tokens that look at each other, as in a transformer."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 2, stride=2)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        tokens = self.patches(x).flatten(2).transpose(1, 2)
        looked, _weights = self.attention(tokens, tokens, tokens)
        return self.head(looked.mean(1))


def test_attention_is_one_operation_whose_channels_are_maps() -> None:
    module = Attending().eval()
    recording = record(module, batch())
    assert [name for name, _kind, _inputs in steps(recording)] == [
        "patches",
        "flatten",
        "attention",
        "mean",
        "head",
        "softmax",
    ]
    attention = recording.operations["attention"]
    assert attention.map_shape == (8, 1, 9)
    assert attention.parameters == sum(parameter.numel() for parameter in module.attention.parameters())
    tokens = recording.operations["patches"].output[0].flatten(1)
    assert recording.maps("flatten").tolist() == tokens.reshape(8, 1, 9).tolist()
    with torch.no_grad():
        looked, _weights = module.attention(tokens.T[None], tokens.T[None], tokens.T[None])
    assert recording.maps("attention")[:, 0] == pytest.approx(looked[0].T.numpy(), abs=1e-6)
    assert torch.equal(recording.logits, plain(module, batch()))


def test_a_network_without_one_number_a_class_is_refused() -> None:
    with pytest.raises(ModelError, match="one number a class"):
        record(nn.Conv2d(3, 3, 1), batch())


def test_unknown_names_say_which_are_near() -> None:
    recording = record(nn.Sequential(nn.Sequential(nn.Conv2d(3, 2, 1), nn.ReLU()), nn.Flatten()), batch())
    assert recording.operation("0").name == "0.1"
    with pytest.raises(ModelError, match=r"did you mean 0\.0"):
        recording.operation("0.00")
    with pytest.raises(ModelError, match=r"there are 0\.0, 0\.1"):
        recording.maps("zzzz")


def test_the_module_may_be_trained_by_another_thread_meanwhile() -> None:
    """It is stopped in the middle of a step, in training mode, while a picture is recorded."""
    module = Residual().train()
    inside, go_on = threading.Event(), threading.Event()

    def hold(_module: nn.Module, _inputs: object, _output: object) -> None:
        if threading.current_thread() is thread:
            inside.set()
            assert go_on.wait(10)

    def step() -> None:
        module(torch.cat([batch(), -batch()])).sum().backward()

    module.conv1.register_forward_hook(hold)
    thread = threading.Thread(target=step)
    thread.start()
    assert inside.wait(10)
    before = module.bn1.running_mean.clone()
    recording = record(module, batch())
    assert module.training
    assert torch.equal(module.bn1.running_mean, before)
    go_on.set()
    thread.join()
    assert not torch.equal(module.bn1.running_mean, before), "the step went on to its end"
    assert module.conv1.weight.grad is not None
    assert len(recording.operations) == 10
    assert len(module.conv1._forward_hooks) == 1, "other people's hooks stay"


def test_two_threads_record_two_pictures_with_one_module() -> None:
    module = Residual().eval()
    recordings: dict[float, Recording] = {}

    def ask(value: float) -> None:
        for _time in range(20):
            recordings[value] = record(module, batch() * value)

    threads = [threading.Thread(target=ask, args=(value,)) for value in (1.0, 2.0, 3.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for value, recording in recordings.items():
        assert torch.equal(recording.logits, plain(module, batch() * value))
        assert torch.equal(recording.input, batch() * value)
