"""Orders that come faster than they can be carried out."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.newest import NewestRunner


class Asked:
    """A runner whose work waits until `go` is set, and what came of it."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun: list[int] = []
        self.answers: list[int] = []
        self.errors: list[Exception] = []
        self.runner = NewestRunner(self._work, self.answers.append, self.errors.append)

    def _work(self, order: int, progress: Progress) -> int:
        self.begun.append(order)
        assert self.go.wait(5)
        if order < 0:
            raise ValueError(order)
        return order


@pytest.fixture
def asked(qapp: object) -> Asked:
    return Asked()


def test_the_first_and_the_newest_order_are_carried_out(qtbot: QtBot, asked: Asked) -> None:
    for order in range(50):
        asked.runner.ask(order)
    asked.go.set()
    qtbot.waitUntil(lambda: not asked.runner.is_running)
    assert asked.begun == asked.answers == [0, 49]


def test_asking_never_waits(qtbot: QtBot, asked: Asked) -> None:
    for order in range(100):
        asked.runner.ask(order)
    qtbot.waitUntil(lambda: bool(asked.begun))
    assert asked.begun == [0], "had it waited, the first order would be done"
    asked.go.set()
    qtbot.waitUntil(lambda: not asked.runner.is_running)


def test_an_order_after_an_error_is_carried_out(qtbot: QtBot, asked: Asked) -> None:
    asked.runner.ask(-1)
    asked.runner.ask(2)
    asked.go.set()
    qtbot.waitUntil(lambda: asked.answers == [2])
    assert [str(error) for error in asked.errors] == ["-1"]


def test_nothing_is_answered_after_a_cancel(qtbot: QtBot, asked: Asked) -> None:
    asked.runner.ask(1)
    asked.runner.ask(2)
    asked.runner.cancel()
    asked.go.set()
    asked.runner.wait()
    qtbot.wait(50)
    assert asked.begun == [1]
    assert not asked.answers
    asked.runner.ask(3)
    qtbot.waitUntil(lambda: asked.answers == [3])
