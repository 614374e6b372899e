"""How long the window's event loop stands still, by a timer of ten milliseconds."""

import faulthandler
import gc
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from PySide6.QtCore import QEventLoop, QObject, QTimer

INTERVAL = 0.010
LATE = 0.040
"""From so many seconds without a tick on, what the event loop is doing is written down."""


@dataclass
class Phase:
    """What was measured while the window did one thing."""

    name: str
    seconds: float = 0.0
    gaps: list[float] = field(default_factory=list)
    """Seconds between two ticks."""
    foreign: list[float] = field(default_factory=list)
    """Seconds of each gap in which the event loop could have run, but another program had the processor (Linux)."""
    collections: list[float] = field(default_factory=list)
    """Seconds that collections of garbage took."""
    where: list[str] = field(default_factory=list)
    """What the event loop was at when a tick was late."""

    def summary(self) -> dict[str, Any]:
        """The figures, in milliseconds; a stall is what a gap is longer than the timer's own interval."""
        stalls = sorted(max(0.0, gap - INTERVAL) for gap in self.gaps) or [0.0]
        return {
            "seconds": round(self.seconds, 2),
            "longest_stall_ms": round(1000 * stalls[-1], 1),
            "stall_p99_ms": round(1000 * stalls[int(0.99 * (len(stalls) - 1))], 1),
            "longest_stall_alone_ms": round(1000 * max(map(_own, self.gaps, self.foreign), default=0.0), 1),
            "over_50_ms": sum(stall > 0.05 for stall in stalls),
            "longest_collection_ms": round(1000 * max(self.collections, default=0.0), 1),
            "where": self.where[:8] if stalls[-1] > 0.05 else [],
        }


def _innermost(stack: str) -> str:
    """The last calls of a stack that `faulthandler` wrote, the innermost first."""
    lines = stack.split("\n\n", 1)[0].splitlines()[1:7]
    return " < ".join(line.rsplit("/", 1)[-1].replace('"', "").replace(", line ", ":").strip() for line in lines)


def _own(gap: float, foreign: float) -> float:
    return max(0.0, gap - INTERVAL - foreign)


class Watch(QObject):
    """Ticks in the event loop; a thread beside it looks where the loop is when a tick doesn't come."""

    def __init__(self) -> None:
        super().__init__()
        self.phases: list[Phase] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=round(1000 * INTERVAL))
        self._timer.setTimerType(self._timer.timerType().PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._main = threading.get_ident()
        self._ended = threading.Event()
        self._looker = threading.Thread(target=self._look, daemon=True)
        self._collection = self._foreign = 0.0
        schedule = Path("/proc/thread-self/schedstat")
        self._schedule = schedule.open("r") if schedule.exists() else None
        gc.callbacks.append(self._on_collection)
        self._timer.start()
        self._looker.start()

    def phase(self, name: str, step: Callable[[], object], is_done: Callable[[], bool], timeout: float = 120) -> Phase:
        """Do `step`, and run the event loop until `is_done`.

        Raises:
            TimeoutError: it took longer than `timeout` seconds.
        """
        phase = Phase(name)
        self.phases.append(phase)
        begin = self._last = time.perf_counter()
        step()
        while not is_done():
            if time.perf_counter() - begin > timeout:
                raise TimeoutError(name)
            self._run(20)
        self._run(300)  # what follows from it belongs to it
        phase.seconds = time.perf_counter() - begin
        print(name, phase.summary(), file=sys.stderr)
        return phase

    def end(self) -> None:
        """Stop the timer and the thread."""
        gc.callbacks.remove(self._on_collection)
        self._timer.stop()
        if self._schedule is not None:
            self._schedule.close()
        self._ended.set()
        self._looker.join()

    def _run(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def _tick(self) -> None:
        now = time.perf_counter()
        waited = self._waited()
        if self.phases:
            self.phases[-1].gaps.append(now - self._last)
            self.phases[-1].foreign.append(waited - self._foreign)
        self._last, self._foreign = now, waited

    def _waited(self) -> float:
        """Seconds that this thread has waited for a processor, ever."""
        if self._schedule is None:
            return 0.0
        self._schedule.seek(0)
        return int(self._schedule.read().split()[1]) / 1e9

    def _look(self) -> None:
        seen = 0.0
        with tempfile.TemporaryFile("w+") as file:
            while not self._ended.wait(INTERVAL):
                last = self._last
                if self.phases and last != seen and time.perf_counter() - last > LATE:
                    seen = last
                    self.phases[-1].where.append(self._place(file))

    def _place(self, file: IO[str]) -> str:
        """The innermost functions of the event loop's thread, the last one first.

        Not by `sys._current_frames`: whoever holds a frame keeps its painter alive, and Qt crashes.
        """
        file.seek(0)
        file.truncate()
        faulthandler.dump_traceback(file)
        file.seek(0)
        text = file.read()
        own = text.partition(f"0x{self._main:016x}")[2]
        others = [part for part in text.split("\n\n") if "/job.py" in part or "/loading.py" in part]
        return " | ".join([_innermost(own), *map(_innermost, others)])

    def _on_collection(self, when: str, _info: dict[str, int]) -> None:
        """Whatever thread begins a collection of garbage, all of them wait for it."""
        if when == "start":
            self._collection = time.perf_counter()
        elif self.phases:
            self.phases[-1].collections.append(time.perf_counter() - self._collection)
