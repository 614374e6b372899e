"""Closing during a run waits for the current step and for saving, but not for ever."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import CheckpointSaved, Event, RunFinished, RunStarted, StepsDone
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.train.control import Control
from cnn_desktop.ui.jobs import ending_run
from cnn_desktop.ui.jobs.ending_run import SavingDialog, end_run
from cnn_desktop.ui.jobs.live_run import LiveRun
from cnn_desktop.ui.jobs.train_thread import Ending
from tests.ui.conftest import child
from tests.ui.fake_training import FakeTraining

CONFIG = RunConfig(dataset="digits", architecture="mnist_cnn", recipe=Recipe())


class SlowTraining:
    """One step and one save, each of which takes until it is let go."""

    def __init__(self) -> None:
        self.step, self.save = threading.Event(), threading.Event()

    def __call__(self, config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
        yield RunStarted("/runs/slow", "digits", "mnist_cnn")
        self.step.wait(20)
        yield StepsDone(1, (0.5,), 0.5, 1e-3, 1.0, 1.0, 1.0, None, None)
        self.save.wait(20)
        yield CheckpointSaved(1, "/runs/slow")
        yield RunFinished("stopped", "/runs/slow", "", 1, None, None, None, None, 1.0, 1.0, None)


@pytest.fixture
def slow() -> SlowTraining:
    return SlowTraining()


@pytest.fixture
def live(qapp: QApplication, slow: SlowTraining, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveRun]:
    monkeypatch.setattr(ending_run, "_SHOWN_AFTER", 0.1)
    monkeypatch.setattr(ending_run, "_PATIENCE", 0.5)
    live = LiveRun()
    yield live
    live.stop()
    slow.step.set()
    slow.save.set()
    assert live.wait(5000)
    live.look()


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    return page


def dialog(page: QWidget) -> SavingDialog:
    found = page.findChild(SavingDialog)
    assert found is not None
    return found


def test_a_run_that_stops_at_once_is_waited_for_without_a_dialog(live: LiveRun, page: QWidget) -> None:
    endings: list[Ending] = []
    live.ended.connect(endings.append)
    live.start(FakeTraining(epochs=1000, pause=0.01), CONFIG)
    live.pause()
    end_run(live, page)
    assert not live.is_running
    assert [ending.outcome for ending in endings] == ["stopped"]
    assert not dialog(page).isVisible()


def test_a_step_that_does_not_end_is_left_behind(live: LiveRun, page: QWidget, slow: SlowTraining) -> None:
    live.start(slow, CONFIG)
    began = time.monotonic()
    end_run(live, page)
    assert 0.5 <= time.monotonic() - began < 15
    assert live.is_running


def test_saving_is_waited_for_once_the_step_has_ended(live: LiveRun, page: QWidget, slow: SlowTraining) -> None:
    live.start(slow, CONFIG)
    shown: list[bool] = []
    QTimer.singleShot(200, slow.step.set)
    QTimer.singleShot(1200, lambda: shown.append(dialog(page).isVisible()))
    QTimer.singleShot(1500, slow.save.set)
    end_run(live, page)
    assert shown == [True], "saving took longer than a step may, and is waited for all the same"
    assert not live.is_running


def test_a_person_may_leave_while_it_saves(live: LiveRun, page: QWidget, slow: SlowTraining) -> None:
    live.start(slow, CONFIG)
    could: list[bool] = []

    def look() -> None:
        leave = child(page, QPushButton, "leaveNowButton")
        could.append(leave.isVisible())
        if len(could) == 1:
            dialog(page).reject()
        elif could[-1]:
            leave.click()

    looking = QTimer(page)
    looking.timeout.connect(look)
    looking.start(100)
    QTimer.singleShot(50, slow.step.set)
    end_run(live, page)
    looking.stop()
    assert not could[0], "leaving is offered only after a while"
    assert could[-1]
    assert live.is_running
