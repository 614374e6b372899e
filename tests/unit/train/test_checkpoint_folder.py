import errno
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from cnn_desktop.core.errors import CheckpointError
from cnn_desktop.train.runs import checkpoint_folder
from cnn_desktop.train.runs.checkpoint import Checkpoint, TrainingState, write_checkpoint
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    return CheckpointFolder(tmp_path / "checkpoints")


def checkpoint(step: int, best_step: int | None = None) -> Checkpoint:
    state = TrainingState(step=step, best_step=best_step, best_accuracy=None if best_step is None else 0.5)
    return Checkpoint(state, {"weight": torch.full((100,), float(step))}, {"average.weight": torch.ones(3)}, {})


def best(step: int) -> Checkpoint:
    return Checkpoint(TrainingState(step=step, best_step=step), {"weight": torch.full((100,), -float(step))})


def _folders(folder: CheckpointFolder) -> list[str]:
    return sorted(path.name for path in folder.folder.iterdir() if path.is_dir())


def _damage(folder: CheckpointFolder, name: str) -> None:
    file = folder.folder / name / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)


def test_the_last_two_and_the_best_of_each_stay(folder: CheckpointFolder) -> None:
    for step in (1, 2, 3):
        folder.save("last", checkpoint(step))
    assert _folders(folder) == ["step-000002", "step-000003"]
    folder.save("best", best(3))
    folder.save("last", checkpoint(4, best_step=3))
    folder.save("best", best(5))
    folder.save("last", checkpoint(6, best_step=5))
    assert _folders(folder) == ["best-step-000003", "best-step-000005", "step-000004", "step-000006"]
    assert folder.load("last").state.step == 6
    assert folder.load("best").state.step == 5
    assert sorted(file.name for file in folder.folder.glob("*.json")) == ["best.json", "last.json", "previous.json"]


def test_best_weights_are_written_once(folder: CheckpointFolder) -> None:
    path = folder.save("best", best(3))
    written = (path / "manifest.json").stat().st_mtime_ns
    assert folder.save("best", best(3)) == path
    assert (path / "manifest.json").stat().st_mtime_ns == written
    shutil.rmtree(folder.folder)
    assert folder.save("best", best(3)).is_dir(), "it was deleted, so that it has to be written again"
    assert folder.load("best").state.step == 3


def test_the_same_step_again_is_what_was_saved_last(folder: CheckpointFolder) -> None:
    folder.save("last", checkpoint(5))
    folder.save("last", checkpoint(5, best_step=5))
    assert folder.load("last").state.best_step == 5


def test_going_on_from_what_was_saved(folder: CheckpointFolder) -> None:
    folder.save("best", best(3))
    folder.save("last", checkpoint(4, best_step=3))
    restored = CheckpointFolder(folder.folder).restore()
    assert restored.checkpoint.state.step == 4 and restored.notices == ()
    assert restored.best_weights is not None and restored.best_weights["weight"][0] == -3


@pytest.mark.parametrize("damage", ["bit", "file", "folder", "pointer"])
def test_a_damaged_last_one_leaves_the_one_before_it_with_its_own_best(folder: CheckpointFolder, damage: str) -> None:
    for step in (2, 4):
        folder.save("best", best(step - 1))
        folder.save("last", checkpoint(step, best_step=step - 1))
    match damage:
        case "bit":
            _damage(folder, "step-000004")
        case "file":
            (folder.folder / "step-000004" / "state.json").unlink()
        case "folder":
            shutil.rmtree(folder.folder / "step-000004")
        case _:
            (folder.folder / "last.json").write_text('{"fold')
    again = CheckpointFolder(folder.folder)
    again.sweep()
    restored = again.restore()
    assert restored.checkpoint.state.step == 2
    assert restored.best_weights is not None and restored.best_weights["weight"][0] == -1
    assert len(restored.notices) == 1 and "after step 2" in restored.notices[0]

    again.save("best", best(3))
    again.save("last", checkpoint(4, best_step=3))  # the same steps once more, beside the damaged folder
    assert "step-000002" in _folders(again), "the damaged one must not take the place of the good one before"
    assert CheckpointFolder(folder.folder).restore().notices == ()
    assert CheckpointFolder(folder.folder).restore().checkpoint.state.step == 4


def test_damaged_best_weights_cost_only_themselves(folder: CheckpointFolder) -> None:
    folder.save("best", best(3))
    folder.save("last", checkpoint(4, best_step=3))
    _damage(folder, "best-step-000003")
    restored = CheckpointFolder(folder.folder).restore()
    assert restored.best_weights is None and restored.checkpoint.state.step == 4
    assert restored.checkpoint.state.best_step is restored.checkpoint.state.best_accuracy is None
    assert len(restored.notices) == 1


def test_nothing_to_go_on_from_is_said(folder: CheckpointFolder) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint"):
        folder.restore()
    folder.save("last", checkpoint(1))
    _damage(folder, "step-000001")
    with pytest.raises(CheckpointError, match=r"damaged.*Start a new run"):
        folder.restore()
    (folder.folder / "last.json").write_text("{}")
    with pytest.raises(CheckpointError, match="can't be read"):
        folder.load("last")


def test_leftovers_are_swept_but_nothing_that_may_count(folder: CheckpointFolder) -> None:
    folder.save("last", checkpoint(1))
    (folder.folder / "partial-step-000009").mkdir()
    (folder.folder / ".0123456789ab.cnn-desktop-part").write_text("{")
    (folder.folder / "step-000009").mkdir()
    CheckpointFolder(folder.folder).sweep()
    assert sorted(path.name for path in folder.folder.iterdir()) == ["last.json", "step-000001"]
    (folder.folder / "last.json").write_text("{")
    (folder.folder / "partial-step-000009").mkdir()
    CheckpointFolder(folder.folder).sweep()
    assert _folders(folder) == ["step-000001"], "nobody knows any more what counts, so all stays"


def test_where_only_two_find_room_the_one_before_the_last_gives_way(
    folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_if_there_is_room(checkpoint: Checkpoint, target: Path) -> None:
        if len(list(target.parent.glob("step-*"))) >= 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_checkpoint(checkpoint, target)

    monkeypatch.setattr(checkpoint_folder, "write_checkpoint", write_if_there_is_room)
    for step in (1, 2):
        folder.save("last", checkpoint(step))
    with pytest.raises(CheckpointError, match="No space left"):
        folder.save("last", checkpoint(3))  # there is room enough, so something else is wrong
    assert _folders(folder) == ["step-000001", "step-000002"]
    monkeypatch.setattr(checkpoint_folder, "free_bytes", lambda _folder: 10)
    folder.save("last", checkpoint(4))
    assert _folders(folder) == ["step-000002", "step-000004"]
    assert CheckpointFolder(folder.folder).restore().checkpoint.state.step == 4


_SAVING = """
import signal, sys
from pathlib import Path
import torch
from cnn_desktop.core.errors import CheckpointError
from cnn_desktop.train.runs.checkpoint import Checkpoint, TrainingState
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = CheckpointFolder(Path(sys.argv[1]))
for count in (1_000, 1_000_000, 2_000):
    try:
        folder.save("last", Checkpoint(TrainingState(step=count), {"weight": torch.zeros(count)}))
        print("saved", count)
    except CheckpointError as error:
        print(error)
"""


def test_a_full_disk_keeps_the_last_good_one_and_says_how_much_is_needed(folder: CheckpointFolder) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SAVING, str(folder.folder)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        check=True,
    )
    first, refused, third = done.stdout.splitlines()
    assert (first, third) == ("saved 1000", "saved 2000")
    assert "after step 1000000" in refused and "needs 4.0 MB" in refused and str(folder.folder) in refused
    assert _folders(folder) == ["step-001000", "step-002000"]
    assert json.loads((folder.folder / "previous.json").read_text())["step"] == 1000
    assert folder.restore().checkpoint.state.step == 2000
