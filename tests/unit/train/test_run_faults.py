"""Runs whose disk fails: they go on, say what isn't saved, and leave all they can."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CheckpointError
from cnn_desktop.core.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    Notice,
    NotSaved,
    RunFinished,
    RunMoved,
    TrainingStarted,
)
from cnn_desktop.models.weights import load_model
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train
from tests.soak.same_end import differences

E = TypeVar("E", bound=Event)


def _config(run_dir: Path, epochs: int = 3) -> RunConfig:
    config = default_config("digits", "mnist_cnn", run_dir=run_dir, device="cpu", precision="fp32")
    return config.changed(recipe=config.recipe.changed(epochs=epochs, batch_size=64))


def _only(events: list[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def _train(config: RunConfig, after_epoch: dict[int, Callable[[], object]]) -> list[Event]:
    """All events of a run in which something happens after an epoch; a checkpoint is saved after each."""
    control, events = Control(), []
    for event in train(config, control):
        events.append(event)
        if isinstance(event, EpochDone):
            after_epoch.get(event.epoch, lambda: None)()
            control.save_checkpoint()
    return events


def _delete(folder: Path) -> None:
    """Delete a folder of a run, as often as it takes: a snapshot may just be on its way into it."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def _epochs_of(run: Path) -> list[str]:
    with (run / "metrics.csv").open(encoding="utf-8", newline="") as stream:
        return [row["epoch"] for row in csv.DictReader(stream)]


@pytest.fixture
def undisturbed(tmp_path: Path) -> Path:
    _train(_config(tmp_path / "undisturbed"), {})
    return tmp_path / "undisturbed"


def test_a_disk_that_fails_for_a_while_costs_nothing(tmp_path: Path, undisturbed: Path) -> None:
    run = tmp_path / "run"
    checkpoints, aside = run / "checkpoints", run / "aside"

    def fail() -> None:
        checkpoints.rename(aside)
        checkpoints.write_text("in the way")

    def work_again() -> None:
        checkpoints.unlink()
        aside.rename(checkpoints)

    events = _train(_config(run), {1: fail, 2: work_again})
    (not_saved,) = _only(events, NotSaved)
    assert str(checkpoints) in not_saved.message and "free there" in not_saved.message
    last = _only(events, CheckpointSaved)[-1]
    assert events.index(last) > events.index(not_saved) and Path(last.path).is_dir()
    assert isinstance(events[-1], RunFinished) and events[-1].outcome == "done"
    assert differences(undisturbed, run) == []


def test_a_folder_deleted_in_mid_run_is_made_again(tmp_path: Path, undisturbed: Path) -> None:
    run = tmp_path / "run"
    events = _train(_config(run), {2: lambda: _delete(run)})
    assert isinstance(events[-1], RunFinished) and (events[-1].outcome, events[-1].run_dir) == ("done", str(run))
    assert not _only(events, NotSaved)
    assert _epochs_of(run) == ["1", "2", "3"]
    assert RunConfig.from_json((run / "config.json").read_text()) == _config(run)
    assert (run / "environment.json").exists()
    lines = [json.loads(line)["event"] for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert (lines[0], lines[-1]) == ("run_started", "run_finished")
    assert differences(undisturbed, run) == []


def test_a_run_whose_folder_is_lost_for_good_ends_in_another(tmp_path: Path, home: Path, undisturbed: Path) -> None:
    run = tmp_path / "run"

    def lose() -> None:
        _delete(run)
        run.write_text("in the way")

    events = _train(_config(run), {2: lose})
    finished = events[-1]
    assert isinstance(finished, RunFinished) and finished.outcome == "done"
    place = Path(finished.run_dir)
    assert place != run and place.is_relative_to(home)
    assert finished.model_file == str(place / "model.cnnmodel") and load_model(place / "model.cnnmodel").classes
    assert sum("wait in memory" in notice.message for notice in _only(events, Notice)) == 1
    assert [(moved.run_dir, str(run) in moved.message) for moved in _only(events, RunMoved)] == [(str(place), True)]
    assert _only(events, NotSaved)
    assert _epochs_of(place) == ["1", "2", "3"]
    assert differences(undisturbed, place) == []


def test_a_run_goes_on_in_the_folder_that_a_person_names(tmp_path: Path, undisturbed: Path) -> None:
    run, place = tmp_path / "run", tmp_path / "other disk"
    place.mkdir()
    control, events = Control(), []
    for event in train(_config(run), control):
        events.append(event)
        if isinstance(event, EpochDone) and event.epoch == 1:
            _delete(run)
            run.write_text("in the way")
            control.save_checkpoint()
        if isinstance(event, NotSaved):
            control.move_run(place)
    (moved,) = _only(events, RunMoved)
    new = Path(moved.run_dir)
    assert new.parent == place and new.name.startswith("run")
    saved = [event for event in _only(events, CheckpointSaved) if events.index(event) > events.index(moved)]
    assert saved[0].step == moved.step and Path(saved[0].path).is_relative_to(new)
    assert isinstance(events[-1], RunFinished) and (events[-1].outcome, events[-1].run_dir) == ("done", str(new))
    assert _epochs_of(new) == ["1", "2", "3"]
    assert differences(undisturbed, new) == []


def test_a_named_folder_that_can_not_be_written_is_said_and_the_run_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    control, events = Control(), []
    for event in train(_config(tmp_path / "run"), control):
        events.append(event)
        if isinstance(event, EpochDone) and event.epoch == 1:
            control.move_run(tmp_path / "file")
    (not_saved,) = _only(events, NotSaved)
    assert str(tmp_path / "file") in not_saved.message and "another place" in not_saved.message
    assert isinstance(events[-1], RunFinished) and events[-1].run_dir == str(tmp_path / "run")


def test_a_run_is_not_trained_twice_at_once(tmp_path: Path) -> None:
    control = Control()
    events = train(_config(tmp_path / "run"), control)
    for event in events:
        if isinstance(event, CheckpointSaved):
            break
    with pytest.raises(BadInputError, match="being trained already"):
        list(train(_config(tmp_path / "run"), Control(), resume_from=tmp_path / "run"))
    control.stop()
    assert isinstance(list(events)[-1], RunFinished)
    finished = list(train(_config(tmp_path / "run"), Control(), resume_from=tmp_path / "run"))[-1]
    assert isinstance(finished, RunFinished) and finished.outcome == "done"


def _stop_after_epoch_two(config: RunConfig) -> Path:
    control = Control()
    for event in train(config, control):
        if isinstance(event, EpochDone):
            control.save_checkpoint()
            if event.epoch == 2:
                control.stop()
    assert config.run_dir is not None
    return config.run_dir


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-5] ^= 4
    file.write_bytes(content)


def test_a_damaged_checkpoint_costs_a_few_steps_and_no_bit(tmp_path: Path, undisturbed: Path) -> None:
    run = _stop_after_epoch_two(_config(tmp_path / "run"))
    last = json.loads((run / "checkpoints" / "last.json").read_text())
    _flip(run / "checkpoints" / last["folder"] / "state.safetensors")
    events = list(train(_config(run), Control(), resume_from=run))
    (started,) = _only(events, TrainingStarted)
    assert 0 < started.first_step < last["step"]
    assert any("damaged" in notice.message for notice in _only(events, Notice))
    assert differences(undisturbed, run) == []


def test_two_damaged_checkpoints_are_said(tmp_path: Path) -> None:
    run = _stop_after_epoch_two(_config(tmp_path / "run"))
    for file in (run / "checkpoints").glob("step-*/model.safetensors"):
        _flip(file)
    with pytest.raises(CheckpointError, match="Start a new run"):
        list(train(_config(run), Control(), resume_from=run))
