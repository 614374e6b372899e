import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_desktop.core.paths import settings_file
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]

SHORT = ("--dataset", "digits", "--arch", "mnist_cnn", "--device", "cpu", "--precision", "fp32")


@pytest.fixture
def digit(tmp_path: Path) -> Path:
    """A picture of a vertical stroke, which any digits model has an opinion on."""
    pixels = np.zeros((8, 8), np.uint8)
    pixels[1:7, 3:5] = 255
    Image.fromarray(pixels).save(tmp_path / "one.png")
    return tmp_path / "one.png"


@pytest.fixture
def run(command: Command, tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    assert command("train", *SHORT, "--epochs", 2, "--run-dir", folder, "--json").code == 0
    return folder


def test_train_prints_one_json_object_a_line(command: Command, tmp_path: Path) -> None:
    answer = command("train", *SHORT, "--epochs", 2, "--seed", 3, "--run-dir", tmp_path / "run", "--json")
    assert answer.code == 0
    last = answer.lines[-1]
    assert last["event"] == "run_finished" and last["outcome"] == "done"
    assert last["run_dir"] == str(tmp_path / "run")
    assert last["test_accuracy"] > 0.5 and last["train_seconds"] > 0 and last["throughput"] > 0
    assert [line["epoch"] for line in answer.lines if line["event"] == "epoch_done"] == [1, 2]


def test_train_for_a_person(command: Command, tmp_path: Path) -> None:
    answer = command("train", *SHORT, "--epochs", 1, "--run-dir", tmp_path / "run")
    assert answer.code == 0
    assert "Epoch 1 of 1: training loss" in answer.out and "Test accuracy" in answer.out


def test_options_change_the_recipe_and_a_config_describes_the_run(command: Command, tmp_path: Path) -> None:
    options = ("--steps", 3, "--batch-size", 32, "--lr", 0.02, "--optimizer", "rmsprop", "--schedule", "cosine")
    more = ("--augment", "flip,crop=1", "--val-fraction", 0.2, "--image-size", 10, "--weight-decay", 0.001)
    first = command("train", *SHORT, *options, *more, "--run-dir", tmp_path / "a", "--json")
    assert first.lines[-1]["steps"] == 3
    again = command("train", "--config", tmp_path / "a" / "config.json", "--run-dir", tmp_path / "b", "--json")
    assert again.lines[-1]["test_loss"] == first.lines[-1]["test_loss"]
    text = (tmp_path / "b" / "config.json").read_text()
    for part in ('"rmsprop"', '"cosine"', "0.02", '"horizontal_flip": true', '"image_size": 10', "0.001"):
        assert part in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "--dataset", "digitz", "--arch", "mnist_cnn"), "did you mean digits"),
        (("train", "--dataset", "digits", "--arch", "mnist_cn"), "did you mean mnist_cnn"),
        (("train", "--dataset", "digits"), "--arch"),
        (("train", *SHORT, "--optimizer", "adem"), "optimizer"),
        (("train", *SHORT, "--augment", "wobble"), "wobble"),
        (("train", *SHORT, "--device", "cuda:77"), "cuda:77"),
        (("train", "--dataset", "digits", "--arch", "vgg16"), "32"),
        (("train", "--config", "/nowhere/config.json"), "/nowhere/config.json"),
        (("train", "--resume", "/nowhere"), "/nowhere"),
        (("predict", "--model", "vgg17", "x.png"), "vgg16"),
        (("evaluate", "--model", "/nowhere.cnnmodel", "--dataset", "digits"), "/nowhere.cnnmodel"),
        (("datasets", "check", "/nowhere"), "/nowhere"),
        (("trian",), "trian"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(command: Command, arguments: tuple[str, ...], words: str) -> None:
    answer = command(*arguments)
    assert answer.code == 2
    assert words in answer.err
    assert answer.err.count("\n") == 1 and "Traceback" not in answer.err
    assert answer.out == ""


def test_a_folder_is_remembered_by_its_whole_path(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for label, shade in (("dark", 40), ("light", 200)):
        (tmp_path / "shades" / label).mkdir(parents=True)
        for number in range(6):
            Image.new("RGB", (12, 12), (shade + number,) * 3).save(tmp_path / "shades" / label / f"{number}.png")
    monkeypatch.chdir(tmp_path)
    answer = command("train", "--dataset", "shades", "--arch", "mnist_cnn", "--steps", 2, "--run-dir", "run", "--json")
    assert answer.code == 0
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["dataset"] == str(tmp_path / "shades") and config["run_dir"] == str(tmp_path / "run")


def test_predict(command: Command, run: Path, digit: Path, tmp_path: Path) -> None:
    answer = command("predict", "--model", run, digit, "--json", "--csv", tmp_path / "answers.csv")
    assert answer.code == 0
    (line,) = answer.lines
    assert line["image"] == str(digit)
    assert sorted(guess["class"] for guess in line["top"]) == [str(number) for number in range(10)]
    assert sum(guess["probability"] for guess in line["top"]) == pytest.approx(1, abs=1e-4)
    probabilities = [guess["probability"] for guess in line["top"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert "one.png" in (tmp_path / "answers.csv").read_text()
    assert len(command("predict", "--model", run / "model.cnnmodel", digit, "--top", 3, "--json").lines[0]["top"]) == 3


def test_what_a_foreign_file_does_not_say_is_said_beside_the_answers(
    command: Command, digit: Path, tmp_path: Path
) -> None:
    import torch

    from cnn_desktop.models.architecture import build

    torch.save(build("mnist_cnn", 4, 1, (28, 28)).state_dict(), tmp_path / "foreign.pt")
    answer = command("predict", "--model", tmp_path / "foreign.pt", digit, "--json")
    assert answer.code == 0
    assert {guess["class"] for guess in answer.lines[0]["top"]} == {f"class {number}" for number in range(4)}
    assert "MNIST CNN" in answer.err and "classes.txt" in answer.err


def test_predict_answers_for_some_and_refuses_others(command: Command, run: Path, digit: Path) -> None:
    (digit.parent / "text.png").write_text("no picture")
    answer = command("predict", "--model", run, digit.parent / "text.png", digit, "--json")
    assert answer.code == 3
    assert "text.png" in answer.lines[0]["error"] and "top" in answer.lines[1]
    assert command("predict", "--model", run, digit.parent / "text.png").code == 2
    (digit.parent / "empty").mkdir()
    nothing = command("predict", "--model", run, digit.parent / "empty")
    assert nothing.code == 2 and "no pictures" in nothing.err


def test_evaluate_agrees_with_the_run(command: Command, run: Path) -> None:
    (line,) = command("evaluate", "--model", run, "--dataset", "digits", "--device", "cpu", "--json").lines
    finished = json.loads((run / "metrics.jsonl").read_text().splitlines()[-1])
    assert line["accuracy"] == pytest.approx(finished["test_accuracy"])
    assert line["loss"] == pytest.approx(finished["test_loss"], rel=1e-4)
    mismatch = command("evaluate", "--model", run, "--dataset", "xo")
    assert mismatch.code == 2 and "class" in mismatch.err


def test_inspect_writes_pictures_and_arrays(command: Command, run: Path, digit: Path, tmp_path: Path) -> None:
    options = ("--model", run, "--image", digit, "--output", tmp_path / "out")
    answer = command("inspect", *options, "--layer", "conv1", "--json")
    assert answer.code == 0
    files = [Path(line["file"]) for line in answer.lines]
    assert all(file.stat().st_size > 0 for file in files)
    arrays = [np.load(file) for file in files if file.suffix == ".npy"]
    assert sorted(array.shape for array in arrays) == [(32, 1, 3, 3), (32, 6, 6)]
    wrong = command("inspect", *options, "--layer", "conv9")
    assert wrong.code == 2 and "conv1" in wrong.err
    without = command("inspect", "--model", run, "--layer", "conv1")
    assert without.code == 2 and "--image" in without.err


def test_inspect_lists_the_layers(command: Command, run: Path) -> None:
    lines = command("inspect", "--model", run, "--json").lines
    assert [line["name"] for line in lines][:2] == ["conv1", "relu1"]
    assert lines[0] == {"name": "conv1", "kind": "conv", "detail": "3×3, 32", "shape": [32, 6, 6], "parameters": 320}
    assert lines[-1]["name"] == "softmax"
    text = command("inspect", "--model", run).out
    assert "dense 100" in text and "32×6×6" in text


def test_lists(command: Command, tmp_path: Path) -> None:
    sets = {line["name"]: line for line in command("datasets", "--json", "--data-root", tmp_path).lines}
    assert {"digits", "xo", "mnist", "fashion_mnist", "cifar10", "cifar100", "folder"} <= set(sets)
    assert sets["digits"]["present"] and not sets["mnist"]["present"]
    names = {line["name"] for line in command("architectures", "--json").lines}
    assert {"mnist_cnn", "mnist_deep", "cifar_vgg6", "cifar_tf", "cats_dogs", "vgg16", "resnet9"} <= names
    networks = {line["ref"]: line for line in command("architectures", "--pretrained", "--json").lines}
    assert networks["vit_h_14"]["restriction"] == "not for commercial use"
    assert "densenet121" in command("architectures", "--pretrained").out
    assert "mnist_cnn" in command("architectures").out and "digits" in command("datasets").out
    assert "no runs yet" in command("runs").out


def test_runs_are_listed(command: Command) -> None:
    command("train", *SHORT, "--steps", 1, "--json")
    (line,) = command("runs", "--json").lines
    assert line["outcome"] == "done" and line["architecture"] == "mnist_cnn"
    assert "mnist_cnn-1" in command("runs").out


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """Two classes of three pictures each, and one that is broken."""
    for label in ("circle", "square"):
        (tmp_path / "shapes" / label).mkdir(parents=True)
        for number in range(3):
            picture = Image.new("RGB", (8, 8), (80 * number, 10 if label == "circle" else 200, 0))
            picture.save(tmp_path / "shapes" / label / f"{number}.png")
    (tmp_path / "shapes" / "circle" / "broken.png").write_bytes(b"\x89PNG")
    return tmp_path / "shapes"


def test_dataset_check(command: Command, shapes: Path) -> None:
    answer = command("datasets", "check", shapes, "--json")
    (line,) = answer.lines
    assert answer.code == 0
    assert {name: sum(split[name] for split in line["facts"]["counts"].values()) for name in line["classes"]} == {
        "circle": 3,
        "square": 3,
    }
    assert line["source"] == str(shapes)
    (unreadable,) = [finding for finding in line["findings"] if finding["kind"] == "unreadable"]
    assert unreadable["groups"] == [["circle/broken.png"]]
    text = command("datasets", "check", shapes).out
    for words in ("shapes: 6 pictures in 2 classes", "1 picture can't be read", "broken.png", "6 PNG"):
        assert words in text


def test_dataset_check_of_a_registered_name_sees_the_splits_of_training(command: Command) -> None:
    (line,) = command("datasets", "check", "digits", "--json").lines
    assert set(line["facts"]["counts"]) == {"train", "validation", "test"}


def test_dataset_check_writes_a_page(command: Command, shapes: Path, tmp_path: Path) -> None:
    answer = command("datasets", "check", shapes, "--html", tmp_path / "report.html", "--json")
    assert "report.html" in answer.err and answer.lines[0]["classes"] == ["circle", "square"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1 picture can&#x27;t be read" in page and "circle/broken.png" in page
    nowhere = command("datasets", "check", shapes, "--html", tmp_path / "no" / "folder" / "report.html")
    assert nowhere.code == 2 and "report.html" in nowhere.err and nowhere.out == ""


def test_dataset_check_looks_for_wrong_labels_with_a_model(command: Command, run: Path) -> None:
    (line,) = command("datasets", "check", "digits", "--model", run, "--device", "cpu", "--json").lines
    (finding,) = [finding for finding in line["findings"] if finding["kind"] == "mislabels"]
    assert 0 < len(finding["groups"]) <= 72
    assert set(finding["suggestions"].values()) <= {str(number) for number in range(10)}
    without = command("datasets", "check", "digits", "--weights", "some.pth")
    assert without.code == 2 and "--model" in without.err


def test_doctor_and_info(command: Command) -> None:
    findings = {line["what"]: line for line in command("doctor", "--json").lines}
    assert findings["torch"]["is_well"] and findings["device"]["says"]
    assert all(line["fix"] for line in findings.values() if not line["is_well"])
    (info,) = command("--info", "--json").lines
    assert info["torch"] and info["runs"]


def test_reset_forgets_the_settings(command: Command) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text("{}")
    assert command("--reset").code == 0
    assert not settings_file().exists()


def test_vgg16_from_a_file_of_weights(command: Command, digit: Path, tmp_path: Path) -> None:
    """Random weights in the published layout: 528 MB, the picture-to-ten-classes path of the real ones."""
    from cnn_desktop.models.archs import architectures

    with torch.device("meta"):
        layout = architectures["vgg16"].build(1000, 3, (224, 224)).state_dict()
    torch.save({name: torch.full(value.shape, 1e-3) for name, value in layout.items()}, tmp_path / "vgg16.pth")
    answer = command("predict", "--model", "vgg16", "--weights", tmp_path / "vgg16.pth", digit, "--json")
    assert answer.code == 0
    names = {guess["class"] for guess in answer.lines[0]["top"]}
    assert len(names) == 10
    published = architectures["vgg16"].pretrained()
    assert published is not None and names <= set(published.classes) and "Egyptian cat" in published.classes
    other = command("predict", "--model", "resnet18", "--weights", tmp_path / "vgg16.pth", digit)
    assert other.code == 2 and "vgg16.pth" in other.err
