"""What a run will take: with a clock of our own, as times of this machine say nothing."""

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import torch
from PIL import Image
from torch import nn

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Preparing
from cnn_desktop.data.dataset import ArraySplit
from cnn_desktop.models.architecture import architectures
from cnn_desktop.train.control import Control
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.planning import estimate as estimating
from cnn_desktop.train.planning import timing, trial
from cnn_desktop.train.planning.estimate import Estimate, estimate
from cnn_desktop.train.planning.memory_growth import MemoryGrowth
from cnn_desktop.train.planning.trial import Trial, read_sample
from cnn_desktop.train.setup import default_config, prepare
from cnn_desktop.train.task import Task

T = TypeVar("T")


def _config(architecture: str = "mnist_cnn", dataset: str = "digits", **recipe: Any) -> RunConfig:
    config = default_config(dataset, architecture, device="cpu", precision="fp32")
    return config.changed(recipe=config.recipe.changed(**{"epochs": 3, "batch_size": 64, **recipe}))


def _result(work: Generator[Any, None, T]) -> T:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


class Clock:
    """Goes forward only by what is done: so much for an update, for evaluating a split, for reading a sample."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, update: float, evaluation: float, reading: float) -> None:
        self.now = 0.0
        self._slow_down(monkeypatch, Trial, "update", update)
        self._slow_down(monkeypatch, timing, "evaluate", evaluation)
        self._slow_down(monkeypatch, trial, "pixel_store", reading)

    def __call__(self) -> float:
        return self.now

    def _slow_down(self, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, seconds: float) -> None:
        real = getattr(place, name)

        def slowed(*arguments: Any, **named: Any) -> Any:
            self.now += seconds
            return real(*arguments, **named)

        monkeypatch.setattr(place, name, slowed)


def test_times_follow_from_what_was_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    config = _config()
    clock = Clock(monkeypatch, update=0.02, evaluation=0.5, reading=5.12)
    found = _result(estimate(config, Control(), clock))
    task = _result(prepare(config, Control()))
    counts = {name: len(split) for name, split in task.dataset.splits.items()}
    plan = Plan(config, counts["train"])
    assert found.throughput == pytest.approx(64 / 0.02)
    evaluated = 0.5 / 512  # seconds a picture: of the sample of 512, all fit into half a second
    validation = counts["validation"] * evaluated
    assert found.seconds_per_epoch == pytest.approx(plan.steps_per_epoch * 0.02 + validation)
    reading = sum(counts.values()) * 5.12 / 512
    whole = reading + 3 * found.seconds_per_epoch + counts["test"] * evaluated
    assert found.seconds == pytest.approx(whole)


def test_slow_updates_are_measured_twice_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, update=10.0, evaluation=1.0, reading=0.0)
    work = estimate(_config(), Control(), clock)
    found = _result(work)
    assert found.throughput == pytest.approx(6.4)
    assert clock.now == pytest.approx(2 * 10 + 2 * 1.0)


def test_facts_of_the_network_and_its_precision() -> None:
    found = _result(estimate(_config().changed(freeze=1, precision="auto"), Control()))
    module = architectures["mnist_cnn"].build(10, 1, (8, 8))
    sizes = {name: parameter.numel() for name, parameter in module.named_parameters()}
    assert found.parameters == sum(sizes.values())
    assert found.trainable_parameters == sum(size for name, size in sizes.items() if not name.startswith("conv1"))
    assert found.precision in {"fp32", "bf16"} and found.precision_reason
    assert found.free_bytes is not None and found.free_bytes > 0
    assert not found.problems and not found.is_stopped
    assert json.loads(json.dumps(found.to_json()))["seconds"] == found.seconds


def test_progress_is_told_and_a_stop_cancels() -> None:
    control = Control()
    work = estimate(_config(), control)
    seen: list[Preparing] = []
    with pytest.raises(CancelledError):
        for event in work:
            seen.append(event)
            if event.what == "Measuring time and memory" and event.done == 1:
                control.stop()
    assert seen[-1].done == 1 and {event.what for event in seen} > {"Opening digits", "Reading some training pictures"}


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (_config().changed(image_size=2), "4×4 pixels or more"),
        (_config().changed(freeze=3), "freeze 2 at most"),
        (_config(dataset="no such set"), "no such set"),
        (_config("resnet9", batch_size=1), "batch size of 2"),
        (_config().changed(device="cuda:7"), "no device"),
    ],
)
def test_what_stops_a_run_is_said_and_nothing_measured(config: RunConfig, words: str) -> None:
    found = _result(estimate(config, Control()))
    assert found.is_stopped and words in found.problems[0].sentence
    assert found.seconds is None and found.memory_bytes is None


def test_a_missing_download_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[RunConfig] = []
    real = estimating.prepare

    def noted(config: RunConfig, control: Control) -> Iterator[Preparing]:
        built.append(config)
        return real(config.changed(image_size=32), control)  # quicker

    monkeypatch.setattr(estimating, "prepare", noted)
    config = _config("mobilenet_v3_small", batch_size=8).changed(pretrained=True)
    found = _result(estimate(config, Control()))
    assert [problem.sentence for problem in found.problems] == [
        "The pretrained weights will be downloaded first (10 MB)."
    ]
    assert not found.is_stopped and found.seconds is not None
    assert not built[0].pretrained and built[0].image_size == 224


class _Greedy(nn.Module):
    """Runs out of memory with more than so many pictures."""

    def __init__(self, inner: nn.Module, most: int) -> None:
        super().__init__()
        self.inner, self.most = inner, most

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        if self.training and len(batch) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.inner(batch)


@pytest.mark.parametrize(("most", "words"), [(16, "computed in 4 parts it fits"), (0, "a single picture")])
def test_memory_that_runs_out_is_answered_with_parts(monkeypatch: pytest.MonkeyPatch, most: int, words: str) -> None:
    architecture = architectures["mnist_cnn"]
    real = architecture.build
    monkeypatch.setattr(type(architecture), "build", lambda _self, *facts: _Greedy(real(*facts), most))
    found = _result(estimate(_config(), Control()))
    assert words in found.problems[0].sentence
    assert found.is_stopped == (most == 0) == (found.seconds is None)


def test_too_little_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimating, "available_memory", lambda _device: 1000)
    found = _result(estimate(_config(), Control()))
    assert found.free_bytes == 1000 and "in 2 parts" in found.problems[0].sentence
    assert not found.is_stopped


def _task(config: RunConfig) -> Task:
    return _result(prepare(config, Control()))


def test_memory_counts_weights_pictures_and_what_an_update_takes() -> None:
    config = _config(optimizer="adam", batch_size=256)
    found, task = _result(estimate(config, Control())), _task(config)
    weights = sum(tensor.nbytes for tensor in task.module.state_dict().values())
    pictures = sum(len(task.dataset.splits[name]) * 64 for name in ("train", "validation"))
    maps = 256 * 32 * (6 * 6 + 3 * 3) * 4  # after the convolution and after its pool
    least = 4 * weights + pictures + maps  # gradients and Adam's two averages are as large as the weights
    assert found.memory_bytes is not None
    assert least <= found.memory_bytes <= least + 200_000_000  # a process grows for other reasons too


def test_larger_batches_take_more_memory() -> None:
    growths: list[int] = []
    for size in (64, 1024):
        task = _task(_config("cifar_tf", batch_size=size))
        sample = _result(read_sample(task, 64, Control()))
        tried = Trial(task, sample, Control())
        growth = MemoryGrowth(tried.updater)
        with growth.watched():
            tried.update(next(tried.batches(1)), rate=0.0)
        growths.append(growth._known())
    assert growths[1] > growths[0] + 900 * 4 * (8 * 8 * 32)  # the first maps alone


def test_of_files_only_a_sample_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        for number in range(60):
            Image.new("RGB", (40, 40), (number, 0, 0)).save(tmp_path / name / f"{number}.png")
    task = _task(_config(dataset=str(tmp_path), batch_size=4).changed(image_size=32))
    split = task.dataset.splits["train"]
    assert not isinstance(split, ArraySplit)
    opened: list[int] = []
    real = type(split).pixels
    monkeypatch.setattr(type(split), "pixels", lambda self, at, size: (opened.append(at), real(self, at, size))[1])
    found = _result(estimate(_config(dataset=str(tmp_path), batch_size=4).changed(image_size=32), Control()))
    assert isinstance(found, Estimate) and found.seconds is not None
    assert 32 <= len(opened) <= 2 * 32  # for updates, and those of them again that are evaluated
