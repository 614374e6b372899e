import threading

import pytest

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.progress import Progress
from cnn_desktop.train.background import reported
from cnn_desktop.train.control import Control


def test_reports_and_returns() -> None:
    def work(progress: Progress) -> str:
        progress(1, 2)
        progress(2, 2)
        return "whole"

    events: list[Preparing] = []
    generator = reported("Reading", Control(), work)
    try:
        while True:
            events.append(next(generator))
    except StopIteration as end:
        assert end.value == "whole"
    assert events[0] == Preparing("Reading", 0, 0)
    assert events[-1] in {Preparing("Reading", 2, 2), events[0]}


def test_a_stop_cancels_the_work() -> None:
    control = Control()

    def work(progress: Progress) -> None:
        control.stop()
        progress(1, 2)
        pytest.fail("the work went on after the stop")

    with pytest.raises(CancelledError):
        list(reported("Reading", control, work))


def test_an_error_reaches_the_caller() -> None:
    def work(progress: Progress) -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        list(reported("Reading", Control(), work))


def test_an_abandoned_generator_ends_its_thread() -> None:
    started = threading.Event()

    def work(progress: Progress) -> None:
        started.set()
        while True:
            progress(0, 1)

    generator = reported("Reading", Control(), work)
    next(generator)
    started.wait(5)
    generator.close()
    assert all(thread.name != "preparing" for thread in threading.enumerate())
