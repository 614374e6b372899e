"""One background call at a time, with a generation number so that a stale answer is dropped."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import shiboken6
from PySide6.QtCore import QObject

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.language import _
from cnn_desktop.ui.jobs.ui_thread import call_in_ui

_PROGRESS_EVERY = 0.05
"""Seconds between two reports of progress, so that a fast loop doesn't flood the window."""


@dataclass(frozen=True)
class Answers:
    """What to call on the UI thread when a job has something to say."""

    on_done: Callable[[Any], None] | None = None
    on_error: Callable[[Exception], None] | None = None
    on_progress: Callable[[int, int], None] | None = None


class JobRunner(QObject):
    """Runs one call in the background; a later call cancels the earlier one, whose answer never arrives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: _Job | None = None
        self._threads: list[threading.Thread] = []

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._current is not None

    def start(
        self,
        function: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Call `function(*args, progress=…)` in a thread and one of the callbacks, on the UI thread, with its answer.

        Without `on_error` an exception goes to the window's exception hook. A cancelled call answers nothing.
        """
        self.cancel()
        job = _Job(self, Answers(on_done, on_error, on_progress), function, args)
        self._current = job
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._threads.append(threading.Thread(target=job.run, name=f"job {function.__name__}"))
        self._threads[-1].start()

    def cancel(self) -> None:
        """Drop the answer that is to come; the call ends at its next report of progress."""
        if self._current is not None:
            self._current.is_cancelled = True
            self._current = None

    def wait(self, milliseconds: int = 5000) -> bool:
        """Wait for every thread, cancelled ones too; False when one still runs after that time."""
        end = time.monotonic() + milliseconds / 1000
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def receive(self, job: "_Job", call: Callable[[], None], *, is_last: bool) -> None:
        """Take what a job says, on the UI thread; what a dropped job says is not heard."""
        if job is not self._current:
            return
        if is_last:
            self._current = None
        call()


class _Job:
    def __init__(
        self, runner: JobRunner, answers: Answers, function: Callable[..., Any], args: tuple[Any, ...]
    ) -> None:
        self._runner = runner
        self._answers = answers
        self._function = function
        self._args = args
        self._last_report = 0.0
        self.is_cancelled = False

    def run(self) -> None:
        try:
            answer = self._function(*self._args, progress=self._report)
        except CancelledError:
            self._post(_nothing, is_last=True)
        except Exception as error:  # noqa: BLE001  whatever it is, it must reach the person, on the UI thread
            self._post(self._failed(error), is_last=True)
        else:
            on_done = self._answers.on_done
            self._post(_nothing if on_done is None else lambda: on_done(answer), is_last=True)

    def _failed(self, error: Exception) -> Callable[[], None]:
        def tell() -> None:
            if self._answers.on_error is None:
                raise error
            self._answers.on_error(error)

        return tell

    def _report(self, done: int, total: int) -> None:
        if self.is_cancelled:
            raise CancelledError(_("Cancelled."))
        on_progress = self._answers.on_progress
        now = time.monotonic()
        if on_progress is not None and (done >= total or now - self._last_report >= _PROGRESS_EVERY):
            self._last_report = now
            self._post(lambda: on_progress(done, total), is_last=False)

    def _post(self, call: Callable[[], None], *, is_last: bool) -> None:
        def deliver() -> None:
            if shiboken6.isValid(self._runner):  # its page may be gone by now
                self._runner.receive(self, call, is_last=is_last)

        call_in_ui(deliver)


def _nothing() -> None:
    """A cancelled job has nothing to say."""
