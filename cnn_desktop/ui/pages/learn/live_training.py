"""A small training in the background, watched from the window."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.job import JobRunner

_REDRAWS = 100
"""Milliseconds between two looks into what has arrived."""
_WAIT = 0.05
"""Seconds between two looks at whether a paused training goes on."""


class LiveTraining(QObject):
    """Draws from an iterator of looks in a thread; `arrived` hands on what is new, ten times a second."""

    arrived = Signal(list)
    ended = Signal()
    failed = Signal(Exception)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = JobRunner(self)
        self._looks: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._goes_on = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(_REDRAWS)
        self._timer.timeout.connect(self._drain)
        self.pause_between = 0.0
        """Seconds to wait after each look, so that a person can follow."""

    @property
    def is_running(self) -> bool:
        """Whether there is more to come, paused or not."""
        return self._job.is_running

    @property
    def is_paused(self) -> bool:
        """Whether it waits to go on."""
        return self.is_running and not self._goes_on.is_set()

    def start(self, looks: Callable[[], Iterator[Any]]) -> None:
        """Begin anew with what `looks` makes; it is called in the thread too."""
        self._looks = queue.SimpleQueue()
        self._goes_on.set()
        self._timer.start()
        self._job.start(self._run, looks, self._looks, on_done=self._on_end, on_error=self._on_error)

    def pause(self) -> None:
        """Wait after the next look."""
        self._goes_on.clear()

    def go_on(self) -> None:
        """Go on."""
        self._goes_on.set()

    def stop(self) -> None:
        """End it; nothing more arrives."""
        self._job.cancel()
        self._timer.stop()

    def shutdown(self) -> None:
        """End it, and wait until it has ended."""
        self.stop()
        self._job.wait()

    def _run(self, make: Callable[[], Iterator[Any]], looks: queue.SimpleQueue[Any], progress: Progress) -> None:
        for number, look in enumerate(make(), start=1):
            looks.put(look)
            progress(number, 0)
            time.sleep(self.pause_between)
            while not self._goes_on.wait(_WAIT):
                progress(number, 0)

    def _drain(self) -> None:
        looks: list[Any] = []
        while not self._looks.empty():
            looks.append(self._looks.get())
        if looks:
            self.arrived.emit(looks)

    def _on_end(self, _answer: None) -> None:
        self._timer.stop()
        self._drain()
        self.ended.emit()

    def _on_error(self, error: Exception) -> None:
        self._timer.stop()
        self.failed.emit(error)
