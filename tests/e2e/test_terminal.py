"""The program as a process of its own, without a display."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = [sys.executable, "-m", "cnn_desktop"]


def _environment() -> dict[str, str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def test_without_a_display_the_main_job_runs_in_the_terminal() -> None:
    done = subprocess.run(PROGRAM, env=_environment(), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "no display" in done.stdout
    assert "Test accuracy" in done.stdout
    assert done.stdout.count(" %") >= 10
    chart = Path(done.stdout.strip().splitlines()[-1].partition(": ")[2])
    assert chart.read_bytes().startswith(b"\x89PNG")


def _train(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*PROGRAM, "train", *arguments, "--json"], stdout=subprocess.PIPE, text=True, env=_environment()
    )


def _interrupted_after_an_epoch(process: "subprocess.Popen[str]", number: signal.Signals) -> list[dict[str, Any]]:
    """Send the signal once an epoch is done; return all events."""
    events: list[dict[str, Any]] = []
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "epoch_done":
                process.send_signal(number)
                break
        events += [json.loads(line) for line in process.stdout]
        assert process.wait(60) == 130
    return events


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_saves_a_checkpoint_and_the_run_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    options = ("--dataset", "digits", "--arch", "mnist_cnn", "--epochs", "100000", "--device", "cpu")
    first = _interrupted_after_an_epoch(_train(*options, "--run-dir", str(tmp_path / "run")), number)
    assert first[-1]["event"] == "run_finished" and first[-1]["outcome"] == "stopped"
    assert any(event["event"] == "checkpoint_saved" for event in first)
    second = _interrupted_after_an_epoch(_train("--resume", str(tmp_path / "run")), signal.SIGINT)
    started = next(event for event in second if event["event"] == "training_started")
    assert started["first_step"] == first[-1]["steps"]
