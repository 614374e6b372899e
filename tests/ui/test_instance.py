"""A second start of the program brings the first window to the front."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnn_desktop.ui import instance as instance_module
from cnn_desktop.ui.instance import Instance

SECOND_START = """
from PySide6.QtWidgets import QApplication
from cnn_desktop.ui.instance import Instance
app = QApplication([])
print(Instance().is_first())
"""


@pytest.fixture
def first(qapp: QApplication, home: Path) -> Iterator[Instance]:
    instance = Instance()
    assert instance.is_first()
    yield instance
    instance.end()


def start_again() -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", SECOND_START], stdout=subprocess.PIPE, text=True)


def test_a_second_start_raises_the_first_window(first: Instance, qtbot: QtBot) -> None:
    raised: list[bool] = []
    first.on_second_start(lambda: raised.append(True))
    with start_again() as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
        assert second.stdout is not None and second.stdout.read() == "False\n"
    assert raised == [True]


def test_another_home_has_a_window_of_its_own(
    first: Instance, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with start_again() as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
        assert second.stdout is not None and second.stdout.read() == "True\n"


def test_a_window_that_was_killed_is_in_nobodys_way(qapp: QApplication, home: Path) -> None:
    killed = SECOND_START + "import os, sys; sys.stdout.flush(); os.kill(os.getpid(), 9)\n"
    done = subprocess.run([sys.executable, "-c", killed], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "True\n"
    began = time.monotonic()
    instance = Instance()
    assert instance.is_first()
    assert time.monotonic() - began < 3  # for so long one that is alive would be waited for
    assert instance.can_be_found
    instance.end()


def test_a_window_that_hangs_leaves_room_for_a_second(first: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_module, "_PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(instance_module, "_ANSWER_SECONDS", 0.3)
    assert Instance().is_first(), "this event loop answers nobody, and the second start must not wait for ever"


def test_a_window_that_closes_is_waited_for(first: Instance, qtbot: QtBot) -> None:
    with start_again() as second:
        first._server.close()
        qtbot.wait(700)
        assert second.poll() is None
        first.end()
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
        assert second.stdout is not None and second.stdout.read() == "True\n"
