"""The program as a process of its own, without a display."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_saves_a_checkpoint_and_the_run_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    command = [*PROGRAM, "train", "--dataset", "digits", "--arch", "mnist_cnn", "--json", "--device", "cpu"]
    with subprocess.Popen(
        [*command, "--epochs", "100000", "--run-dir", str(tmp_path / "run")],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "epoch_done":
                process.send_signal(number)
                break
        rest = [json.loads(line) for line in process.stdout]
        assert process.wait(60) == 130
    assert rest[-1]["event"] == "run_finished" and rest[-1]["outcome"] == "stopped"
    assert any(line["event"] == "checkpoint_saved" for line in rest)
    with subprocess.Popen(
        [*PROGRAM, "train", "--resume", str(tmp_path / "run"), "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "training_started":
                assert event["first_step"] == rest[-1]["steps"]
            if event["event"] == "epoch_done":
                time.sleep(0.1)
                process.send_signal(signal.SIGINT)
                break
        process.stdout.read()
        assert process.wait(60) == 130
