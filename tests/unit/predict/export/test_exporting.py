"""Writing a model in another form: what is kept, what is refused, what is left behind."""

import multiprocessing
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from cnn_desktop.core.errors import BadInputError, CancelledError, CnnDesktopError, ExportError
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.export import exporting
from cnn_desktop.predict.export.exporting import export_model
from cnn_desktop.predict.export.tracing import plan_of, trace
from tests.unit.predict.export.conftest import some_model


@pytest.mark.parametrize("name", ["fruit.safetensors", "fruit.cnnmodel"])
def test_a_model_file_holds_everything_whatever_its_name_ends_with(name: str, tmp_path: Path) -> None:
    model = some_model()
    exported = export_model(model, tmp_path / name, "safetensors")
    (proof,) = exported.proofs
    assert proof.difference == 0
    assert proof.pictures == 16
    opened = open_model(str(exported.place))
    assert (opened.classes, opened.preprocessing, opened.temperature) == (model.classes, model.preprocessing, 1.7)
    tensors = load_file(exported.place)
    assert all(torch.equal(tensor, tensors[key]) for key, tensor in model.module.state_dict().items())


def test_a_model_file_that_answers_something_else_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = exporting.write_model

    def write(model: Model, path: Path) -> None:
        with torch.no_grad():
            for parameter in model.module.parameters():
                parameter.mul_(1.01)
        original(model, path)
        with torch.no_grad():
            for parameter in model.module.parameters():
                parameter.div_(1.01)

    monkeypatch.setattr(exporting, "write_model", write)
    with pytest.raises(ExportError, match="answers something else"):
        export_model(some_model("mnist_cnn"), tmp_path / "model.cnnmodel", "safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_model_in_use_is_not_touched(tmp_path: Path) -> None:
    model = some_model("mnist_cnn")
    model.module.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    model.module.train()
    calls: list[int] = []
    model.module.register_forward_hook(lambda *_: calls.append(1))
    before = {name: tensor.clone() for name, tensor in model.module.state_dict().items()}
    export_model(model, tmp_path / "model.cnnmodel", "safetensors")
    assert model.module.training
    assert calls == []
    assert model.module.get_parameter("conv1.weight").is_contiguous(memory_format=torch.channels_last)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.module.state_dict().items())


def test_preprocessing_goes_with_onnx_only(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="Only ONNX"):
        export_model(some_model("mnist_cnn"), tmp_path / "m.cnnmodel", "safetensors", with_preprocessing=True)


@pytest.mark.parametrize("package", ["onnx", "onnxruntime", "onnxscript"])
def test_missing_packages_are_said_with_the_line_that_installs_them(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(BadInputError, match=r'pip install "cnn-desktop\[onnx\]"'):
        export_model(some_model("mnist_cnn"), tmp_path / "m.onnx", "onnx")


def test_a_place_that_can_t_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CnnDesktopError, match=r"can't be saved as .*file/m\.cnnmodel.*it needs"):
        export_model(some_model("mnist_cnn"), tmp_path / "file" / "m.cnnmodel", "safetensors")


def test_a_network_without_finite_weights_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    model = some_model("mnist_cnn")
    model.module.get_parameter("conv1.weight").data[0] = torch.nan
    with pytest.raises(CnnDesktopError, match="aren't finite"):
        export_model(model, tmp_path / "m.cnnmodel", "safetensors")
    assert list(tmp_path.iterdir()) == []


def test_cancelling_ends_the_process_and_leaves_nothing(tmp_path: Path) -> None:
    asked, processes = 0, set[int | None]()

    def cancel(_done: int, _total: int) -> None:
        nonlocal asked
        asked += 1
        processes.update(child.pid for child in multiprocessing.active_children())
        if asked == 3:
            raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        export_model(some_model("mnist_cnn"), tmp_path / "m.onnx", "onnx", progress=cancel)
    assert len(processes) == 1, "a training beside it fails where the graph is traced in the same process"
    assert multiprocessing.active_children() == []
    assert list(tmp_path.iterdir()) == []


def test_what_the_process_says_reaches_the_person(tmp_path: Path) -> None:
    model = some_model("mnist_cnn")
    model.architecture = "nothing_like_it"
    with pytest.raises(ExportError, match=r"Fruit finder can't be written as ONNX: .*nothing_like_it"):
        trace(model, tmp_path / "graph.onnx", lambda _done, _total: None)


def test_a_plan_is_all_that_the_process_is_told() -> None:
    plan = plan_of(some_model(height=18))
    assert (plan.architecture, plan.classes, plan.channels, plan.size) == ("resnet9", 4, 3, (18, 16))
    assert plan.temperature == 1.7
