"""Every architecture of our own, and one of torchvision's, as ONNX; `tests.soak.exports` takes them all, and larger."""

from pathlib import Path

import pytest

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.design import Activation, Convolution, Design, Flatten, Residual
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.design.architecture import DesignedArchitecture
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.export.exporting import export_model
from tests.unit.predict.export.conftest import randomise, some_model

OURS = [name for name in architectures if not isinstance(architectures[name], TorchvisionArchitecture)]


@pytest.mark.parametrize("name", [*OURS, "squeezenet1_0"])
@pytest.mark.usefixtures("traced_here")
def test_it_answers_alike_and_comes_back(name: str, tmp_path: Path) -> None:
    channels = 1 if name.startswith("mnist") else 3
    side = max(16, architectures[name].min_size)
    model = some_model(name, channels, height=side, width=side, shorter_side=side + 2)
    exported = export_model(model, tmp_path / "model.onnx", "onnx")
    assert exported.proofs[0].difference < 1e-5
    assert open_model(str(exported.place)).classes == model.classes


@pytest.mark.usefixtures("traced_here")
def test_a_design_of_a_persons_own_comes_back_whole(tmp_path: Path) -> None:
    layers = (Convolution(filters=4, stride=2), Residual(), Activation(function="silu"), Flatten())
    model = some_model("mnist_cnn")
    model.architecture, model.design = "mine", Design(name="mine", title="Mine", layers=layers)
    model.module = DesignedArchitecture(model.design).build(4, 3, (16, 16)).eval()
    randomise(model.module)
    exported = export_model(model, tmp_path / "model.onnx", "onnx")
    assert exported.proofs[0].difference < 1e-5
    assert open_model(str(exported.place)).design == model.design
