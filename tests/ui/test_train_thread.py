import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError, DatasetError, DivergedError
from cnn_desktop.core.events import Event, Paused, RunFinished, StepsDone
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.train.control import Control
from cnn_desktop.ui.jobs.live_run import LiveRun
from cnn_desktop.ui.jobs.train_thread import Ending, TrainThread
from tests.ui.fake_training import FakeTraining, TrainFunction

CONFIG = RunConfig(dataset="digits", architecture="mnist_cnn", recipe=Recipe())


def run_to_end(train: TrainFunction, control: Control | None = None) -> TrainThread:
    thread = TrainThread(train, CONFIG, control or Control())
    thread.start()
    assert thread.wait(10_000)
    return thread


def test_every_event_arrives_in_order_and_the_run_is_done(qapp: QApplication) -> None:
    thread = run_to_end(FakeTraining(epochs=20, steps_per_epoch=20, pause=0))
    events = thread.mailbox.drain()
    assert [event.step for event in events if isinstance(event, StepsDone)] == list(range(1, 401))
    assert isinstance(events[-1], RunFinished)
    assert thread.ending is not None
    assert thread.ending.outcome == "done"
    assert thread.ending.run is events[-1]
    assert thread.mailbox.drain() == []


def test_out_of_memory_ends_as_failed_with_its_message(qapp: QApplication) -> None:
    thread = run_to_end(FakeTraining(fail_at=3))
    ending = thread.ending
    assert ending is not None
    assert ending.outcome == "failed"
    assert ending.message == "CUDA out of memory. Tried to allocate 20 MiB"
    assert "Traceback" in ending.details


def test_our_own_sentences_need_no_traceback(qapp: QApplication) -> None:
    def train(config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
        raise DatasetError("The folder x holds no pictures.")
        yield

    assert run_to_end(train).ending == Ending("failed", "The folder x holds no pictures.")


def test_cancelled_before_the_first_step_counts_as_stopped(qapp: QApplication) -> None:
    def train(config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
        raise CancelledError("stopped")
        yield

    assert run_to_end(train).ending == Ending("stopped")


def test_a_trainer_that_just_ends_has_failed(qapp: QApplication) -> None:
    def train(config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
        yield Paused(1)

    ending = run_to_end(train).ending
    assert ending is not None
    assert ending.outcome == "failed"
    assert ending.message


def test_a_failure_keeps_nothing_of_the_trainer_alive(qapp: QApplication) -> None:
    class Tensor:
        pass

    kept: list[weakref.ref[Tensor]] = []

    def train(config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
        tensor = Tensor()
        kept.append(weakref.ref(tensor))
        raise RuntimeError("out of memory")
        yield

    thread = run_to_end(train)
    gc.collect()
    assert thread.ending is not None
    assert kept[0]() is None


@pytest.fixture
def live(qapp: QApplication) -> Iterator[LiveRun]:
    live = LiveRun()
    yield live
    live.stop()
    assert live.wait(5000)
    live.look()


def test_all_news_come_before_the_one_ending(qtbot: QtBot, live: LiveRun) -> None:
    order: list[str] = []
    live.news.connect(lambda events: order.extend(type(event).__name__ for event in events))
    live.ended.connect(lambda ending: order.append(ending.outcome))
    with qtbot.waitSignal(live.ended, timeout=10_000):
        live.start(FakeTraining(), CONFIG)
    assert order[-2:] == ["RunFinished", "done"]
    assert order.count("StepsDone") == 40
    assert not live.is_running


def test_only_one_run_at_a_time(qtbot: QtBot, live: LiveRun) -> None:
    live.start(FakeTraining(pause=0.01), CONFIG)
    with pytest.raises(RuntimeError):
        live.start(FakeTraining(), CONFIG)


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), MemoryError(), GeneratorExit()])
def test_whatever_ends_the_thread_the_run_is_over(qtbot: QtBot, live: LiveRun, error: BaseException) -> None:
    endings: list[Ending] = []
    live.ended.connect(endings.append)
    live.start(FakeTraining(fail_at=3, failure=error), CONFIG)
    qtbot.waitUntil(lambda: bool(endings), timeout=10_000)
    assert not live.is_running
    assert endings[0].outcome == "failed" and endings[0].message
    assert endings[0].run is not None


def test_a_trainer_that_ends_without_a_word_has_failed(qapp: QApplication) -> None:
    def train(config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
        yield from ()

    ending = run_to_end(train).ending
    assert ending is not None and ending.outcome == "failed" and ending.message


def test_a_page_that_fails_to_show_news_still_learns_of_the_end(qtbot: QtBot, live: LiveRun) -> None:
    def show(_events: list[Event]) -> None:
        raise ValueError("a label is gone")

    endings: list[Ending] = []
    live.news.connect(show)
    live.ended.connect(endings.append)
    with qtbot.captureExceptions() as caught:
        live.start(FakeTraining(), CONFIG)
        qtbot.waitUntil(lambda: bool(endings), timeout=10_000)
    assert caught
    assert endings[0].outcome == "done"
    assert not live.is_running


def test_a_divergence_brings_a_rate_to_try(qapp: QApplication) -> None:
    ending = run_to_end(FakeTraining(fail_at=3, failure=DivergedError("It diverged.", 0.001))).ending
    assert ending is not None
    assert (ending.message, ending.better_rate, ending.details) == ("It diverged.", 0.001, "")


def test_going_on_names_the_run(qapp: QApplication) -> None:
    thread = TrainThread(FakeTraining(first_step=30), CONFIG, Control(), Path("/runs/fake"))
    thread.start()
    assert thread.wait(10_000)
    steps = [event.step for event in thread.mailbox.drain() if isinstance(event, StepsDone)]
    assert steps == list(range(31, 41))
