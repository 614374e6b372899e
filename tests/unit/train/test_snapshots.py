"""Snapshots on disk: what is kept of many, what is in them, and damaged ones."""

import itertools
from pathlib import Path

import pytest
import torch

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.errors import CnnDesktopError, ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model, save_model
from cnn_desktop.train.runs import snapshots
from cnn_desktop.train.runs.snapshots import SnapshotFolder, halved, open_snapshot, snapshots_of


@pytest.fixture
def model() -> Model:
    torch.manual_seed(0)
    names = tuple(str(label) for label in range(10))
    module = build("mnist_cnn", 10, 1, (8, 8)).eval()
    return Model("mnist_cnn", module, names, Preprocessing.unit_range(8, 8, 1), "Example", {"dataset": "digits"})


def _add(folder: SnapshotFolder, model: Model, step: int, travelled: float | None = None) -> None:
    weights = halved(model.module.state_dict())
    folder.add(model, weights, step, step / 10, float(step) if travelled is None else travelled)


def _steps(run_dir: Path) -> list[int]:
    return [snapshot.step for snapshot in snapshots_of(run_dir)]


def test_a_snapshot_is_the_model_rounded_to_half_precision(tmp_path: Path, model: Model) -> None:
    _add(SnapshotFolder(tmp_path, 10**9), model, 30, 0.5)
    (known,) = snapshots_of(tmp_path)
    assert (known.step, known.epoch, known.travelled, known.bytes) == (30, 3.0, 0.5, known.path.stat().st_size)
    opened = open_snapshot(known)
    assert (opened.classes, opened.preprocessing, opened.figures["dataset"]) == (
        model.classes,
        model.preprocessing,
        "digits",
    )
    for name, tensor in model.module.state_dict().items():
        found = opened.module.state_dict()[name]
        assert found.dtype == tensor.dtype
        assert torch.equal(found, tensor.half().float() if tensor.ndim > 1 else tensor), name
    assert open_model(str(known.path)).figures["step"] == 30


def test_what_half_precision_cannot_hold_keeps_its_own() -> None:
    large = {"weight": torch.tensor([[1e6, 1.0]]), "small": torch.tensor([[1.0, -2.0]]), "count": torch.tensor(7)}
    kept = halved(large)
    assert kept["weight"].dtype == torch.float32 and torch.equal(kept["weight"], large["weight"])
    assert kept["small"].dtype == torch.float16 and kept["count"].item() == 7
    large["small"].zero_()
    assert kept["small"].tolist() == [[1.0, -2.0]]


def test_the_size_is_known_before_anything_is_copied(model: Model) -> None:
    weights = model.module.state_dict()
    assert snapshots.halved_bytes(weights) == sum(tensor.nbytes for tensor in halved(weights).values())


def test_the_limit_is_kept_and_first_and_last_stay(tmp_path: Path, model: Model) -> None:
    _add(SnapshotFolder(tmp_path / "one", 10**9), model, 0)
    (one,) = snapshots_of(tmp_path / "one")
    folder = SnapshotFolder(tmp_path / "run", int(5.5 * one.bytes))
    for step in range(40):
        _add(folder, model, step)
        assert sum(snapshot.bytes for snapshot in snapshots_of(tmp_path / "run")) <= 5.5 * one.bytes
        assert _steps(tmp_path / "run")[0] == 0 and _steps(tmp_path / "run")[-1] == step
    steps = _steps(tmp_path / "run")
    gaps = [after - before for before, after in itertools.pairwise(steps)]
    assert len(steps) == 5 and min(gaps[:-1]) >= 5, steps


def test_a_nearly_full_disk_is_left_to_the_checkpoints(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = SnapshotFolder(tmp_path, 10**9)
    _add(folder, model, 0)
    monkeypatch.setattr(snapshots, "free_bytes", lambda _folder: 200_000_000)
    with pytest.raises(CnnDesktopError, match="200 MB are free in"):
        _add(folder, model, 10)
    assert _steps(tmp_path) == [0]
    large = {"weights": torch.empty(30_000_000, dtype=torch.float16, device="meta")}
    monkeypatch.setattr(snapshots, "free_bytes", lambda _folder: 1_000_000_000)
    with pytest.raises(CnnDesktopError, match="GB are free in"):
        folder.add(model, large, 10, 1.0, 10.0)
    _add(folder, model, 10)
    assert _steps(tmp_path) == [0, 10]


def test_what_moved_little_goes_first(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST", 4)
    folder = SnapshotFolder(tmp_path, 10**9)
    for step, travelled in ((0, 0.0), (10, 1.0), (20, 2.0), (30, 2.1), (40, 3.0)):
        _add(folder, model, step, travelled)
    assert _steps(tmp_path) == [0, 10, 20, 40] or _steps(tmp_path) == [0, 10, 30, 40]


def test_steps_that_come_again_are_forgotten(tmp_path: Path, model: Model) -> None:
    folder = SnapshotFolder(tmp_path, 10**9)
    for step in (0, 10, 20, 30):
        _add(folder, model, step)
    again = SnapshotFolder(tmp_path, 10**9)
    again.forget_after(15)
    assert _steps(tmp_path) == [0, 10]
    _add(again, model, 20)
    _add(again, model, 20)
    assert _steps(tmp_path) == [0, 10, 20]


def test_a_changed_bit_is_refused_and_rubbish_is_passed_over(tmp_path: Path, model: Model) -> None:
    folder = SnapshotFolder(tmp_path, 10**9)
    _add(folder, model, 0)
    _add(folder, model, 10)
    (tmp_path / "snapshots" / "step-000020.cnnmodel").write_bytes(b"no snapshot")
    (tmp_path / "snapshots" / ".0123456789ab.cnn-desktop-part").write_bytes(b"left by a killed run")
    first, second = snapshots_of(tmp_path)
    content = bytearray(second.path.read_bytes())
    content[-3] ^= 1
    second.path.write_bytes(content)
    assert open_snapshot(first).title == "Example, step 0"
    with pytest.raises(ModelError, match="SHA-256"):
        open_snapshot(second)
    SnapshotFolder(tmp_path, 10**9)
    assert not list((tmp_path / "snapshots").glob(".*"))
    assert snapshots_of(tmp_path / "elsewhere") == []


def test_a_run_that_goes_on_is_opened_by_its_newest_snapshot(tmp_path: Path, model: Model) -> None:
    with pytest.raises(ModelError, match="hasn't ended"):
        open_model(str(tmp_path))
    folder = SnapshotFolder(tmp_path, 10**9)
    for step in (0, 20, 1_000_000):
        _add(folder, model, step)
    assert open_model(str(tmp_path)).figures["step"] == 1_000_000
    save_model(model, tmp_path / "model.cnnmodel")
    assert "step" not in open_model(str(tmp_path)).figures
