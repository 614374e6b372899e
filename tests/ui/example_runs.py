"""Runs with a model, as training leaves them, without the training."""

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
