import csv
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import read_pixels
from cnn_desktop.models.model import Model
from cnn_desktop.predict.batch import Answer, classify, classifying, expand, write_csv
from cnn_desktop.predict.classifier import Classifier, Guess


def save(path: Path, share: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (round(255 * share),) * 3).save(path)
    return path


def test_folders_become_their_pictures_and_nothing_is_lost(tmp_path: Path) -> None:
    inside = [save(tmp_path / "folder" / "a.png", 0), save(tmp_path / "folder" / "deeper" / "b.png", 0)]
    empty = tmp_path / "empty"
    empty.mkdir()
    missing = tmp_path / "missing.png"
    assert sorted(expand([tmp_path / "folder"])) == sorted(inside)
    assert expand([missing, empty]) == [missing, empty]


def test_every_file_gets_an_answer_in_its_place(tmp_path: Path, grey_model: Callable[..., Model]) -> None:
    good = [save(tmp_path / f"{index:02}.png", index / 39) for index in range(40)]
    broken = tmp_path / "broken.png"
    broken.write_bytes(good[0].read_bytes()[:40])
    empty = tmp_path / "nothing"
    empty.mkdir()
    paths = [*good[:20], broken, empty, tmp_path / "missing.png", *good[20:]]
    answers = list(classify(Classifier(grey_model("black", "white"), "cpu"), paths))
    assert [answer.image for answer in answers] == paths
    refused = {answer.image: answer.error for answer in answers if answer.error is not None}
    assert set(refused) == {broken, empty, tmp_path / "missing.png"}
    for path, error in refused.items():
        assert path.name in error
        assert "\n" not in error
    labels = [answer.top[0].label for answer in answers if answer.top is not None]
    assert labels == ["black"] * 20 + ["white"] * 20


def test_answers_come_while_the_rest_is_still_unread(tmp_path: Path, grey_model: Callable[..., Model]) -> None:
    endless = repeat(save(tmp_path / "one.png", 1))
    answers = classify(Classifier(grey_model("black", "white"), "cpu"), endless)
    assert next(answers).top is not None


def test_files_are_decoded_while_the_model_answers(
    tmp_path: Path, grey_model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Waiting(Classifier):
        def logits(self, pixels: torch.Tensor) -> torch.Tensor:
            assert is_ahead.wait(20), "the next files wait for the model"
            return super().logits(pixels)

    def read(path: Path, preprocessing: Preprocessing) -> np.ndarray:
        if path.stem == "99":
            is_ahead.set()
        return read_pixels(path, preprocessing)

    is_ahead = threading.Event()
    monkeypatch.setattr(classifying, "read_pixels", read)
    paths = [save(tmp_path / f"{number}.png", 0) for number in range(120)]
    classifier = Waiting(grey_model("black", "white"), "cpu")
    assert classifying.group_size(classifier) < 99
    assert len(list(classify(classifier, paths))) == 120


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names in Unicode")
def test_names_that_are_no_text_are_answered_too(tmp_path: Path, grey_model: Callable[..., Model]) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.png"
    save(tmp_path / "plain.png", 1).rename(os.fsdecode(raw))
    (answer,) = classify(Classifier(grey_model("black", "white"), "cpu"), expand([tmp_path]))
    assert answer.top is not None
    write_csv(tmp_path / "table.csv", [answer])
    assert "caf\ufffd.png" in (tmp_path / "table.csv").read_text("utf-8-sig")


def test_the_table_has_a_row_a_picture(tmp_path: Path) -> None:
    answers = [
        Answer(Path("a, b.png"), (Guess("cat", 0.75), Guess("dog", 0.25)), None),
        Answer(Path("c.png"), None, "c.png is empty."),
    ]
    write_csv(tmp_path / "table.csv", iter(answers))
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["image", "error", "class 1", "probability 1", "class 2", "probability 2"]
    assert rows[1] == ["a, b.png", "", "cat", "0.750000", "dog", "0.250000"]
    assert rows[2][:2] == ["c.png", "c.png is empty."]


_ODD = """
import json, sys
from pathlib import Path
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.batch import classify, expand
from cnn_desktop.predict.classifier import Classifier
data = Path(sys.argv[1])
model = open_model("mobilenet_v2", data / "models" / "mobilenet_v2-imagenet-dequant.pth")
answers = list(classify(Classifier(model, "cpu"), expand([data / "odd"])))
# Not the resource usage, whose peak begins with that of the process that started this one.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"errors": {a.image.name: a.error for a in answers}, "peak_kb": peak}))
"""


@pytest.mark.data
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux does")
def test_odd_files_are_answered_or_refused_within_2_gb(test_data: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _ODD, str(test_data)], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    assert "Traceback" not in done.stderr
    assert result["peak_kb"] < 2_000_000
    errors = result["errors"]
    assert len(errors) == 65
    with (test_data / "odd" / "MANIFEST.tsv").open(encoding="utf-8", newline="") as stream:
        manifest = {row["file"]: row["pillow13"] for row in csv.DictReader(stream, delimiter="\t")}
    for name, verdict in manifest.items():
        if verdict == "loads":
            assert errors[name] is None, name
        else:
            assert errors[name] is not None, name
            assert name in errors[name]
