import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks import inspecting_contestant
from benchmarks.inspecting_result import MATPLOTLIB, OURS, PAINTER, InspectingResult


def result(**seconds: list[float]) -> InspectingResult:
    return InspectingResult(
        machine={}, weights="random", photo="a photo", platform="offscreen", threads=2, maps=4224, seconds=seconds
    )


def test_goals_are_the_time_and_two_ratios_of_medians() -> None:
    found = result(**{OURS: [0.1, 0.12, 0.9], PAINTER: [1.2, 0.6, 0.84], MATPLOTLIB: [7.2]})
    time, painter, matplotlib = found.verdicts()
    assert (time.figure, time.is_met) == ("120.0 ms", True)
    assert (painter.figure, painter.is_met) == ("7.00", True)
    assert (matplotlib.figure, matplotlib.is_met) == ("60.00", True)
    assert "120" in found.text()


def test_a_way_that_could_not_be_measured_is_no_goal() -> None:
    assert len(result(**{OURS: [0.2], PAINTER: [0.4]}).verdicts()) == 2


def test_the_plain_script_draws_what_each_convolution_gives(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    class Small(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.features = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(True), torch.nn.Conv2d(4, 5, 3))

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("weights")
    torch.save(Small().state_dict(), folder / "small.pth")
    Image.effect_noise((300, 260), 90).save(folder / "photo.png")
    monkeypatch.setattr(inspecting_contestant, "vgg16", Small)
    drawn: list[np.ndarray] = []
    run = inspecting_contestant._layer_by_layer(folder / "small.pth", drawn.append)
    assert run(folder / "photo.png") == 9
    assert [maps.shape for maps in drawn] == [(4, 222, 222), (5, 220, 220)]
    assert (drawn[0] < 0).any()
