"""Whole runs on the built-in digits, which take about a second each."""

import csv
import json
import math
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import torch

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, TrainingError
from cnn_desktop.core.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    Paused,
    Resumed,
    RunFinished,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.models.weights import load_model
from cnn_desktop.train import measuring, updating
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs.listing import latest_unfinished, list_runs, read_run
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train

E = TypeVar("E", bound=Event)


def _config(run_dir: Path, dataset: str = "digits", **recipe: Any) -> RunConfig:
    config = default_config(dataset, "mnist_cnn", run_dir=run_dir, device="cpu", precision="fp32")
    return config.changed(recipe=config.recipe.changed(**{"epochs": 3, "batch_size": 64, **recipe}))


def _only(events: list[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def _finished(events: list[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    assert len(_only(events, RunFinished)) == 1
    return events[-1]


def test_a_run_learns_and_leaves_its_folder(tmp_path: Path) -> None:
    events = list(train(_config(tmp_path / "run"), Control()))
    finished = _finished(events)
    assert finished.outcome == "done"
    assert finished.test_accuracy is not None and finished.test_accuracy > 0.85
    assert finished.throughput > 0 and finished.train_seconds > 0

    started = _only(events, TrainingStarted)[0]
    losses = [loss for event in _only(events, StepsDone) for loss in event.losses]
    assert len(losses) == started.total_steps == finished.steps
    epochs = _only(events, EpochDone)
    assert [event.epoch for event in epochs] == [1, 2, 3]
    assert epochs[-1].train_loss < epochs[0].train_loss
    assert finished.best_validation_accuracy == max(event.validation_accuracy or 0 for event in epochs)

    run = Path(finished.run_dir)
    names = {path.name for path in run.iterdir()}
    assert {"config.json", "environment.json", "metrics.jsonl", "metrics.csv", "model.cnnmodel", "report.md"} <= names
    assert RunConfig.from_json((run / "config.json").read_text()) == _config(tmp_path / "run")
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    logged = events[events.index(_only(events, RunStarted)[0]) :]
    assert lines == [json.loads(json.dumps(event.to_json())) for event in logged]
    rows = list(csv.DictReader((run / "metrics.csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert len(json.loads((run / "environment.json").read_text())["dataset_fingerprint"]) == 32
    model = load_model(run / "model.cnnmodel")
    assert model.classes == started.classes and model.figures["dataset"] == "digits"
    assert model.figures["light_on_dark"] == pytest.approx(0.6, abs=0.15)
    assert "Test accuracy" in (run / "report.md").read_text()


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    weights = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        list(train(_config(tmp_path / name, epochs=1).changed(seed=seed), Control()))
        weights.append(load_model(tmp_path / name / "model.cnnmodel").module.state_dict())
    assert all(torch.equal(weights[0][key], weights[1][key]) for key in weights[0])
    assert not all(torch.equal(weights[0][key], weights[2][key]) for key in weights[0])


def _stop_at(events: Iterator[Event], control: Control, step: int) -> list[Event]:
    seen: list[Event] = []
    for event in events:
        seen.append(event)
        if isinstance(event, StepsDone) and event.step >= step:
            control.stop()
    return seen


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_stopped_run_goes_on_to_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, optimizer: str
) -> None:
    monkeypatch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))
    recipe: dict[str, Any] = {
        "optimizer": optimizer,
        "epochs": 3,
        "augmentation": AUGMENTATION_PRESETS["strong"].changed(crop_padding=1),
        "schedule": "one_cycle",
    }
    whole = list(train(_config(tmp_path / "whole", **recipe), Control()))

    control = Control()
    first = _stop_at(train(_config(tmp_path / "cut", **recipe), control), control, step=25)
    stopped = _finished(first)
    assert stopped.outcome == "stopped" and stopped.steps == 25
    assert _only(first, CheckpointSaved)[-1].step == 25
    assert latest_unfinished(tmp_path).path == tmp_path / "cut"

    second = list(train(_config(tmp_path / "ignored"), Control(), resume_from=tmp_path / "cut"))
    assert _finished(second).outcome == "done"
    assert _only(second, TrainingStarted)[0].first_step == 25
    one, other = (load_model(tmp_path / name / "model.cnnmodel").module.state_dict() for name in ("whole", "cut"))
    assert all(torch.equal(one[key], other[key]) for key in one)
    for name in ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"):
        figures = [
            [row[name] for row in csv.DictReader((tmp_path / run / "metrics.csv").open())] for run in ("whole", "cut")
        ]
        assert figures[0] == figures[1], name
    assert _finished(second).test_accuracy == _finished(whole).test_accuracy
    assert not (tmp_path / "ignored").exists()
    with pytest.raises(TrainingError, match="is done"):
        list(train(_config(tmp_path / "x"), Control(), resume_from=tmp_path / "cut"))


def test_a_pause_holds_still(tmp_path: Path) -> None:
    control = Control()
    events = train(_config(tmp_path / "run", epochs=200), control)
    for event in events:
        if isinstance(event, StepsDone):
            break
    control.pause()
    rest = list(_take_until(events, Paused))
    paused = rest[-1]
    assert isinstance(paused, Paused)
    later: list[Event] = []
    thread = threading.Thread(target=lambda: later.append(next(events)))
    thread.start()
    time.sleep(0.3)
    assert later == []
    control.resume()
    thread.join(10)
    assert later == [Resumed(paused.step)]
    control.stop()
    assert _finished(list(events)).outcome == "stopped"


def _take_until(events: Iterator[Event], kind: type[Event]) -> Iterator[Event]:
    for event in events:
        yield event
        if isinstance(event, kind):
            return


def test_a_diverging_run_fails_with_its_reason(tmp_path: Path) -> None:
    events: list[Event] = []
    with pytest.raises(TrainingError, match="learning rate"):
        for event in train(_config(tmp_path / "run", learning_rate=1e30), Control()):
            events.append(event)
    assert _finished(events).outcome == "failed"
    run = read_run(tmp_path / "run")
    assert run.outcome == "failed"


def test_any_exception_marks_the_run_as_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("the device fell off")

    monkeypatch.setattr(updating, "normalize", broken)
    events: list[Event] = []
    with pytest.raises(RuntimeError, match="fell off"):
        for event in train(_config(tmp_path / "run"), Control()):
            events.append(event)
    assert _finished(events).message == "the device fell off"
    assert read_run(tmp_path / "run").outcome == "failed"


def test_bad_input_is_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    good = _config(tmp_path / "run")
    for change in ({"dataset": "digitz"}, {"dataset": str(tmp_path)}, {"image_size": 1}, {"pretrained": True}):
        with pytest.raises(BadInputError):
            list(train(good.changed(**change), Control()))
    assert not (tmp_path / "run").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(BadInputError, match="isn't empty"):
        list(train(good.changed(run_dir=tmp_path / "full"), Control()))


def test_steps_and_the_whole_training_split(tmp_path: Path) -> None:
    config = _config(tmp_path / "run", steps=30, epochs=1).changed(val_fraction=0.0)
    events = list(train(config, Control()))
    started, finished = _only(events, TrainingStarted)[0], _finished(events)
    assert finished.steps == started.total_steps == 30
    assert started.validation_images == 0
    assert all(event.validation_accuracy is None for event in _only(events, EpochDone))
    assert finished.best_validation_accuracy is None and finished.test_accuracy is not None


def test_a_last_batch_of_one_is_left_for_another_epoch(tmp_path: Path) -> None:
    base = _config(tmp_path / "a", epochs=1).changed(val_fraction=0.0)
    count = _only(list(train(base, Control())), TrainingStarted)[0].train_images
    size = next(size for size in range(50, 500) if count % size == 1)
    config = base.changed(run_dir=tmp_path / "b", recipe=base.recipe.changed(batch_size=size))
    finished = _finished(list(train(config, Control())))
    assert finished.steps == count // size


def test_frozen_layers_keep_their_weights(tmp_path: Path) -> None:
    config = _config(tmp_path / "a", epochs=1)
    list(train(config.changed(recipe=config.recipe.changed(steps=1, learning_rate=1e-12)), Control()))
    list(train(_config(tmp_path / "b", epochs=2).changed(freeze=1), Control()))
    start, end = (load_model(tmp_path / name / "model.cnnmodel").module.state_dict() for name in ("a", "b"))
    assert torch.allclose(start["conv1.weight"], end["conv1.weight"], atol=1e-9)
    assert not torch.allclose(start["dense1.weight"], end["dense1.weight"], atol=1e-3)


def test_runs_are_listed_newest_first_and_damaged_ones_passed_over(tmp_path: Path) -> None:
    for name in ("one", "two"):
        list(train(_config(tmp_path / name, epochs=1), Control()))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    runs = list_runs(tmp_path)
    assert [run.path.name for run in runs] == ["two", "one"]
    assert runs[0].outcome == "done" and runs[0].has_model and not runs[0].can_go_on
    with pytest.raises(BadInputError, match="no unfinished run"):
        latest_unfinished(tmp_path)


def test_runs_get_folders_of_their_own(home: Path) -> None:
    config = default_config("digits", "mnist_cnn")
    config = config.changed(recipe=config.recipe.changed(epochs=1))
    folders = [_finished(list(train(config, Control()))).run_dir for _again in range(2)]
    assert folders[0] != folders[1]
    assert all(Path(folder).is_relative_to(home) for folder in folders)


def test_figures_that_are_due_come_with_the_norm_of_the_gradients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "READ_EVERY_SECONDS", 0.01)
    events = list(train(_config(tmp_path / "run", epochs=8, batch_size=32), Control()))
    ends = {event.step for event in _only(events, EpochDone)}
    due = [event for event in _only(events, StepsDone) if event.step not in ends]
    assert due and all(event.gradient_norm is not None for event in due)


def test_what_diverges_is_seen_before_it_ends_the_run(tmp_path: Path) -> None:
    events: list[Event] = []
    with pytest.raises(TrainingError):
        for event in train(_config(tmp_path / "run", learning_rate=1e30), Control()):
            events.append(event)
    assert any(not math.isfinite(loss) or loss > 100 for event in _only(events, StepsDone) for loss in event.losses)
