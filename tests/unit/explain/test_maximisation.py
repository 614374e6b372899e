import numpy as np
import pytest
import torch
from torch import nn

from cnn_desktop.core.errors import CancelledError, ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.explain.maximisation import Rules, Stage, Unit, excitement, maximise, unit_of
from cnn_desktop.explain.maximisation.canvas import Canvas
from cnn_desktop.explain.maximisation.moving import moved
from cnn_desktop.explain.recording import record
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.model import Model
from tests.ui.trained_digits import trained_digits

QUICK = Rules(steps=40)


class Twice(nn.Module):
    """A convolution, then an activation in place that is used twice, then a dense layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, bias=True)
        self.relu = nn.ReLU(inplace=True)
        self.head = nn.Linear(2 * 6 * 6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.relu(self.conv(x))
        return self.head(self.relu(first - 1).flatten(1))


def wrapped(module: nn.Module, side: int = 8, channels: int = 1) -> Model:
    rules = Preprocessing.unit_range(side, side, 1 if channels == 1 else 3)
    return Model("none", module.eval(), ("a", "b", "c"), rules, "Planted")


def planted(bias: float = 0.0) -> Model:
    torch.manual_seed(3)
    module = Twice()
    with torch.no_grad():
        module.conv.bias.fill_(bias)
    return wrapped(module)


def test_the_best_picture_of_a_linear_unit_is_found() -> None:
    torch.manual_seed(0)
    model = wrapped(nn.Sequential(nn.Conv2d(3, 2, 12, bias=False), nn.Flatten()), 12, 3)
    weight = model.module.get_submodule("0").weight[1]
    best = weight.clamp_min(0).sum().item()  # white where the weight is positive, black elsewhere
    plain = maximise(model, Unit("0", 1), Rules(120, robustness=0, smoothness=0, is_plain=True))
    assert 0.9 * best < plain.excitement <= best + 1e-5
    agrees = (plain.pixels > 127) == (weight.detach().numpy() > 0)
    assert agrees.mean() > 0.9
    frequencies = maximise(model, Unit("0", 1), Rules(120, robustness=0, smoothness=0))
    assert 0.6 * best < frequencies.excitement <= best + 1e-5


def test_a_class_picture_excites_the_class_more_than_any_of_the_dataset() -> None:
    model = trained_digits()
    split = open_dataset("digits").splits["test"]
    pixels = torch.from_numpy(np.stack([split.pixels(at, model.preprocessing) for at in range(len(split))]))
    for label in (0, 9):
        found = maximise(model, Unit("", label), Rules(96))
        assert found.excitement > excitement(model, Unit("", label), pixels).max()
        logits = model.module(torch.from_numpy(found.pixels)[None] / 255)
        assert logits.argmax() == label and logits[0, label].item() == pytest.approx(found.excitement, rel=1e-4)


def test_excitement_is_what_a_plain_hook_gives() -> None:
    model = planted()
    pixels = torch.randint(0, 256, (5, 1, 8, 8), dtype=torch.uint8)
    maps = model.module.get_submodule("conv")(pixels / 255)
    assert torch.allclose(excitement(model, Unit("conv", 1), pixels), maps[:, 1].mean(dim=(1, 2)))
    assert torch.allclose(excitement(model, Unit("conv", 0, (2, 4)), pixels), maps[:, 0, 2, 4])
    again = (maps.relu() - 1).relu()
    assert torch.allclose(excitement(model, Unit("relu", 1, use=2), pixels), again[:, 1].mean(dim=(1, 2)))


def test_a_unit_whose_activation_is_flat_at_first_is_excited_all_the_same() -> None:
    model = planted()
    conv = model.module.get_submodule("conv")
    conv.get_parameter("weight").data.abs_()
    conv.get_parameter("bias").data.fill_(-0.9 * conv.get_parameter("weight")[0].sum().item())
    found = maximise(model, Unit("relu", 0), Rules(100, robustness=0, smoothness=0))
    assert found.begin == 0 and found.excitement > 0.02 and not found.is_dead


def test_a_unit_that_nothing_excites_is_called_dead() -> None:
    assert maximise(planted(bias=-100.0), Unit("relu", 0), QUICK).is_dead


def test_one_cell_is_sought_where_it_looks() -> None:
    found = maximise(planted(), Unit("conv", 0, (0, 0)), Rules(100, robustness=0, smoothness=0, is_plain=True))
    away = found.pixels[0, 4:, 4:]
    assert np.ptp(found.pixels[0, :3, :3]) > 100 > np.ptp(away)


def test_the_same_seed_gives_the_same_picture_and_the_model_stays_as_it_was() -> None:
    model = trained_digits()
    before = {name: tensor.clone() for name, tensor in model.module.state_dict().items()}
    first, second = (maximise(model, Unit("conv1", 2), QUICK) for _again in range(2))
    assert np.array_equal(first.pixels, second.pixels)
    other = maximise(model, Unit("conv1", 2), Rules(40, seed=1))
    assert not np.array_equal(first.pixels, other.pixels)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.module.state_dict().items())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in model.module.modules())
    assert all(parameter.grad is None for parameter in model.module.parameters())


def test_pictures_on_the_way_are_shown_and_the_search_can_be_cancelled() -> None:
    stages: list[Stage] = []

    def stop_at_thirty(done: int, _total: int) -> None:
        if done == 30:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        maximise(trained_digits(), Unit("", 3), Rules(96), stop_at_thirty, stages.append)
    assert [stage.step for stage in stages] == list(range(2, 30, 2))
    assert stages[-1].excitement > stages[0].excitement


@pytest.mark.parametrize(
    ("unit", "word"),
    [
        (Unit("conv", 7), "2 channels"),
        (Unit("convolution", 0), "did you mean"),
        (Unit("conv", 0, (6, 0)), "6×6 cells"),
        (Unit("relu", 0, use=3), "did not use"),
    ],
)
def test_what_there_is_not_is_said(unit: Unit, word: str) -> None:
    with pytest.raises(ModelError, match=word):
        maximise(planted(), unit, QUICK)


def test_smoothness_and_robustness_do_what_they_say() -> None:
    model = trained_digits()

    def roughness(rules: Rules) -> float:
        pixels = maximise(model, Unit("", 5), rules).pixels.astype(float)
        return np.abs(np.diff(pixels, axis=2)).mean() + np.abs(np.diff(pixels, axis=1)).mean()

    assert roughness(Rules(96, smoothness=1.0)) < 0.7 * roughness(Rules(96, smoothness=0.0))
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand(1, 3, 20, 20)
    assert moved(picture, 0.0, generator) is picture
    shifted = moved(picture, 1.0, generator)
    assert shifted.shape == picture.shape and not torch.allclose(shifted, picture)


@pytest.mark.parametrize(("channels", "height", "width"), [(1, 28, 28), (3, 9, 14), (3, 8, 7)])
def test_a_canvas_has_the_size_asked_for(channels: int, height: int, width: int) -> None:
    for is_plain in (False, True):
        canvas = Canvas(channels, height, width, torch.Generator().manual_seed(0), is_plain=is_plain)
        picture = canvas()
        assert picture.shape == (1, channels, height, width)
        assert picture.min() > 0 and picture.max() < 1


@pytest.mark.parametrize("name", sorted(architectures))
def test_every_operation_of_every_architecture_can_be_excited_or_says_why_not(name: str) -> None:
    size = 64 if architectures[name].min_size == 32 else 48
    torch.manual_seed(0)
    module = build(name, 3, 3, (size, size)).eval()
    recording = record(module, torch.rand(1, 3, size, size))
    model = Model(name, module, ("a", "b", "c"), Preprocessing.unit_range(size, size, 3), name)
    pixels = (recording.input * 255).round().to(torch.uint8)
    exact = record(module, pixels / 255)
    refused = 0
    asked = [one for one in exact.operations.values() if one.is_layer]
    for operation in asked[:: max(1, len(asked) // 6)]:
        try:
            unit = unit_of(exact, operation.name, 1)
        except ModelError:
            refused += 1
            continue
        if unit.layer:
            expected = exact.maps(operation.name)[1].mean()
            assert excitement(model, unit, pixels).item() == pytest.approx(expected, rel=1e-3, abs=1e-5), operation.name
    assert refused <= len(asked) // 10
