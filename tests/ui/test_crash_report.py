"""What a session leaves when it doesn't end as it should."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.paths import state_dir
from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.crash_report import Session, report_of_last_session
from cnn_desktop.ui.failures import install_exception_hook
from cnn_desktop.ui.main_window import MainWindow
from tests.ui.conftest import child

CRASH = """
import faulthandler, os, sys
from cnn_desktop.ui.crash_report import Session
session = Session()
session.note("training digits, mnist_cnn in /runs/1")
print("ready", flush=True)
how = sys.argv[1]
if how == "segfault":
    faulthandler._sigsegv()
elif how == "kill":
    os.kill(os.getpid(), 9)
elif how == "wait":
    sys.stdin.read()
"""


def crash(how: str) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, how], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "ready\n", done.stderr
    assert done.returncode != 0


def test_a_segfault_leaves_versions_last_lines_and_the_trace(home: Path) -> None:
    crash("segfault")
    report = report_of_last_session()
    assert report is not None
    text = report.read_text()
    assert text.startswith("CNN Desktop ")
    assert "torch " in text and "PySide6-Essentials " in text
    assert "training digits, mnist_cnn in /runs/1" in text
    assert "Fatal Python error: Segmentation fault" in text
    assert "most recent call first" in text
    assert report_of_last_session() is None, "a report is told once"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_kill_leaves_the_last_lines(home: Path) -> None:
    crash("kill")
    report = report_of_last_session()
    assert report is not None
    assert "training digits" in report.read_text()


def test_a_clean_end_leaves_nothing(home: Path) -> None:
    session = Session()
    session.note("all is well")
    assert list((state_dir() / "sessions").iterdir())
    session.end()
    session.end()
    assert report_of_last_session() is None
    assert list((state_dir() / "sessions").iterdir()) == []


def test_a_session_that_lives_is_no_crash(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CRASH, "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "ready\n"
        assert report_of_last_session() is None
        other.communicate("")
    assert report_of_last_session() is not None, "it left without a word"


def test_only_the_newest_reports_are_kept(home: Path) -> None:
    folder = state_dir() / "sessions"
    folder.mkdir(parents=True)
    for number in range(8):
        (folder / f"20261120-00000{number}-77.txt").write_text(f"session {number}")
    report = report_of_last_session()
    assert report is not None and report.read_text() == "session 7"
    assert len(list(report.parent.iterdir())) == 5


def test_the_window_offers_the_report(qtbot: QtBot, themed: QApplication, tmp_path: Path) -> None:
    window = MainWindow(SettingsStore(Settings(), None))
    qtbot.addWidget(window)
    window.show()
    report = tmp_path / "report.txt"
    report.write_text("Fatal Python error: Segmentation fault")
    window.show_crash_report(report)
    assert child(window, QLabel, "crashBannerMessage").text().startswith("The program ended unexpectedly")
    details = child(window, QPushButton, "crashBannerDetails")
    assert details.text() == "Show report"
    details.click()
    text = child(child(window, QDialog, "detailsDialog"), QPlainTextEdit, "").toPlainText()
    assert str(report) in text and "Segmentation fault" in text
    child(window, QDialog, "detailsDialog").close()
    child(window, QToolButton, "crashBannerClose").click()
    assert not child(window, QWidget, "crashBanner").isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_where_nothing_can_be_written_the_session_goes_on(home: Path) -> None:
    state_dir().parent.mkdir(parents=True)
    state_dir().write_text("a file in the way")
    session = Session()
    session.note("unheard")
    session.end()
    assert report_of_last_session() is None


def test_an_unforeseen_exception_is_among_the_last_lines(
    home: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    session = Session()
    install_exception_hook(lambda _sentence, _details: None, session.note)
    sys.excepthook(ValueError, ValueError("a label is gone"), None)
    (file,) = (state_dir() / "sessions").iterdir()
    assert "ValueError: a label is gone" in file.read_text()
    session.end()
