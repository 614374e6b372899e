"""`predict` on many pictures: tables, copies, interruptions."""

import csv
import json
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
from cnn_desktop.predict.classifier import Classifier
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]
COUNT = 200


@pytest.fixture
def model(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    module = build("mnist_cnn", 10, 1, (28, 28)).eval()
    classes = tuple(str(number) for number in range(10))
    file = tmp_path / "digits.cnnmodel"
    save_model(Model("mnist_cnn", module, classes, Preprocessing.unit_range(28, 28, 1), "Digits"), file)
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, pixels in enumerate(np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28), np.uint8)):
        Image.fromarray(pixels).save(folder / f"{number:03}.png")
    return folder


def predict(command: Command, model: Path, *arguments: object) -> Answer:
    return command("predict", "--model", model, "--device", "cpu", "--precision", "fp32", *arguments)


def interrupt_at(monkeypatch: pytest.MonkeyPatch, call: int) -> list[int]:
    """Press Ctrl-C in a forward pass; notes how many pictures each finished one had."""
    computed: list[int] = []
    real = Classifier.logits

    def logits(self: Classifier, pixels: torch.Tensor) -> torch.Tensor:
        if len(computed) == call:
            computed.append(0)
            raise KeyboardInterrupt
        answer = real(self, pixels)
        computed.append(len(pixels))
        return answer

    monkeypatch.setattr(Classifier, "logits", logits)
    return computed


def test_an_interrupted_batch_is_gone_on_with(
    command: Command, model: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = predict(command, model, folder, "--json")
    assert straight.code == 0 and len(straight.lines) == COUNT
    computed = interrupt_at(monkeypatch, 2)
    first = predict(command, model, folder, "--json")
    assert first.code == 130
    assert f"Interrupted after {sum(computed)} of {COUNT} pictures" in first.err and "goes on from there" in first.err
    assert first.lines == straight.lines[: sum(computed)]
    remembered = sum(computed)
    second = predict(command, model, folder, "--json")
    assert second.code == 0 and second.out == straight.out
    assert f"Going on after {remembered} of {COUNT} pictures" in second.err
    assert sum(computed) == COUNT, "nothing was computed twice"
    assert "Going on" not in predict(command, model, folder, "--json").err, "the batch has ended"


def test_a_table_that_cannot_be_written_loses_no_answers(
    command: Command, model: Path, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    refused = predict(command, model, folder, "--csv", tmp_path / "file" / "answers.csv")
    assert refused.code == 1 and "can't be saved" in refused.err
    again = predict(command, model, folder, "--csv", tmp_path / "answers.csv")
    assert again.code == 0 and f"Going on after {COUNT} of {COUNT}" in again.err


def test_copies_lie_in_the_folders_that_the_answers_say(
    command: Command, model: Path, folder: Path, tmp_path: Path
) -> None:
    (folder / "broken.png").write_bytes(b"nothing")
    first = predict(command, model, folder, "--json").lines
    threshold = sorted(line["top"][0]["probability"] for line in first if "top" in line)[COUNT // 2]
    options = ("--threshold", threshold, "--copy-to", tmp_path / "sorted", "--csv", tmp_path / "answers.csv", "--json")
    answer = predict(command, model, folder, *options)
    assert answer.code == 3
    expected: dict[str, set[str]] = {}
    for line in answer.lines:
        best = line["top"][0] if "top" in line else None
        place = "unreadable" if best is None else "unsure" if best["probability"] < threshold else best["class"]
        assert line.get("unsure", False) == (place == "unsure")
        expected.setdefault(place, set()).add(Path(line["image"]).name)
    assert {"unsure", "unreadable"} < set(expected) and len(expected) > 2
    found = {place.name: {file.name for file in place.iterdir()} for place in (tmp_path / "sorted").iterdir()}
    assert found == expected
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {Path(row["image"]).name for row in rows if row["unsure"] == "yes"} == expected["unsure"]


def test_which_precision_answers_is_said_beside_the_answers(command: Command, model: Path, folder: Path) -> None:
    answer = command("predict", "--model", model, folder / "000.png", "--json")
    assert json.loads(answer.out)["top"] and answer.err.strip()
    refused = command("predict", "--model", model, folder / "000.png", "--precision", "fp7")
    assert refused.code == 2 and "fp7" in refused.err
