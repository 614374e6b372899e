import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import torch

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CheckpointError
from cnn_desktop.core.events import EpochDone, Notice
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.train.runs import run_folder
from cnn_desktop.train.runs.checkpoint import Checkpoint, TrainingState
from cnn_desktop.train.runs.growing_file import GrowingFile
from cnn_desktop.train.runs.run_folder import RunFolder


def _config(run_dir: Path | None) -> RunConfig:
    return RunConfig(dataset="digits", architecture="mnist_cnn", recipe=Recipe(), run_dir=run_dir)


def _epoch(epoch: int) -> EpochDone:
    return EpochDone(epoch, 10 * epoch, 0.5, 0.9, None, None, 0.1, 100.0, 1.0, False)


def _messages(path: Path) -> list[str]:
    return [json.loads(line)["message"] for line in (path / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(_config(tmp_path / "run"))


def _checkpoint(step: int) -> Checkpoint:
    return Checkpoint(TrainingState(step=step), {"weight": torch.ones(3)})


# ---- who trains it


def test_a_run_is_trained_by_one_at_a_time(folder: RunFolder) -> None:
    assert RunFolder.is_running(folder.path)
    assert json.loads((folder.path / "running.lock").read_text())["pid"] == os.getpid()
    with pytest.raises(BadInputError, match="being trained already"):
        RunFolder(folder.path)
    folder.close()
    assert not RunFolder.is_running(folder.path) and not (folder.path / "running.lock").exists()
    again = RunFolder(folder.path)
    assert RunFolder.is_running(folder.path)
    again.close()


def test_a_killed_process_trains_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "run"
    script = (
        "import os, sys; from pathlib import Path; from cnn_desktop.core.config import RunConfig\n"
        "from cnn_desktop.train.runs.run_folder import RunFolder\n"
        "folder = RunFolder.create(RunConfig.from_json(sys.argv[1]))\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, _config(path).to_json()], check=False)
    assert (path / "running.lock").exists() and not RunFolder.is_running(path)
    RunFolder(path).close()


def test_new_runs_get_folders_of_their_own(home: Path) -> None:
    folders = [RunFolder.create(_config(None)) for _again in range(3)]
    assert len({folder.path for folder in folders}) == 3
    assert all(folder.path.is_relative_to(home) for folder in folders)
    for folder in folders:
        folder.close()


# ---- logs


def test_events_are_on_disk_at_once_and_can_be_taken_back(folder: RunFolder) -> None:
    folder.log(Notice("one"))
    folder.log(_epoch(1))
    sizes = folder.sizes
    assert sizes == ((folder.path / "metrics.jsonl").stat().st_size, (folder.path / "metrics.csv").stat().st_size)
    folder.log(Notice("two"))
    folder.log(_epoch(2))
    folder.close()
    again = RunFolder(folder.path)
    again.rewind(*sizes)
    again.log(_epoch(2))
    assert [row["epoch"] for row in csv.DictReader((folder.path / "metrics.csv").open())] == ["1", "2"]
    lines = [json.loads(line) for line in (folder.path / "metrics.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["notice", "epoch_done", "epoch_done"]
    again.close()


def test_what_a_power_cut_left_torn_is_taken_back_too(folder: RunFolder) -> None:
    for message in ("one", "two"):
        folder.log(Notice(message))
    sizes = folder.sizes
    folder.close()
    file = folder.path / "metrics.jsonl"
    file.write_bytes(file.read_bytes()[:-7])
    again = RunFolder(folder.path)
    again.rewind(*sizes)
    again.log(Notice("three"))
    assert _messages(folder.path) == ["one", "three"]
    again.close()


def test_a_full_disk_makes_lines_wait(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.symlink_to("/dev/full")
    log = GrowingFile(path)
    for line in ("one\n", "two\n"):
        log.add(line)
        with pytest.raises(OSError, match="No space left"):
            log.flush()
    path.unlink()
    log.add("three\n")
    log.flush()
    assert path.read_text() == "one\ntwo\nthree\n"
    log.close()


def test_a_run_outlives_a_full_disk_and_says_so_once(folder: RunFolder) -> None:
    folder.log(Notice("before"))
    folder._metrics.close()
    (folder.path / "metrics.jsonl").rename(folder.path / "aside")
    (folder.path / "metrics.jsonl").symlink_to("/dev/full")
    folder._metrics = GrowingFile(folder.path / "metrics.jsonl")
    assert folder.take_problem() is None
    folder.log(Notice("during"))
    problem = folder.take_problem()
    assert problem is not None and "No space left" in problem and str(folder.path) in problem
    folder.log(Notice(problem))
    assert folder.take_problem() is None
    (folder.path / "metrics.jsonl").unlink()
    folder.log(Notice("after"))
    assert _messages(folder.path) == ["during", problem, "after"]
    assert folder.take_problem() is None
    folder.close()


# ---- a folder that goes away


def test_a_deleted_folder_is_made_again(folder: RunFolder) -> None:
    folder.write_environment({"python": "3"})
    folder.log(Notice("one"))
    folder.log(_epoch(1))
    folder.checkpoints.save("last", _checkpoint(1))
    shutil.rmtree(folder.path)
    folder.log(_epoch(2))
    assert folder.take_problem() is None
    assert RunConfig.from_json((folder.path / "config.json").read_text()) == _config(folder.path)
    assert json.loads((folder.path / "environment.json").read_text()) == {"python": "3"}
    assert len((folder.path / "metrics.jsonl").read_text().splitlines()) == 3
    assert [row["epoch"] for row in csv.DictReader((folder.path / "metrics.csv").open())] == ["1", "2"]
    assert RunFolder.is_running(folder.path)
    folder.checkpoints.save("last", _checkpoint(2))
    folder.close()
    assert not RunFolder.is_running(folder.path)
    assert RunFolder(folder.path).checkpoints.restore().checkpoint.state.step == 2


def test_a_run_goes_on_elsewhere(folder: RunFolder, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(home / "temporary"))
    old = folder.path
    moved = RunFolder(_closed(folder))
    moved.log(_epoch(1))
    shutil.rmtree(old)
    old.write_text("something else has taken the folder's name")
    moved.log(Notice("two"))
    assert moved.take_problem() is not None
    with pytest.raises(CheckpointError):
        moved.checkpoints.save("last", _checkpoint(3))

    sentence = moved.move_elsewhere()
    assert sentence is not None and str(old) in sentence and str(moved.path) in sentence
    assert moved.path == run_folder.runs_dir() / "run-1"
    moved.checkpoints.save("last", _checkpoint(3))
    assert len((moved.path / "metrics.jsonl").read_text().splitlines()) == 2
    assert RunConfig.from_json((moved.path / "config.json").read_text()).run_dir == moved.path
    assert RunFolder.is_running(moved.path)

    assert moved.move_elsewhere() is not None and moved.path.is_relative_to(home / "temporary")
    assert moved.move_elsewhere() is None, "no place is left"
    moved.close()


def _closed(folder: RunFolder) -> Path:
    folder.close()
    return folder.path


_READ_ONLY = """
import os, sys
from pathlib import Path
import torch
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CheckpointError
from cnn_desktop.core.events import Notice
from cnn_desktop.train.runs.checkpoint import Checkpoint, TrainingState
from cnn_desktop.train.runs.run_folder import RunFolder
place = Path(sys.argv[1])
if os.geteuid() == 0:  # whom no permission stops
    os.chown(place, 65534, 65534)
    os.setuid(65534)
os.environ.update(HOME=str(place / "home"), TMPDIR=str(place / "home"))
config = RunConfig.from_json(sys.argv[2]).changed(run_dir=place / "run")
folder = RunFolder.create(config)
checkpoint = Checkpoint(TrainingState(step=1), {"weight": torch.ones(3)})
folder.checkpoints.save("last", checkpoint)
(place / "run" / "checkpoints").chmod(0o500)
(place / "run").chmod(0o500)
folder.log(Notice("one"))
try:
    folder.checkpoints.save("last", checkpoint)
except CheckpointError as error:
    print(error)
print(folder.checkpoints.load("last").state.step)
print(folder.move_elsewhere())
folder.checkpoints.save("last", checkpoint)
folder.close()
try:
    RunFolder(place / "run")
except BadInputError as error:
    print(error)
(place / "run").chmod(0o700)
(place / "run" / "checkpoints").chmod(0o700)
"""


def test_a_folder_that_becomes_read_only() -> None:
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            [sys.executable, "-c", _READ_ONLY, place, _config(None).to_json()],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        refused, step, moved, no_start = done.stdout.splitlines()
        assert "Permission denied" in refused and "after step 1" in refused
        assert step == "1"
        assert "is kept in" in moved
        assert "can't be written" in no_start


def test_bad_places_are_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(BadInputError, match="isn't empty"):
        RunFolder.create(_config(tmp_path / "full"))
    with pytest.raises(BadInputError, match="can't be written"):
        RunFolder.create(_config(tmp_path / "full" / "mine.txt" / "run"))
    (home / ".local").write_text("a file")
    with pytest.raises(BadInputError, match="can't be written"):
        RunFolder.create(_config(None))
