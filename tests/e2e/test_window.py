"""The main job through the real program: real `main()`, real drop events, real files, an isolated home."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnn_desktop.core.config import RunConfig
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
from tests.ui.picture_folders import make_folder

DRIVER = Path(__file__).with_name("drive_window.py")


def _drive(scenario: str, picture: Path) -> dict[str, Any]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(DRIVER.parents[2])}
    done = subprocess.run(
        [sys.executable, str(DRIVER), scenario, str(picture)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert "failure" not in seen, seen
    return seen


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    pixels = np.zeros((64, 64), np.uint8)
    pixels[8:56, 28:36] = 255
    Image.fromarray(pixels).save(tmp_path / "one.png")
    return tmp_path / "one.png"


def test_the_main_job(picture: Path, home: Path) -> None:
    seen = _drive("whole_job", picture)
    assert seen["torch_before_first_paint"] is False
    assert seen["both_charts_fill"]
    assert seen["kept_from_collections"] > 100_000, "a full collection looks through all that came with torch"
    assert seen["points_while_paused"] == 0
    assert "topped" in seen["status"]
    assert Path(seen["model"]).is_relative_to(home)
    assert sorted(name for name, _probability in seen["predictions"]) == [str(number) for number in range(10)]
    assert all(probability.endswith("%") for _name, probability in seen["predictions"])
    assert (seen["maps"], seen["filters"]) == (32, 32)
    assert seen["threads"] == []


def test_a_model_is_used_and_judged(picture: Path, tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "many" / "below"
    folder.mkdir(parents=True)
    for number in range(20):
        shutil.copy(picture, folder / f"{number}.png")
    (folder / "broken.png").write_bytes(b"no picture")
    seen = _drive("use_model", tmp_path / "many")
    assert "Grad-CAM" in seen["where_it_looked"]
    assert (len(seen["states"]), seen["states"].count("unreadable")) == (21, 1), seen
    assert "Accuracy" in seen["figures"] and "%" in seen["figures"]
    assert seen["threads"] == []


def test_closing_while_training_asks_and_leaves_whole_files(picture: Path, home: Path) -> None:
    seen = _drive("close_while_training", picture)
    assert seen["closed"] and "raining" in seen["asked"]
    assert seen["threads"] == []
    (run,) = [path.parent for path in home.rglob("metrics.jsonl")]
    RunConfig.from_json((run / "config.json").read_text())
    events = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert events[-1]["event"] == "run_finished" and events[-1]["outcome"] == "stopped"
    state = CheckpointFolder(run / "checkpoints").load("last").state
    assert state.step == events[-1]["steps"] > 0
    assert not [path for path in home.rglob("*") if "part" in path.name]


def test_an_archive_of_ones_own_is_understood_divided_and_trained_on(tmp_path: Path, home: Path) -> None:
    folder = make_folder(tmp_path / "animals", {"bird": 8, "cat": 40, "dog": 40})
    archive = shutil.make_archive(str(tmp_path / "animals"), "zip", folder)
    seen = _drive("own_pictures", Path(archive))
    assert "is a class" in seen["rule"]
    assert seen["understood"].startswith("Classes 3, Pictures 88, Training 79, Validation 9")
    assert seen["shown"].startswith("Classes 2, Pictures 80, Training 40, Validation 20, Test 20, Left out 8")
    assert seen["threads"] == []
    (run,) = [path.parent for path in home.rglob("metrics.jsonl")]
    events = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    started = next(event for event in events if event["event"] == "training_started")
    assert (started["train_images"], started["validation_images"], started["test_images"]) == (40, 20, 20)
    assert Path(archive).is_file()
