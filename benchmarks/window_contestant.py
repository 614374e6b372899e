"""Contestant: the program's window, driven as a person would drive it.

Run as: window_contestant.py ARCHITECTURE DATASET BATCH_SIZE. Once the run has begun, nothing of ours ticks in the
window but what an order asks for.
"""

import json
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QSpinBox, QWidget

from benchmarks.answering import Answers, Order
from benchmarks.pictures import dataset_name, register_pictures
from benchmarks.step_rate import step_rate
from cnn_desktop.core.paths import runs_dir
from tests.e2e.drive_window import Scenario, choose, click, drive, enabled, find, has, pause_for, points, seen, window

_EPOCHS = 100
_TICK = 10
"""Milliseconds between ticks of the timer whose delays are measured."""
_SETTLE = 500
"""Milliseconds after a change of pages, in which the page does what it does when it is shown."""


def begin_run(architecture: str, dataset: str, batch_size: int, answers: Answers) -> Scenario:
    """Choose, start, pause; from then on `Turns` takes orders."""
    click("navTrain")
    yield enabled("startButton")
    yield has("datasetPicker", dataset)
    choose("datasetPicker", dataset)
    choose("architecturePicker", architecture)
    yield pause_for(1.0)
    yield enabled("startButton")
    find("epochsSpin", QSpinBox).setValue(_EPOCHS)
    find("batchSizeSpin", QSpinBox).setValue(batch_size)
    click("startButton")
    yield lambda: points("lossChart", "train") > 3
    click("pauseButton")
    (run,) = runs_dir().iterdir()
    metrics = run / "metrics.jsonl"
    yield lambda: is_paused(metrics, 0)
    Turns(metrics, batch_size, answers, window())
    answers.send({"config": str(run / "config.json")})


class Turns(QObject):
    """Takes orders: train for `seconds` with the charts `shown` or not, with or without a look at the event loop."""

    def __init__(self, metrics: Path, batch_size: int, answers: Answers, parent: QObject) -> None:
        super().__init__(parent)
        self._metrics, self._batch_size, self._answers = metrics, batch_size, answers
        self._orders = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._orders.activated.connect(self._take_order)
        self._poll = QTimer(self)
        self._poll.setInterval(20)
        self._poll.timeout.connect(self._answer_when_paused)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(_TICK)
        self._clock.timeout.connect(self._tick)
        self._delays: list[float] = []
        self._ticked = 0.0
        self._worked = 0.0
        self._began = 0.0
        self._share = 0.0
        self._from = 0

    def _take_order(self) -> None:
        line = sys.stdin.readline()
        if not line:
            os._exit(0)  # nothing of this run is kept, so nothing needs an orderly end
        order: Order = json.loads(line)
        click("navTrain" if order["shown"] else "navPredict")
        find("liveCard", QWidget).setVisible(order.get("live", True))
        QTimer.singleShot(_SETTLE, lambda: self._train(order))

    def _train(self, order: Order) -> None:
        self._from = self._metrics.stat().st_size
        self._delays = []
        _press_pause()
        self._worked, self._began = time.thread_time(), time.monotonic()
        self._ticked = time.monotonic()
        if order["delays"]:
            self._clock.start()
        QTimer.singleShot(round(1000 * order["seconds"]), self._pause)

    def _tick(self) -> None:
        now = time.monotonic()
        self._delays.append(round(1000 * (now - self._ticked) - _TICK, 2))
        self._ticked = now

    def _pause(self) -> None:
        self._clock.stop()
        self._share = (time.thread_time() - self._worked) / (time.monotonic() - self._began)
        _press_pause()
        self._poll.start()

    def _answer_when_paused(self) -> None:
        if not is_paused(self._metrics, self._from):
            return
        self._poll.stop()
        with self._metrics.open("rb") as lines:
            lines.seek(self._from)
            events = [json.loads(line) for line in lines]
        rate = step_rate(events, self._batch_size)
        self._answers.send({"rate": rate, "delays": self._delays, "share": self._share})


def is_paused(metrics: Path, start: int) -> bool:
    """Whether a pause is the last thing that the run reported after the first `start` bytes."""
    with metrics.open("rb") as lines:
        lines.seek(start)
        last = lines.readlines()[-1:]
    return bool(last) and json.loads(last[0])["event"] == "paused"


def _press_pause() -> None:
    """Pause or resume; the button is pressed on whatever page it is."""
    find("pauseButton", QAbstractButton).click()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    register_pictures()
    code = drive(begin_run(sys.argv[1], dataset_name(sys.argv[2]), int(sys.argv[3]), Answers()))
    sys.exit(seen.get("failure", code))
