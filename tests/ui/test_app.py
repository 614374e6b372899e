"""The window as a program of its own: it starts, it ends, it keeps or leaves alone the settings."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cnn_desktop.core.paths import settings_file, state_dir

PROGRAM = """
import os, signal, sys, threading, time
import cnn_desktop.ui.app as app
from cnn_desktop.ui.main_window import MainWindow

class Window(MainWindow):
    def __init__(self, store):
        super().__init__(store)
        self.painted.connect(self.act)

    def act(self):
        print(self._banner.message.text())
        if sys.argv[2] == "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
        elif sys.argv[2] == "terminate":
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            if sys.argv[2] == "stuck":
                threading.Thread(target=time.sleep, args=(100,)).start()
            self.close()

app.MainWindow = Window
sys.exit(app.run(safe_mode=sys.argv[1] == "safe"))
"""


def start(mode: str, end: str = "close") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, mode, end]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def broken(home: Path) -> Path:
    file = settings_file()
    file.parent.mkdir(parents=True)
    file.write_text("{broken")
    return file


def test_settings_are_written_when_the_window_closes(home: Path) -> None:
    done = start("normal")
    assert done.returncode == 0, done.stderr
    assert settings_file().is_file()


def test_broken_settings_are_set_aside_and_said(broken: Path) -> None:
    done = start("normal")
    assert done.returncode == 0, done.stderr
    (aside,) = broken.parent.glob("settings.json.broken-*")
    assert aside.read_text() == "{broken"
    assert str(aside) in done.stdout


def test_safe_mode_reads_and_writes_no_settings(broken: Path) -> None:
    done = start("safe")
    assert done.returncode == 0, done.stderr
    assert broken.read_text() == "{broken"
    assert list(broken.parent.iterdir()) == [broken]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to a process by itself")
@pytest.mark.parametrize("end", ["interrupt", "terminate"])
def test_a_signal_closes_the_window(home: Path, end: str) -> None:
    done = start("normal", end)
    assert done.returncode == 0, done.stderr
    assert settings_file().is_file()
    assert list((state_dir() / "sessions").iterdir()) == [], "that is no crash"


def test_a_background_call_that_hangs_does_not_keep_the_process(home: Path) -> None:
    began = time.monotonic()
    done = start("normal", "stuck")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 60
    assert settings_file().is_file()
