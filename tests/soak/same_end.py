"""Whether two runs ended with the same bits."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder

_TIMES = ("seconds", "step_seconds", "validation_seconds", "epoch_seconds", "metrics_bytes", "table_bytes")
_FIGURES = ("epoch", "step", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate")


def differences(one: Path, other: Path) -> list[str]:
    """What differs between two run folders, times left out: model file, last and best checkpoint, table of epochs."""
    found = _unequal("model file", load_file(one / "model.cnnmodel"), load_file(other / "model.cnnmodel"))
    first, second = (CheckpointFolder(run / "checkpoints").load("last") for run in (one, other))
    found += _unequal("weights", first.weights, second.weights)
    found += _unequal("optimizer and average", first.tensors, second.tensors)
    if (first.facts, _timeless(first.state)) != (second.facts, _timeless(second.state)):
        found.append(f"state: {_timeless(first.state)} and {_timeless(second.state)}")
    best, other_best = (CheckpointFolder(run / "checkpoints").load("best") for run in (one, other))
    found += _unequal("best weights", best.weights, other_best.weights)
    if _table(one) != _table(other):
        found.append("metrics.csv")
    return found


def _unequal(what: str, first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> list[str]:
    if first.keys() != second.keys():
        return [f"{what}: other names"]
    names = [name for name in first if not torch.equal(first[name], second[name])]
    return [f"{what}: {len(names)} of {len(first)} tensors"] if names else []


def _timeless(state: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(state).items() if name not in _TIMES}


def _table(run: Path) -> list[list[str]]:
    with (run / "metrics.csv").open(encoding="utf-8", newline="") as stream:
        return [[row[name] for name in _FIGURES] for row in csv.DictReader(stream)]
