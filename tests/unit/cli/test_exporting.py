"""`export`: what it writes, what it prints, what it refuses."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    module = build("mnist_cnn", 3, 1, (8, 8)).eval()
    model = Model("mnist_cnn", module, ("a", "b", "c"), Preprocessing.unit_range(8, 8, 1), "Letters")
    save_model(model, tmp_path / "letters.cnnmodel")
    return tmp_path / "letters.cnnmodel"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def test_an_onnx_file_predicts_as_the_model_does(command: Command, model_file: Path, picture: Path) -> None:
    pytest.importorskip("onnxscript")
    target = model_file.with_name("letters.onnx")
    answer = command("export", "--model", model_file, "--format", "onnx", "--output", target, "--json")
    assert (answer.code, answer.err) == (0, "")
    (line,) = answer.lines
    assert (line["format"], line["output"], line["files"]) == ("onnx", str(target), [str(target)])
    assert line["bytes"] == target.stat().st_size
    assert line["proofs"][0]["difference"] < line["proofs"][0]["tolerance"] == 1e-4
    answers = [command("predict", "--model", model, picture, "--json").lines[0] for model in (model_file, target)]
    assert answers[0] == answers[1]


def test_a_model_file_for_a_person(command: Command, model_file: Path) -> None:
    target = model_file.with_name("letters.safetensors")
    answer = command("export", "--model", model_file, "--format", "safetensors", "--output", target)
    assert answer.code == 0
    first, second = answer.out.splitlines()
    assert first.startswith(str(target))
    assert "largest difference 0 of the logits’ range on 16 pictures" in second


def test_python_answers_as_the_program_does(command: Command, model_file: Path, picture: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    answer = command("export", "--model", model_file, "--format", "python", "--output", folder, "--json")
    assert answer.code == 0
    (line,) = answer.lines
    assert str(folder / "predict.py") in line["files"]
    assert line["proofs"][0]["difference"] <= line["proofs"][0]["tolerance"]
    ran = subprocess.run(
        [sys.executable, "predict.py", picture], cwd=folder, capture_output=True, text=True, check=True, timeout=120
    )
    best = command("predict", "--model", model_file, picture, "--json").lines[0]["top"][0]["class"]
    assert best in ran.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--format", "keras", "--output", "m"), "There is no format “keras”; there are onnx, safetensors, python."),
        (("--format", "python", "--output", "m.py"), "name a folder, such as m."),
        (("--format", "onnx", "--output", "."), ". is a folder; name the file to write."),
        (("--format", "safetensors", "--output", "m", "--with-preprocessing"), "goes with --format onnx"),
    ],
    ids=["format", "file for python", "folder for onnx", "preprocessing"],
)
def test_what_can_t_be_done_is_said_before_the_model_is_opened(
    options: tuple[str, ...], sentence: str, command: Command
) -> None:
    answer = command("export", "--model", "no such model", *options)
    assert answer.code == 2
    assert sentence in answer.err
    assert answer.err.count("\n") == 1


def test_an_unknown_model_is_refused(command: Command, tmp_path: Path) -> None:
    answer = command("export", "--model", "no-such-model", "--format", "safetensors", "--output", tmp_path / "m")
    assert answer.code == 2
    assert "no-such-model" in answer.err


def test_the_outcome_is_json_even_where_there_is_more_to_say(command: Command, model_file: Path) -> None:
    target = model_file.with_name("again.cnnmodel")
    answer = command("export", "--model", model_file, "--format", "safetensors", "--output", target, "--json")
    assert json.loads(answer.out)["notice"] == ""
