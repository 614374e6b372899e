import threading
import time
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnn_desktop.core.errors import CancelledError, DatasetError
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.job import JobRunner


class Heard:
    """What a job said, and on which thread."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.errors: list[Exception] = []
        self.progress: list[tuple[int, int]] = []
        self.threads: set[threading.Thread] = set()

    def on_done(self, answer: Any) -> None:
        self.done.append(answer)
        self.threads.add(threading.current_thread())

    def on_error(self, error: Exception) -> None:
        self.errors.append(error)

    def on_progress(self, done: int, total: int) -> None:
        self.progress.append((done, total))

    def callbacks(self) -> dict[str, Any]:
        return {"on_done": self.on_done, "on_error": self.on_error, "on_progress": self.on_progress}


@pytest.fixture
def runner(qapp: QApplication) -> JobRunner:
    return JobRunner(qapp)


def double(value: int, progress: Progress) -> int:
    progress(1, 1)
    return 2 * value


def test_answer_comes_on_the_ui_thread(qtbot: QtBot, runner: JobRunner) -> None:
    heard = Heard()
    runner.start(double, 21, **heard.callbacks())
    assert runner.is_running
    qtbot.waitUntil(lambda: heard.done == [42])
    assert heard.threads == {threading.main_thread()}
    assert heard.progress == [(1, 1)]
    assert not runner.is_running


def test_a_later_call_drops_the_earlier_answer(qtbot: QtBot, runner: JobRunner) -> None:
    heard, hold = Heard(), threading.Event()

    def slow(progress: Progress) -> str:
        hold.wait(5)
        return "stale"

    runner.start(slow, **heard.callbacks())
    runner.start(double, 1, **heard.callbacks())
    qtbot.waitUntil(lambda: heard.done == [2])
    hold.set()
    assert runner.wait(5000)
    qtbot.wait(50)
    assert heard.done == [2]
    assert heard.errors == []


def test_cancelling_ends_the_work_at_its_next_report(qtbot: QtBot, runner: JobRunner) -> None:
    heard, reports, ended = Heard(), [0], threading.Event()

    def endless(progress: Progress) -> None:
        try:
            while True:
                reports[0] += 1
                progress(0, 0)
                time.sleep(0.001)
        except CancelledError:
            ended.set()
            raise

    runner.start(endless, **heard.callbacks())
    qtbot.waitUntil(lambda: reports[0] > 3)
    runner.cancel()
    assert not runner.is_running
    assert runner.wait(5000)
    assert ended.is_set()
    qtbot.wait(50)
    assert heard.done == []
    assert heard.errors == []


@pytest.mark.parametrize("error", [DatasetError("no such folder"), RuntimeError("CUDA out of memory"), KeyError("x")])
def test_any_error_is_reported(qtbot: QtBot, runner: JobRunner, error: Exception) -> None:
    heard = Heard()

    def fail(progress: Progress) -> None:
        raise error

    runner.start(fail, **heard.callbacks())
    qtbot.waitUntil(lambda: heard.errors == [error])
    assert not runner.is_running


def test_an_error_that_nobody_takes_reaches_the_exception_hook(qtbot: QtBot, runner: JobRunner) -> None:
    def fail(progress: Progress) -> None:
        raise ValueError("nobody listens")

    with qtbot.captureExceptions() as exceptions:
        runner.start(fail)
        qtbot.waitUntil(lambda: bool(exceptions))
    assert str(exceptions[0][1]) == "nobody listens"


def test_progress_is_not_told_more_often_than_can_be_seen(qtbot: QtBot, runner: JobRunner) -> None:
    heard = Heard()

    def count(progress: Progress) -> None:
        for index in range(1, 20_001):
            progress(index, 20_000)

    runner.start(count, **heard.callbacks())
    qtbot.waitUntil(lambda: heard.done == [None])
    assert heard.progress[-1] == (20_000, 20_000)
    assert len(heard.progress) < 200


def test_an_owner_that_is_gone_hears_nothing(qtbot: QtBot) -> None:
    import shiboken6

    owner, heard, hold = QObject(), Heard(), threading.Event()
    runner = JobRunner(owner)

    def slow(progress: Progress) -> str:
        hold.wait(5)
        return "late"

    runner.start(slow, **heard.callbacks())
    shiboken6.delete(owner)
    hold.set()
    assert runner.wait(5000)
    qtbot.wait(50)
    assert heard.done == []
