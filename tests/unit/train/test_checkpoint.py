from pathlib import Path

import pytest
import torch
from torch import nn

from cnn_desktop.core.config import Recipe
from cnn_desktop.core.errors import TrainingError
from cnn_desktop.train.checkpoint import CheckpointFolder, TrainingState, weights_of
from cnn_desktop.train.optimization import make_optimizer


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    (tmp_path / "checkpoints").mkdir()
    return CheckpointFolder(tmp_path / "checkpoints")


def _trained() -> tuple[nn.Module, torch.optim.Optimizer]:
    net = nn.Linear(4, 3)
    optimizer = make_optimizer(Recipe(), net.parameters())
    net(torch.randn(5, 4)).sum().backward()
    optimizer.step()
    return net, optimizer


def test_round_trip(folder: CheckpointFolder) -> None:
    net, optimizer = _trained()
    folder.save("last", TrainingState(step=7, seconds=1.5), weights_of(net), optimizer.state_dict())
    state, weights, loaded = folder.load("last")
    assert (state.step, state.seconds) == (7, 1.5)
    assert torch.equal(weights["weight"], net.weight)
    assert torch.equal(loaded["state"][0]["exp_avg"], optimizer.state_dict()["state"][0]["exp_avg"])
    assert loaded["param_groups"][0]["betas"] == [0.9, 0.999]


def test_only_named_folders_stay(folder: CheckpointFolder) -> None:
    net, optimizer = _trained()
    for step in (1, 2, 3):
        folder.save("last", TrainingState(step=step), weights_of(net), optimizer.state_dict())
    folder.save("best", TrainingState(step=2), weights_of(net), None)
    (folder.folder / "partial-step-000009").mkdir()
    folder.save("last", TrainingState(step=4), weights_of(net), optimizer.state_dict())
    assert sorted(path.name for path in folder.folder.iterdir() if path.is_dir()) == ["best-step-000002", "step-000004"]


@pytest.mark.parametrize("name", ["model.safetensors", "state.safetensors", "state.json"])
def test_a_flipped_bit_is_refused(folder: CheckpointFolder, name: str) -> None:
    net, optimizer = _trained()
    file = folder.save("last", TrainingState(step=1), weights_of(net), optimizer.state_dict()) / name
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)
    with pytest.raises(TrainingError, match="damaged"):
        folder.load("last")


def test_a_missing_file_and_an_empty_folder_are_said(folder: CheckpointFolder) -> None:
    with pytest.raises(TrainingError, match="no checkpoint"):
        folder.load("last")
    net, optimizer = _trained()
    path = folder.save("last", TrainingState(step=1), weights_of(net), optimizer.state_dict())
    (path / "model.safetensors").unlink()
    with pytest.raises(TrainingError):
        folder.load("last")
    (folder.folder / "last.json").write_text("{}")
    with pytest.raises(TrainingError, match="can't be read"):
        folder.load("last")
