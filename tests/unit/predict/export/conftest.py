"""A model with everything that an export has to keep, and its ONNX file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.predict.export import onnx_graph
from cnn_desktop.predict.export.exporting import Exported, export_model
from cnn_desktop.predict.export.tracing import plan_of, write_graph

pytest.importorskip("onnxscript")
pytest.importorskip("onnxruntime")


@dataclass(frozen=True)
class Written:
    """A model, and what became of it."""

    model: Model
    exported: Exported


def some_model(architecture: str = "resnet9", channels: int = 3, **preprocessing: object) -> Model:
    """A model with weights and batch norms of no special values."""
    torch.manual_seed(0)
    facts = Preprocessing.model_validate(
        {
            "height": 16,
            "width": 16,
            "channels": channels,
            "resize": "crop",
            "shorter_side": 19,
            "mean": (0.4, 0.5, 0.6)[:channels],
            "std": (0.2, 0.25, 0.3)[:channels],
            **preprocessing,
        }
    )
    module = build(architecture, 4, channels, (facts.height, facts.width)).eval()
    randomise(module)
    return Model(
        architecture=architecture,
        module=module,
        classes=("Äpfel", "pears", "🍒", "plums"),
        preprocessing=facts,
        title="Fruit finder",
        figures={"test_accuracy": 0.875, "dataset": "fruit"},
        temperature=1.7,
    )


def randomise(module: nn.Module) -> None:
    """Give batch norms statistics and weights as training does, all different."""
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.running_mean is not None
            assert layer.running_var is not None
            layer.running_mean.normal_(0, 0.5)
            layer.running_var.uniform_(0.3, 2)
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.normal_(layer.bias, 0, 0.3)


@pytest.fixture
def traced_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process of its own for each graph: it takes seconds to start, and nothing is trained meanwhile."""

    def trace(model: Model, path: Path, progress: Progress) -> None:
        progress(0, 0)
        write_graph(plan_of(model), path)

    monkeypatch.setattr(onnx_graph, "trace", trace)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A model as ONNX, written as people write it."""
    model = some_model()
    return Written(model, export_model(model, tmp_path_factory.mktemp("onnx") / "fruit.onnx", "onnx"))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks as small as these gain nothing from more threads, and lose much where cores are shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
