"""Runs as training leaves them, without the training."""

import json
from pathlib import Path

import torch

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model


def example_model(classes: int = 10, seed: int = 0, architecture: str = "mnist_cnn", **figures: str) -> Model:
    """A small network with random weights for digits of 8×8."""
    torch.manual_seed(seed)
    names = tuple(str(label) for label in range(classes))
    module = build(architecture, classes, 1, (8, 8)).eval()
    facts: dict[str, float | int | str] = {"dataset": "digits", **figures}
    return Model(architecture, module, names, Preprocessing.unit_range(8, 8, 1), f"Example {seed}", facts)


def example_run(number: int = 1, model: Model | None = None) -> Path:
    """A run folder beside the program's other runs."""
    folder = runs_dir() / f"2026-11-20-digits-mnist_cnn-{number}"
    folder.mkdir(parents=True)
    config = RunConfig(dataset="digits", architecture="mnist_cnn", recipe=Recipe())
    (folder / "config.json").write_text(config.to_json(), "utf-8")
    save_model(model or example_model(seed=number), folder / "model.cnnmodel")
    return folder


def killed_run(with_checkpoint: bool = True) -> Path:
    """A run whose program was killed in the fourth of ten epochs."""
    folder = runs_dir() / "2026-11-20-digits-mnist_cnn-9"
    (folder / "checkpoints" / "step-000030").mkdir(parents=True)
    config = RunConfig(dataset="digits", architecture="mnist_cnn", recipe=Recipe(), seed=1234)
    (folder / "config.json").write_text(config.to_json(), "utf-8")
    epoch = {"train_loss": 0.5, "train_accuracy": 0.9, "validation_loss": 0.5, "validation_accuracy": 0.9}
    epoch |= {"learning_rate": 1e-3, "throughput": 1e4, "is_best": True}
    losses = {"losses": (0.5, None), "accuracy": 0.9, "learning_rate": 1e-3, "throughput": 1e4, "seconds_left": 9.0}
    figures = {**losses, "gradient_norm": None, "device_memory": None}
    events = [
        {"event": "run_started", "run_dir": str(folder), "dataset": "digits", "architecture": "mnist_cnn"},
        {"event": "training_started", "epochs": 10, "steps_per_epoch": 10, "total_steps": 100},
        *({"event": "steps_done", "step": step, "seconds": step / 10, **figures} for step in range(2, 38, 2)),
        *({"event": "epoch_done", "epoch": n, "step": 10 * n, "seconds": float(n), **epoch} for n in (1, 2, 3)),
    ]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    if with_checkpoint:
        (folder / "checkpoints" / "last.json").write_text('{"step": 30, "folder": "step-000030"}', "utf-8")
    return folder
