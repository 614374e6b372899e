"""The search for a learning rate: curves made by hand for what it says, real sweeps for what it does."""

import math
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from typing import Any

import pytest
import torch

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.events import Event, Preparing, RateFound, RateTried
from cnn_desktop.train.control import Control
from cnn_desktop.train.planning import finder
from cnn_desktop.train.planning.finder import DIVERGED, SMOOTHING, find_rate, suggestion
from cnn_desktop.train.planning.trial import Trial
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.task import Task
from cnn_desktop.train.updating import Update


def _config(architecture: str = "mnist_cnn", **recipe: Any) -> RunConfig:
    config = default_config("digits", architecture, device="cpu", precision="fp32")
    return config.changed(recipe=config.recipe.changed(**{"batch_size": 64, **recipe}))


def _curve(loss_at: Callable[[float], float], steps: int = 140) -> list[RateTried]:
    """Loss as a function of the rate's logarithm to base ten, from 1e-6 to 10."""
    powers = [-6 + 7 * step / (steps - 1) for step in range(steps)]
    losses = [loss_at(power) for power in powers]
    smoothed = [_average(losses[: place + 1]) for place in range(steps)]
    return [RateTried(10**power, *pair) for power, pair in zip(powers, zip(losses, smoothed, strict=True), strict=True)]


def _average(losses: list[float]) -> float:
    weights = [SMOOTHING ** (len(losses) - 1 - place) for place in range(len(losses))]
    return sum(weight * loss for weight, loss in zip(weights, losses, strict=True)) / sum(weights)


@pytest.mark.parametrize("middle", [-4.0, -2.5, -1.0])
def test_the_steepest_place_is_suggested(middle: float) -> None:
    found = suggestion(_curve(lambda power: 2.3 - 2 / (1 + math.exp(-4 * (power - middle)))))
    assert found.rate is not None
    assert 0 <= math.log10(found.rate) - middle < 0.4  # an average lags behind
    assert f"{found.rate:g}" in found.reason


def test_what_comes_after_the_lowest_loss_is_no_suggestion() -> None:
    found = suggestion(_curve(lambda power: 2.3 - max(0, power + 3) if power < -1.5 else 50 - 20 * power))
    assert found.rate is not None and 1e-3 <= found.rate <= 10**-1.5


def test_a_level_curve_gives_no_suggestion() -> None:
    noise = torch.Generator().manual_seed(0)
    for _time in range(20):
        found = suggestion(_curve(lambda _power: 2.3 + 0.1 * torch.randn((), generator=noise).item()))
        assert found.rate is None and "hardly fell" in found.reason
    assert suggestion(_curve(lambda power: 2.3 + (power + 6) ** 2)).rate is None


@pytest.mark.parametrize("tried", [[], _curve(lambda _power: math.nan), _curve(lambda power: 1.0)[:5]])
def test_a_loss_without_bounds_gives_no_suggestion(tried: list[RateTried]) -> None:
    found = suggestion(tried)
    assert found.rate is None and "out of bounds" in found.reason


def _tried(events: list[Event]) -> list[RateTried]:
    return [event for event in events if isinstance(event, RateTried)]


def test_a_sweep_on_digits_suggests_what_trains_well() -> None:
    events = list(find_rate(_config(), Control()))
    found, tried = events[-1], _tried(events)
    assert isinstance(found, RateFound) and found.rate is not None
    assert 0.01 <= found.rate <= 0.3
    assert isinstance(events[0], Preparing)
    # Evenly on a logarithmic scale, from the lowest on; ended when it diverged.
    assert tried[0].rate == 1e-6
    ratios = [after.rate / before.rate for before, after in pairwise(tried)]
    assert max(ratios) == pytest.approx(min(ratios)) == pytest.approx(1e7 ** (1 / 139))
    best = list(accumulate((event.smoothed for event in tried), min))
    assert len(tried) < 140
    assert [event.smoothed <= DIVERGED * least for event, least in zip(tried, best, strict=True)] == [
        *[True] * (len(tried) - 1),
        False,
    ]


def test_the_smoothed_loss_is_an_average_that_starts_right() -> None:
    tried = _tried(list(find_rate(_config(), Control(), lowest=1e-5, highest=1e-2, steps=12)))
    assert len(tried) == 12 and tried[-1].rate == pytest.approx(1e-2)
    assert tried[0].smoothed == pytest.approx(tried[0].loss)
    assert tried[-1].smoothed == pytest.approx(_average([event.loss for event in tried]))


def test_updates_are_made_at_the_rates_that_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[float] = []
    real = Trial.update

    def update(self: Trial, batch: Any, rate: float) -> Update:
        answer = real(self, batch, rate)
        used.append(self.updater.optimizer.param_groups[-1]["lr"])
        return answer

    monkeypatch.setattr(Trial, "update", update)
    tried = _tried(list(find_rate(_config(), Control(), steps=5)))
    assert used == [event.rate for event in tried]


def test_the_same_seed_gives_the_same_sweep() -> None:
    first, again = (_tried(list(find_rate(_config(), Control(), steps=8))) for _time in range(2))
    assert first == again
    other = _tried(list(find_rate(_config().changed(seed=1), Control(), steps=8)))
    assert other != first


def test_memory_that_runs_out_is_met_with_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks: list[Task] = []
    real = finder.prepare

    def prepare(config: RunConfig, control: Control) -> Iterator[Event]:
        task = yield from real(config, control)
        task.module.register_forward_pre_hook(_refuse_more_than(16))
        tasks.append(task)
        return task

    monkeypatch.setattr(finder, "prepare", prepare)
    parted = _tried(list(find_rate(_config(), Control(), steps=4)))
    monkeypatch.undo()
    whole = _tried(list(find_rate(_config(), Control(), steps=4)))
    assert [event.loss for event in parted] == pytest.approx([event.loss for event in whole])


def _refuse_more_than(most: int) -> Callable[..., None]:
    def refuse(_module: torch.nn.Module, arguments: tuple[torch.Tensor, ...]) -> None:
        if len(arguments[0]) > most:
            raise torch.OutOfMemoryError("CUDA out of memory")

    return refuse


def test_a_stop_ends_the_search() -> None:
    control = Control()
    events: list[Event] = []
    for event in find_rate(_config(), control):
        events.append(event)
        if len(_tried(events)) == 3:
            control.stop()
    assert len(_tried(events)) == 3
    assert events[-1] == RateFound(None, "Stopped before a rate was found.")


def test_a_stop_while_preparing_ends_the_search() -> None:
    control = Control()
    control.stop()
    events = list(find_rate(_config(), control))
    assert isinstance(events[-1], RateFound) and events[-1].rate is None


def test_what_could_not_start_is_refused() -> None:
    with pytest.raises(BadInputError, match="batch size of 2"):
        list(find_rate(_config("resnet9", batch_size=1), Control()))
