"""Contestant: the charts of the Train page, fed as a trainer would feed them.

Run as: long_run_contestant.py BEHIND AHEAD RATE. BEHIND steps are shown before it is ready, AHEAD are still to come,
RATE of them a second. What counts is the processor time of the window's thread, for it competes with the training.
"""

import os
import sys
import time

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from benchmarks.answering import Answer, Answers
from benchmarks.made_run import MadeRun
from cnn_desktop.ui.pages.train.run_panel import RunPanel
from cnn_desktop.ui.theme import apply_theme

_LOOKS_PER_SECOND = 5
_REPORTS_PER_LOOK = 2
_SIZE = 1080, 800
_AT_ONCE = 500
"""Steps in a report of those that lie behind."""


class Watching:
    """The right side of the Train page, as it stands after so many steps."""

    def __init__(self, behind: int, ahead: int, rate: int) -> None:
        self._window, self._panel = QWidget(), RunPanel()
        QHBoxLayout(self._window).addWidget(self._panel)
        self._window.resize(*_SIZE)
        self._window.show()
        self._run = MadeRun(behind + ahead)
        self._steps = rate // _LOOKS_PER_SECOND // _REPORTS_PER_LOOK
        self._panel.begin()
        self._panel.take(self._run.start())
        while self._run.step < behind:
            self._panel.take(self._run.steps(min(_AT_ONCE, behind - self._run.step)))
        self._feeding = self._longest = 0.0

    @property
    def steps(self) -> int:
        """How many have been shown."""
        return self._run.step

    def watch(self, seconds: float) -> Answer:
        """Go on for so many seconds; what it takes to make the events up isn't counted."""
        self._feeding = self._longest = 0.0
        timer = QTimer(interval=1000 // _LOOKS_PER_SECOND)
        timer.timeout.connect(self._look)
        timer.start()
        began, worked = time.monotonic(), time.thread_time()
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()
        worked = time.thread_time() - worked - self._feeding
        timer.stop()
        return {"share": worked / (time.monotonic() - began), "longest": 1000 * self._longest}

    def _look(self) -> None:
        began = time.thread_time()
        events = [event for _report in range(_REPORTS_PER_LOOK) for event in self._run.steps(self._steps)]
        made = time.thread_time()
        self._panel.take(events)
        self._longest = max(self._longest, time.thread_time() - made)
        self._feeding += made - began


def main() -> None:
    """Make ready, then go on whenever it is asked."""
    answers = Answers()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    apply_theme(application, "light")
    behind, ahead, rate = (int(argument) for argument in sys.argv[1:4])
    watching = Watching(behind, ahead, rate)
    watching.watch(1.0)
    answers.serve({}, watching.watch)


if __name__ == "__main__":
    main()
