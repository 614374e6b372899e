"""The row in which a download is offered, runs, fails and is tried again."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.download import fetch
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.widgets.download_row import DownloadRow
from cnn_desktop.ui.widgets.sentence import Sentence
from tests.ui.conftest import child

LONG = "fetch https://www.example.invalid/" + "a-very-long-address/" * 12 + "file.tar.gz in another way."


@pytest.fixture
def row(qtbot: QtBot, themed: QApplication) -> Iterator[DownloadRow]:
    row = DownloadRow("data", "the data")
    row.add_button(QPushButton("Choose folder…"))
    place = QWidget()
    QHBoxLayout(place).addWidget(row)
    qtbot.addWidget(place)
    place.resize(320, 300)
    place.show()
    yield row


def seen(row: DownloadRow) -> list[str]:
    return [button.text() for button in row.findChildren(QPushButton) if button.isVisible()]


def test_an_offer_says_what_is_absent_and_asks(row: DownloadRow, qtbot: QtBot) -> None:
    row.offer("Not on this machine; 170 MB to download")
    assert row.text() == "Not on this machine; 170 MB to download"
    assert seen(row) == ["Download", "Choose folder…"]
    with qtbot.waitSignal(row.asked):
        child(row, QPushButton, "dataDownloadButton").click()
    row.offer("Not on this machine", can_download=False)
    assert not child(row, QPushButton, "dataDownloadButton").isEnabled()


def test_a_running_download_shows_speed_and_time_left(
    row: DownloadRow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    row.offer("Not on this machine")
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    row.show_progress(0, 0)
    assert row.text() == "Connecting…"
    bar = child(row, QProgressBar, "dataProgress")
    assert bar.maximum() == 0  # it moves, since nothing is known yet
    for second in range(6):
        clock[0] = 101.0 + second
        row.show_progress(second * 3_100_000, 170_000_000)
    assert row.text() == "16 MB of 170 MB · 3.1 MB/s · 50 s left"
    assert bar.value() / bar.maximum() == pytest.approx(15.5 / 170, abs=0.001)
    assert seen(row) == ["Cancel"]
    with qtbot.waitSignal(row.cancel_asked):
        child(row, QPushButton, "dataCancelButton").click()
    row.show_cancelled()
    assert seen(row) == ["Go on", "Choose folder…"]
    assert "what has arrived is kept" in row.text()


def test_the_next_download_is_measured_anew(row: DownloadRow, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    row.show_progress(0, 10_000_000)
    clock[0] = 1.0
    row.show_progress(5_000_000, 10_000_000)
    row.show_cancelled()
    clock[0] = 2.0
    row.show_progress(5_000_000, 10_000_000)
    assert row.text() == "5.0 MB of 10 MB"


def test_a_failure_says_why_without_widening_its_place(row: DownloadRow) -> None:
    row.show_progress(1, 2)
    row.show_error(LONG)
    error = child(row, Sentence, "dataError")
    assert seen(row) == ["Try again", "Choose folder…"]
    assert error.toPlainText() == LONG  # as it was written, so that the address can be copied
    QApplication.processEvents()
    assert row.window().width() == 320
    assert error.height() >= 6 * error.fontMetrics().height()
    row.show_progress(0, 0)
    assert row.text() == "Connecting…"


def test_the_focus_stays_in_the_row(row: DownloadRow, qtbot: QtBot) -> None:
    row.activateWindow()
    row.download.setFocus()
    row.show_progress(0, 0)
    assert row.window().focusWidget() is child(row, QPushButton, "dataCancelButton")
    row.show_error("No network.")
    assert row.window().focusWidget() is row.download


def test_another_dataset_does_not_show_the_progress_of_the_one_that_is_downloaded(
    qtbot: QtBot, themed: QApplication
) -> None:
    from cnn_desktop.ui.pages.train.dataset_field import DatasetField
    from cnn_desktop.ui.pages.train.engine import DatasetChoice

    field = DatasetField()
    qtbot.addWidget(field)
    absent = [DatasetChoice(name, name.upper(), 10, 2, False, 12_000_000) for name in ("mnist", "cifar10")]
    field.show_choices(absent, [], "mnist")
    field.show()
    field.show_download("mnist", 3_000_000, 12_000_000)
    assert field.absent.text().startswith("3.0 MB of 12 MB")
    field.choose("cifar10")
    field.show_download("mnist", 4_000_000, 12_000_000)
    field.show_download_error("mnist", "The server is gone.")
    assert field.absent.text() == "Not on this machine; 12 MB to download"
    field.show_download_error("cifar10", "No network.")
    assert field.absent.text() == "No network."


def test_cancel_does_not_wait_for_a_stalled_server(row: DownloadRow, qtbot: QtBot, tmp_path: Path) -> None:
    """A server that accepts and then says nothing; the time-out would be twenty seconds."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/data.bin"
        runner = JobRunner(row)
        row.asked.connect(lambda: runner.start(_fetch, url, tmp_path / "data.bin", on_progress=row.show_progress))
        row.cancel_asked.connect(runner.cancel)
        row.download.click()
        qtbot.waitUntil(lambda: row.text() == "Connecting…", timeout=5000)
        child(row, QPushButton, "dataCancelButton").click()
        begun = time.monotonic()
        assert runner.wait(15_000)
        assert time.monotonic() - begun < 10


def _fetch(url: str, target: Path, progress: Progress) -> None:
    fetch(url, target, progress=progress)
