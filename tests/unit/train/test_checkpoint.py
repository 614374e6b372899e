import json
from pathlib import Path

import pytest
import torch
from torch import nn

from cnn_desktop.core.errors import CheckpointError
from cnn_desktop.train.runs.checkpoint import (
    Checkpoint,
    TrainingState,
    checkpoint_seconds,
    read_checkpoint,
    weights_of,
    write_checkpoint,
)

NAMES = ["model.safetensors", "state.safetensors", "state.json", "manifest.json"]


def _checkpoint() -> Checkpoint:
    state = TrainingState(step=7, seconds=0.1 + 0.2, best_accuracy=1 / 3, ended="enough")
    tensors = {
        "optimizer.0.exp_avg": torch.randn(3, 4),
        "optimizer.0.step": torch.tensor(7.0),
        "average.half": torch.randn(2, 3, 4, 5).to(torch.bfloat16, memory_format=torch.channels_last),
    }
    facts = {"groups": [{"lr": 0.1, "params": [0]}], "scaler": {"scale": 65536.0}}
    return Checkpoint(state, weights_of(nn.Linear(4, 3)), tensors, facts)


def test_round_trip_to_the_bit(tmp_path: Path) -> None:
    written = _checkpoint()
    write_checkpoint(written, tmp_path / "step")
    read = read_checkpoint(tmp_path / "step")
    assert read.state == written.state and read.facts == written.facts
    for one, other in ((written.weights, read.weights), (written.tensors, read.tensors)):
        assert one.keys() == other.keys()
        assert all(torch.equal(one[name], other[name]) and one[name].dtype == other[name].dtype for name in one)
    assert read.size == written.size == 4 * (15 + 12 + 1) + 2 * 120


def test_what_was_read_holds_no_file(tmp_path: Path) -> None:
    """Windows removes no file that is mapped into memory, and a mapped file that is cut short kills the program."""
    write_checkpoint(_checkpoint(), tmp_path / "step")
    read = read_checkpoint(tmp_path / "step")
    before = {name: tensor.clone() for name, tensor in read.weights.items()}
    for name in NAMES:
        (tmp_path / "step" / name).write_bytes(b"")
    assert all(torch.equal(before[name], tensor) for name, tensor in read.weights.items())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [0.0, 0.4, 0.9])
def test_a_flipped_bit_is_refused(tmp_path: Path, name: str, place: float) -> None:
    write_checkpoint(_checkpoint(), tmp_path / "step")
    file = tmp_path / "step" / name
    content = bytearray(file.read_bytes())
    content[int(place * len(content))] ^= 1
    file.write_bytes(content)
    with pytest.raises(CheckpointError, match="step"):
        read_checkpoint(tmp_path / "step")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_truncated_or_missing_file_is_refused(tmp_path: Path, name: str, share: float) -> None:
    write_checkpoint(_checkpoint(), tmp_path / "step")
    file = tmp_path / "step" / name
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(CheckpointError, match="step"):
        read_checkpoint(tmp_path / "step")
    file.unlink()
    with pytest.raises(CheckpointError, match="step"):
        read_checkpoint(tmp_path / "step")


def test_a_newer_version_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = _checkpoint()
    monkeypatch.setattr("cnn_desktop.train.runs.checkpoint.asdict", lambda state: {**vars(state), "warp_factor": 9})
    write_checkpoint(checkpoint, tmp_path / "step")
    assert json.loads((tmp_path / "step" / "state.json").read_text())["state"]["warp_factor"] == 9
    with pytest.raises(CheckpointError, match="newer version"):
        read_checkpoint(tmp_path / "step")


def test_the_interval_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CNN_DESKTOP_CHECKPOINT_SECONDS", raising=False)
    assert checkpoint_seconds() == 30
    monkeypatch.setenv("CNN_DESKTOP_CHECKPOINT_SECONDS", "0.25")
    assert checkpoint_seconds() == 0.25
    monkeypatch.setenv("CNN_DESKTOP_CHECKPOINT_SECONDS", "often")
    assert checkpoint_seconds() == 30
