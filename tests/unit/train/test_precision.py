"""The choice of a precision, made from injected timings; real updates only show that nothing else changes."""

import itertools
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import torch

from cnn_desktop.core.config import Precision
from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Preparing, RunFinished, TrainingStarted
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.models import precision_memory
from cnn_desktop.models.device import ComputePrecision
from cnn_desktop.models.weights import load_model
from cnn_desktop.train.control import Control
from cnn_desktop.train.planning import precision
from cnn_desktop.train.planning.precision import decide, measured_precision
from cnn_desktop.train.setup import default_config, prepare
from cnn_desktop.train.task import Task
from cnn_desktop.train.trainer import train

T = TypeVar("T")

FASTER = {"fp32": 0.002, "bf16": 0.001}


@pytest.fixture(autouse=True)
def native_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every processor have bf16, so that there is a choice."""
    monkeypatch.setattr(precision_memory, "choose_precision", lambda _name, _device: "bf16")


class Watch:
    """Injected timings, and which were asked for."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.asked = seconds, list[str]()

    def __call__(self, name: ComputePrecision) -> float:
        self.asked.append(name)
        return self.seconds[name]


def _result(work: Generator[Any, None, T]) -> T:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def _task(name: Precision = "fp32", **changes: Any) -> Task:
    return _result(prepare(default_config("digits", "mnist_cnn", device="cpu", precision=name, **changes), Control()))


def test_bf16_has_to_be_clearly_faster() -> None:
    assert decide({"fp32": 1.05, "bf16": 1.0}).precision == "bf16"
    assert decide({"fp32": 1.04, "bf16": 1.0}).precision == "fp32"
    assert decide({"fp32": 1.0, "fp16": 0.5}).precision == "fp16"
    assert "2.0 times as fast" in decide({"fp32": 1.0, "fp16": 0.5}).reason
    assert "0.50 times as fast" in decide({"fp32": 1.0, "bf16": 2.0}).reason


def test_updates_are_measured_in_turns_once() -> None:
    task, watch = _task(), Watch(FASTER)
    events = list(measured_precision(task, Control(), watch))
    assert events and all(event.what == "Measuring precision" for event in events)
    assert watch.asked[:2] == ["bf16", "fp32"] and set(watch.asked[2::2]) == {"fp32"}
    assert set(watch.asked[3::2]) == {"bf16"} and len(watch.asked) == 2 + 2 * 20

    again = Watch({"fp32": 0.001, "bf16": 0.002})
    assert _result(measured_precision(task, Control(), again)).precision == "bf16"
    assert not again.asked


def test_a_busy_computer_is_no_reason_against_a_precision() -> None:
    watch, calls = Watch(FASTER), itertools.count()

    def disturbed(name: ComputePrecision) -> float:
        return watch(name) * (20 if name == "bf16" and next(calls) % 4 else 1)

    choice = _result(measured_precision(_task(), Control(), disturbed))
    assert choice.precision == "bf16" and "2.0 times" in choice.reason


def test_slow_networks_are_measured_for_a_second_only() -> None:
    rounds = Watch({"fp32": 0.3, "bf16": 0.1})
    _result(measured_precision(_task(), Control(), rounds))
    assert len(rounds.asked) == 2 + 2 * 3
    first_ones = Watch({"fp32": 9.0, "bf16": 4.0})
    choice = _result(measured_precision(_task(image_size=64), Control(), first_ones))
    assert first_ones.asked == ["bf16", "fp32"] and choice.precision == "bf16"


def test_what_differs_is_measured_anew() -> None:
    for task in (_task(), _task(image_size=64), _batched(_task(), 1024)):
        watch = Watch(FASTER)
        _result(measured_precision(task, Control(), watch))
        assert watch.asked
    same_bucket = Watch(FASTER)
    _result(measured_precision(_task(image_size=60), Control(), same_bucket))
    assert not same_bucket.asked


def _batched(task: Task, size: int) -> Task:
    recipe = task.recipe.changed(batch_size=size)
    return Task(
        task.config.changed(recipe=recipe), task.dataset, task.preprocessing, task.module, task.device, task.precision
    )


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"x": {"fp32": "fast"}}', b"\xff\x00", None])
def test_a_damaged_memory_is_measured_again(damage: bytes | None) -> None:
    file = cache_dir() / "precision.json"
    _result(measured_precision(_task(), Control(), Watch(FASTER)))
    if damage is None:  # whole, but without one of the candidates
        known = json.loads(file.read_text())
        damage = json.dumps({key: {"fp32": 1.0} for key in known}).encode()
    file.write_bytes(damage)
    watch = Watch({"fp32": 0.001, "bf16": 0.002})
    assert _result(measured_precision(_task(), Control(), watch)).precision == "fp32"
    assert watch.asked
    assert next(iter(json.loads(file.read_text()).values())) == {"fp32": 0.001, "bf16": 0.002}


def test_without_a_place_to_remember_the_choice_holds(home: Path) -> None:
    cache_dir().parent.mkdir(parents=True, exist_ok=True)
    cache_dir().write_text("a file where the folder should be")
    assert _result(measured_precision(_task(), Control(), Watch(FASTER))).precision == "bf16"


def test_short_memory_leaves_the_native_precision() -> None:
    def watch(_name: ComputePrecision) -> float:
        raise torch.OutOfMemoryError("CUDA out of memory")

    choice = _result(measured_precision(_task(), Control(), watch))
    assert choice.precision == "bf16" and "Memory" in choice.reason
    assert not (cache_dir() / "precision.json").exists()


def test_a_stop_cancels() -> None:
    control = Control()
    work = measured_precision(_task(), control, Watch(FASTER))
    next(work)
    control.stop()
    with pytest.raises(CancelledError):
        list(work)


def test_without_a_choice_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision_memory, "choose_precision", lambda _name, _device: "fp32")
    watch = Watch(FASTER)
    assert _result(measured_precision(_task(), Control(), watch)).precision == "fp32"
    assert not watch.asked


def test_real_updates_leave_the_network_as_it_is() -> None:
    task = _task()
    before = {name: tensor.clone() for name, tensor in task.module.state_dict().items()}
    assert _result(measured_precision(task, Control())).precision in {"fp32", "bf16"}
    assert all(torch.equal(tensor, before[name]) for name, tensor in task.module.state_dict().items())
    assert all(parameter.grad is None for parameter in task.module.parameters())


def _run(folder: Path, name: Precision) -> tuple[TrainingStarted, dict[str, torch.Tensor]]:
    config = default_config("digits", "cifar_tf", run_dir=folder, device="cpu", precision=name)  # it has dropout
    config = config.changed(recipe=config.recipe.changed(steps=3, batch_size=16))
    events = list(train(config, Control()))
    assert isinstance(events[-1], RunFinished)
    started = next(event for event in events if isinstance(event, TrainingStarted))
    assert any(event.what == "Measuring precision" for event in events if isinstance(event, Preparing)) == (
        name == "auto"
    )
    return started, load_model(folder / "model.cnnmodel").module.state_dict()


@pytest.mark.parametrize("faster", ["fp32", "bf16"])
def test_measuring_changes_nothing_in_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faster: ComputePrecision
) -> None:
    real = precision.decide
    monkeypatch.setattr(
        precision, "decide", lambda _seconds: real({"fp32": 1.0, "bf16": 0.5 if faster == "bf16" else 2})
    )
    measured, weights = _run(tmp_path / "auto", "auto")
    asked, same = _run(tmp_path / "asked", faster)
    assert measured.precision == asked.precision == faster
    assert all(torch.equal(tensor, same[name]) for name, tensor in weights.items())
    facts = json.loads((tmp_path / "auto" / "environment.json").read_text())
    assert facts["precision"] == faster and "Measured here" in facts["precision_reason"]
    assert json.loads((tmp_path / "asked" / "environment.json").read_text())["precision_reason"] == ""


def test_a_run_goes_on_in_the_precision_it_began_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = iter(["bf16", "fp32"])
    monkeypatch.setattr(precision, "decide", lambda _seconds: precision.PrecisionChoice(next(choices), "so"))
    config = default_config("digits", "mnist_cnn", run_dir=tmp_path / "run", device="cpu", precision="auto")
    config = config.changed(recipe=config.recipe.changed(steps=4))
    control = Control()
    for event in train(config, control):
        if isinstance(event, TrainingStarted):
            assert event.precision == "bf16"
            control.stop()
    going_on = train(config, Control(), resume_from=tmp_path / "run")
    started = next(event for event in going_on if isinstance(event, TrainingStarted))
    assert started.precision == "bf16"
    assert next(choices) == "fp32"  # nobody asked again
