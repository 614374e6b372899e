"""Small models and files that the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks as small as these gain nothing from more threads, and lose much where cores are shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def model() -> Model:
    """A tiny model with everything that a model file keeps."""
    torch.manual_seed(0)
    return Model(
        architecture="mnist_cnn",
        module=build("mnist_cnn", 3, 1, (6, 8)).eval(),
        classes=("Äpfel", "pears", "🍒"),
        preprocessing=Preprocessing.unit_range(6, 8, 1),
        title="MNIST CNN · fruit",
        figures={"test_accuracy": 0.875, "steps": 12, "dataset": "fruit"},
    )


@pytest.fixture
def model_file(model: Model, tmp_path: Path) -> Path:
    """`model`, saved."""
    path = tmp_path / "fruit.cnnmodel"
    save_model(model, path)
    return path
