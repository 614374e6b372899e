"""Exporting as Python: what is written, what is refused, what is left when it fails."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from cnn_desktop.core.errors import BadInputError, ExportError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.dataset import datasets
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.source import definitions
from cnn_desktop.models.weights import load_model
from cnn_desktop.predict.export import script_proof
from cnn_desktop.predict.export.sample_pictures import sample_pictures
from cnn_desktop.train.control import Control
from cnn_desktop.train.scripting import export_python
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train


@pytest.fixture
def run(tmp_path: Path) -> Path:
    config = default_config("digits", "mnist_cnn", run_dir=tmp_path / "run", device="cpu", precision="fp32")
    list(train(config.changed(recipe=config.recipe.changed(steps=3)), Control()))
    return tmp_path / "run"


@pytest.fixture
def model() -> Model:
    facts = Preprocessing.unit_range(8, 8, 1)
    return Model("mnist_cnn", build("mnist_cnn", 3, 1, (8, 8)).eval(), ("a", "b", "c"), facts, "T")


def test_a_run_gives_both_scripts(run: Path, tmp_path: Path) -> None:
    model = load_model(run / "model.cnnmodel")
    exported = export_python(model, tmp_path / "out", run, pictures=sample_pictures(3))
    assert [file.name for file in exported.files] == ["model.cnnmodel", "predict.py", "train.py"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [file.name for file in exported.files]
    assert exported.proof.holds and exported.proof.pictures == 3 and not exported.notice
    assert "This is the run run" in (tmp_path / "out" / "train.py").read_text(encoding="utf-8")
    again = load_model(tmp_path / "out" / "model.cnnmodel")
    assert again.classes == model.classes


def test_a_model_gives_the_one_that_predicts(model: Model, tmp_path: Path) -> None:
    exported = export_python(model, tmp_path, pictures=sample_pictures(1))
    assert [file.name for file in exported.files] == ["model.cnnmodel", "predict.py"]


def test_nothing_is_overwritten(model: Model, tmp_path: Path) -> None:
    (tmp_path / "predict.py").write_text("mine")
    with pytest.raises(BadInputError, match=r"holds predict\.py already"):
        export_python(model, tmp_path, pictures=sample_pictures(1))
    assert [file.name for file in tmp_path.iterdir()] == ["predict.py"]
    assert (tmp_path / "predict.py").read_text() == "mine"


def test_a_script_that_answers_otherwise_is_not_kept(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_files = script_proof.on_files

    def shifted(answer: Callable[[Path], torch.Tensor]) -> object:
        return on_files(lambda file: answer(file) + torch.randn(3))

    monkeypatch.setattr(script_proof, "on_files", shifted)
    with pytest.raises(ExportError, match="largest difference"):
        export_python(model, tmp_path, pictures=sample_pictures(1))
    assert not list(tmp_path.iterdir())


def test_without_its_dataset_a_run_only_predicts(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_arguments: object) -> None:
        raise BadInputError("The digits are gone.")

    monkeypatch.setattr(datasets["digits"], "load", gone)
    exported = export_python(load_model(run / "model.cnnmodel"), tmp_path / "out", run, pictures=sample_pictures(1))
    assert [file.name for file in exported.files] == ["model.cnnmodel", "predict.py"]
    assert exported.notice == "There is no training script: The digits are gone."


def test_without_source_there_is_no_script(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_source(_thing: object) -> str:
        raise OSError("could not get source code")

    monkeypatch.setattr(definitions.inspect, "getsource", no_source)
    definitions.definitions.cache_clear()
    with pytest.raises(ExportError, match="holds no source"):
        export_python(model, tmp_path)
    assert not list(tmp_path.iterdir())
