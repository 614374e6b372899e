"""Which moments of a run are kept, whatever happens to it."""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CnnDesktopError
from cnn_desktop.core.events import CheckpointSaved, Event, Notice, RunFinished, StepsDone
from cnn_desktop.train import measuring, time_machine
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs import snapshots
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
from cnn_desktop.train.runs.snapshots import SnapshotFolder, halved, open_snapshot, snapshots_of
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks after every step, and spends what it likes."""
    monkeypatch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))
    monkeypatch.setattr(time_machine, "_ADVANCE", 1e9)


def _config(run_dir: Path, **changes: Any) -> RunConfig:
    config = default_config("digits", "mnist_cnn", run_dir=run_dir, device="cpu", precision="fp32", **changes)
    return config.changed(recipe=config.recipe.changed(epochs=3, batch_size=128, learning_rate=0.05))


def _stopped_at(config: RunConfig, step: int) -> None:
    control = Control()
    for event in train(config, control):
        if isinstance(event, StepsDone) and event.step == step:
            control.stop()


def _steps(run_dir: Path) -> list[int]:
    return [snapshot.step for snapshot in snapshots_of(run_dir)]


def _notices(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Notice)]


def test_a_run_keeps_its_first_and_last_moment_and_some_between(tmp_path: Path) -> None:
    events = list(train(_config(tmp_path / "run"), Control()))
    kept = snapshots_of(tmp_path / "run")
    saved = [event.step for event in events if isinstance(event, CheckpointSaved)]
    assert len(kept) > 4 and (kept[0].step, kept[-1].step) == (0, saved[-1])
    assert kept[-1].epoch == 3.0
    assert all(after.travelled > before.travelled for before, after in itertools.pairwise(kept))
    weights = CheckpointFolder(tmp_path / "run" / "checkpoints").restore().checkpoint.weights
    last = open_snapshot(kept[-1]).module.state_dict()
    for name, tensor in halved(weights).items():
        assert torch.equal(last[name], tensor.to(last[name].dtype)), name


def test_weights_that_rest_are_not_kept_again(tmp_path: Path) -> None:
    config = _config(tmp_path / "run")
    resting = config.changed(recipe=config.recipe.changed(learning_rate=1e-12, weight_decay=0.0))
    list(train(resting, Control()))
    kept = snapshots_of(tmp_path / "run")
    assert len(kept) == 2 and kept[0].step == 0 and kept[1].travelled < 1e-6


def test_snapshots_change_nothing_in_the_training(tmp_path: Path) -> None:
    for name, megabytes in (("with", 100), ("without", 0)):
        list(train(_config(tmp_path / name, snapshot_megabytes=megabytes), Control()))
    ends = [CheckpointFolder(tmp_path / name / "checkpoints").restore().checkpoint for name in ("with", "without")]
    for key, tensor in ends[0].weights.items():
        assert torch.equal(tensor, ends[1].weights[key]), key
    assert not (tmp_path / "without" / "snapshots").exists()


def test_a_run_that_goes_on_has_no_moment_twice(tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    _stopped_at(_config(run_dir), 10)
    before = snapshots_of(run_dir)
    assert before[-1].step == 10
    undone = open_snapshot(before[-1])  # as if the run had been killed after a step that no checkpoint holds
    SnapshotFolder(run_dir, 10**9).add(undone, halved(undone.module.state_dict()), 15, 1.5, 1000.0)
    list(train(_config(run_dir), Control(), resume_from=run_dir))
    kept = snapshots_of(run_dir)
    assert len({snapshot.step for snapshot in kept}) == len(kept) and kept[-1].step > 15
    assert kept[: len(before)] == before
    assert all(after.travelled > before.travelled for before, after in itertools.pairwise(kept))
    assert kept[-1].travelled < 1000


def test_a_killed_run_leaves_whole_snapshots_and_goes_on(tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    script = (
        "import sys; from cnn_desktop.core.config import RunConfig; from cnn_desktop.train.trainer import train\n"
        "from cnn_desktop.train.control import Control; from cnn_desktop.train import time_machine\n"
        "import torch; torch.set_num_threads(1); time_machine._ADVANCE = 1e9\n"
        "list(train(RunConfig.from_json(sys.argv[1]), Control()))"
    )
    config = _config(run_dir)
    config = config.changed(recipe=config.recipe.changed(epochs=2000))
    environment = {**os.environ, "CNN_DESKTOP_CHECKPOINT_SECONDS": "0.2"}
    process = subprocess.Popen([sys.executable, "-c", script, config.to_json()], env=environment)
    end = time.monotonic() + 60
    while len(_steps(run_dir)) < 4 and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    process.wait()
    kept = snapshots_of(run_dir)
    assert len(kept) >= 4 and all(open_snapshot(snapshot).classes for snapshot in kept)
    control = Control()
    state = CheckpointFolder(run_dir / "checkpoints").restore().checkpoint.state
    for event in train(config, control, resume_from=run_dir):
        if isinstance(event, StepsDone):
            control.stop()
    after = _steps(run_dir)
    assert after == sorted(set(after)) and after[0] == 0
    assert [step for step in after if step <= state.step] == [
        snapshot.step for snapshot in kept if snapshot.step <= state.step
    ]


def test_a_limit_that_is_too_small_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_machine, "_MEGABYTE", 1000)
    events = list(train(_config(tmp_path / "run", snapshot_megabytes=50), Control()))
    assert any("No snapshots" in message and "time machine" in message for message in _notices(events))
    assert _steps(tmp_path / "run") == []


def test_a_disk_that_fails_leaves_a_gap_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise CnnDesktopError("The disk is full.")

    monkeypatch.setattr(snapshots, "save_model", fail)
    events = list(train(_config(tmp_path / "run"), Control()))
    assert [message for message in _notices(events) if "gap" in message] == [
        "The time machine will have a gap: The disk is full."
    ]
    assert isinstance(events[-1], RunFinished) and events[-1].outcome == "done"


def test_little_is_spent_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_machine, "_ADVANCE", 0.0)
    monkeypatch.setattr(time_machine, "_SHARE", 0.0)
    list(train(_config(tmp_path / "run"), Control()))
    assert len(_steps(tmp_path / "run")) <= 3  # the first, the last, and one before anything was spent
