"""A batch of pictures through the real program, killed on its way and started again."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_desktop.core.paths import batches_dir
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import load_model, save_model
from cnn_desktop.predict.batch import classify, expand
from cnn_desktop.predict.classifier import Classifier

DRIVER = Path(__file__).with_name("drive_batch.py")
COUNT = 400

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    """What `predict` is asked: a model with random weights, pictures of noise, a broken one among them."""
    torch.manual_seed(0)
    module = build("mnist_cnn", 10, 1, (28, 28)).eval()
    classes = tuple(str(number) for number in range(10))
    model = Model("mnist_cnn", module, classes, Preprocessing.unit_range(28, 28, 1), "Digits")
    save_model(model, tmp_path / "digits.cnnmodel")
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, pixels in enumerate(np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28), np.uint8)):
        Image.fromarray(pixels).save(folder / f"{number:03}.png")
    (folder / "broken.png").write_bytes(b"nothing")
    options = ["--device", "cpu", "--precision", "fp32", "--json"]
    return ["--model", str(tmp_path / "digits.cnnmodel"), str(folder), *options]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(DRIVER.parents[2]), "OMP_NUM_THREADS": "1"}


def drive(log: Path, fatal: int, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DRIVER), str(log), str(fatal), *arguments]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=False)


def test_killed_it_computes_nothing_twice_and_misses_nothing(arguments: list[str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert drive(log, 3, arguments).returncode == -signal.SIGKILL
    computed = sum(map(int, log.read_text().split()))
    assert 0 < computed < COUNT
    last = drive(log, -1, arguments)
    assert last.returncode == 3
    assert f"Going on after {computed} of {COUNT + 1} pictures" in last.stderr
    assert sum(map(int, log.read_text().split())) == COUNT
    assert list(batches_dir().glob("*.jsonl")) == [], "the batch has ended"
    said = [json.loads(line) for line in last.stdout.splitlines()]
    classifier = Classifier(load_model(tmp_path / "digits.cnnmodel"), "cpu")
    for line, answer in zip(said, classify(classifier, expand([tmp_path / "pictures"])), strict=True):
        assert line["image"] == str(answer.image) and line.get("error") == answer.error
        shares = [guess.probability for guess in answer.top or ()]
        assert [guess["probability"] for guess in line.get("top", ())] == pytest.approx(shares, abs=1e-5)


def test_killed_from_outside_it_goes_on_after_what_it_has_said(arguments: list[str]) -> None:
    program = [sys.executable, "-m", "cnn_desktop", "predict", *arguments]
    with subprocess.Popen(program, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        said = [next(run.stdout) for _line in range(COUNT // 3)]
        run.kill()
    again = subprocess.run(program, env=environment(), capture_output=True, text=True, timeout=120, check=False)
    assert again.stdout.splitlines(keepends=True)[: len(said)] == said
    assert len(again.stdout.splitlines()) == COUNT + 1
    found = re.search(rf"Going on after (\d+) of {COUNT + 1} pictures", again.stderr)
    assert found is not None and int(found[1]) >= len(said)
