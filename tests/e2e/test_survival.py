"""The real program through kills, steps that hang, and second starts."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cnn_desktop.core.paths import runs_dir, state_dir
from cnn_desktop.train.runs.listing import list_runs

DRIVER = Path(__file__).with_name("drive_survival.py")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def start(scenario: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(DRIVER.parents[2]),
        "CNN_DESKTOP_CHECKPOINT_SECONDS": "0.2",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, str(DRIVER), scenario]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def drive(scenario: str) -> dict[str, Any]:
    done = start(scenario)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert "failure" not in seen, seen
    return seen


def events() -> list[dict[str, Any]]:
    """Of the one run that there is."""
    (run,) = runs_dir().iterdir()
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def test_a_crash_is_told_and_its_run_goes_on(home: Path) -> None:
    assert start("killed_while_training").returncode == -signal.SIGKILL
    seen = drive("go_on_after_a_crash")
    assert seen["crash"].startswith("The program ended unexpectedly")
    assert seen["offer"].startswith("Digits · MNIST CNN stopped in epoch ")
    assert seen["offer"].endswith(" of 5000 when the program ended unexpectedly.")
    starts = [event["first_step"] for event in events() if event["event"] == "training_started"]
    assert len(starts) == 2 and starts[1] > 0
    assert events()[-1]["outcome"] == "stopped"


def test_a_step_that_hangs_does_not_hold_the_window(home: Path) -> None:
    began = time.monotonic()
    done = start("close_during_a_step_that_hangs")
    assert done.returncode == 0, done.stderr
    assert "Fatal" not in done.stderr and "Destroyed" not in done.stderr, done.stderr
    assert time.monotonic() - began < 50, "the process waited for the step"
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["closed"] and 4.5 < seen["seconds_to_close"] < 15, seen
    assert list((state_dir() / "sessions").iterdir()) == [], "leaving is no crash"
    (run,) = list_runs()
    assert run.was_killed and run.can_go_on, "the next start offers to go on"


def test_a_second_start_raises_the_first_window(home: Path) -> None:
    seen = drive("second_start")
    assert seen["second"] == {"code": 0, "says": "The program is open already; its window comes to the front."}
    assert not seen["is_minimized"]


def test_memory_that_runs_out_is_asked_about_and_training_goes_on(home: Path) -> None:
    seen = drive("memory_runs_out")
    assert "Not enough memory for 128 pictures at once. Go on with 64 at a time?" in seen["question"]
    assert seen["points_while_asking"] <= 1, "training waits for the answer"
    assert [event["parts"] for event in events() if event["event"] == "parts_changed"] == [2]
    assert events()[-1]["outcome"] == "stopped"


def test_an_order_to_end_saves_without_asking(home: Path) -> None:
    drive("told_to_end_while_training")
    assert events()[-1]["outcome"] == "stopped"
    assert any(event["event"] == "checkpoint_saved" and event["step"] > 0 for event in events())
