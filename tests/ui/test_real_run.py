"""The main job through the window, with the real trainer on the real digits."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QProgressBar, QSpinBox
from pytestqt.qtbot import QtBot

from cnn_desktop.core.paths import runs_dir
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.widgets.line_chart import LineChart
from tests.ui.conftest import child


class StallMeter:
    """How late a 10 ms timer comes at worst."""

    def __init__(self, window: MainWindow) -> None:
        self.worst = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(window, interval=10)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.worst = max(self.worst, now - self._last - 0.01)
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


@pytest.fixture(autouse=True)
def one_core(window: MainWindow) -> Iterator[None]:
    """Small networks only lose by more threads, the more so where other tests run beside."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_digits_from_start_to_a_model(
    window: MainWindow, qtbot: QtBot, record_property: Callable[[str, object], None]
) -> None:
    picker = child(window, QComboBox, "datasetPicker")
    picker.setCurrentIndex(picker.findData("digits"))
    child(window, QSpinBox, "epochsSpin").setValue(12)
    status = child(window, QLabel, "trainStatus")
    loss, accuracy = child(window, LineChart, "lossChart"), child(window, LineChart, "accuracyChart")
    meter = StallMeter(window)
    child(window, QAbstractButton, "startButton").click()
    qtbot.waitUntil(lambda: status.text().startswith(("Done", "Failed")), timeout=120_000)
    meter.stop()
    record_property("worst_stall_ms", round(1000 * meter.worst))
    assert status.text().startswith("Done"), status.text()
    assert float(child(window, QLabel, "testValue").text().removesuffix(" %")) > 80
    assert len(loss.series("validation")) == len(accuracy.series("validation")) == 12
    assert loss.series("train")[-1][1] < loss.series("train")[0][1]
    assert [round(x, 6) for x, _y in loss.series("validation")] == list(range(1, 13))
    assert child(window, QProgressBar, "trainProgress").value() == 1000
    (run,) = runs_dir().iterdir()
    assert (run / "model.cnnmodel").is_file()


def test_pause_resume_and_stop_of_a_real_run(window: MainWindow, qtbot: QtBot) -> None:
    child(window, QSpinBox, "epochsSpin").setValue(2000)
    status, pause = child(window, QLabel, "trainStatus"), child(window, QAbstractButton, "pauseButton")
    loss = child(window, LineChart, "lossChart")
    child(window, QAbstractButton, "startButton").click()
    qtbot.waitUntil(lambda: len(loss.series("step")) > 10, timeout=60_000)
    pause.click()
    qtbot.waitUntil(lambda: status.text().startswith("Paused"), timeout=10_000)
    count = len(loss.series("step"))
    qtbot.wait(500)
    assert len(loss.series("step")) == count
    pause.click()
    qtbot.waitUntil(lambda: len(loss.series("step")) > count, timeout=30_000)
    child(window, QAbstractButton, "stopButton").click()
    qtbot.waitUntil(lambda: status.text().startswith("Stopped"), timeout=30_000)
    assert _half_written(runs_dir()) == []


def test_closing_during_a_real_run_leaves_whole_files(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MainWindow, "_may_stop", lambda _self: True)
    child(window, QSpinBox, "epochsSpin").setValue(2000)
    loss = child(window, LineChart, "lossChart")
    child(window, QAbstractButton, "startButton").click()
    qtbot.waitUntil(lambda: len(loss.series("step")) > 10, timeout=60_000)
    assert window.close()
    (run,) = runs_dir().iterdir()
    assert (run / "checkpoints" / "last.json").is_file()
    assert _half_written(runs_dir()) == []


def _half_written(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if "cnn-desktop-part" in path.name]
