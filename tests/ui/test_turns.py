"""Turns at the interpreter: short beside jobs, long while a training runs."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import Event, Notice
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.ui.jobs.train_thread import TrainThread
from cnn_desktop.ui.jobs.turns import take_short_turns


@pytest.fixture(autouse=True)
def turns_as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_a_training_has_long_turns_and_leaves_short_ones_behind() -> None:
    during: list[float] = []

    def train(_config: RunConfig, _control: Any, _resume_from: Any) -> Iterator[Event]:
        during.append(sys.getswitchinterval())
        yield Notice("under way")

    take_short_turns()
    short = sys.getswitchinterval()
    thread = TrainThread(train, default_config("digits", "mnist_cnn"), Control())
    thread.start()
    assert thread.wait(10_000)
    assert during == [pytest.approx(0.005)]
    assert sys.getswitchinterval() == short == pytest.approx(0.0003)
