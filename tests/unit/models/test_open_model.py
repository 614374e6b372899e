"""Any model by what a person calls it."""

import shutil
from pathlib import Path

import pytest

from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.models.weights import open_model


def test_model_file(model_file: Path) -> None:
    assert open_model(str(model_file)).title == "MNIST CNN · fruit"


def test_run_folder(model_file: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    shutil.copy(model_file, run / "model.cnnmodel")
    assert open_model(str(run)).title == "MNIST CNN · fruit"


def test_run_by_its_name(model_file: Path) -> None:
    run = runs_dir() / "2026-11-20-fruit-mnist_cnn-1"
    run.mkdir(parents=True)
    shutil.copy(model_file, run / "model.cnnmodel")
    assert open_model(run.name).title == "MNIST CNN · fruit"


def test_run_that_has_no_model_yet(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.cnnmodel"):
        open_model(str(tmp_path))


def test_unknown_name_lists_near_ones() -> None:
    with pytest.raises(BadInputError, match="resnet18"):
        open_model("resnet19")
    with pytest.raises(BadInputError, match="vgg16"):
        open_model("something quite different")


def test_a_folder_that_is_called_almost_as_a_network_is_a_folder(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "resnet99").mkdir()
    shutil.copy(model_file, tmp_path / "resnet99" / "model.cnnmodel")
    assert open_model("resnet99").title == "MNIST CNN · fruit"
    with pytest.raises(ModelError, match=r"did you mean .*vgg16"):
        open_model("vgg17")


@pytest.mark.parametrize("ref", ["no/such/folder", "absent.cnnmodel", "~nobody/x", "a\0b", ""])
def test_absent_path(ref: str) -> None:
    with pytest.raises(ModelError, match="no model"):
        open_model(ref)


def test_architecture_without_published_weights() -> None:
    with pytest.raises(ModelError, match="train it"):
        open_model("resnet9")


def test_weights_go_with_names_only(model_file: Path) -> None:
    with pytest.raises(BadInputError, match="vgg16"):
        open_model(str(model_file), weights=model_file)


def test_weights_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "weights.pth").write_text("nothing of the kind")
    with pytest.raises(ModelError, match=r"weights\.pth"):
        open_model("vgg16", weights=tmp_path / "weights.pth")
