"""Long work inside a generator: its progress becomes events while it runs in a thread."""

import queue
import threading
from collections.abc import Callable, Generator
from typing import TypeVar

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.progress import Progress
from cnn_desktop.train.control import Control

T = TypeVar("T")


def reported(what: str, control: Control, work: Callable[[Progress], T]) -> Generator[Preparing, None, T]:
    """Run `work(progress)` in a thread, yield its progress as `Preparing` events, and return what it returns.

    A stop cancels the work at its next report.

    Raises:
        CancelledError: stopped.
        Exception: whatever `work` raised.
    """
    reports: queue.Queue[tuple[int, int] | None] = queue.Queue()
    outcome: list[T] = []
    errors: list[BaseException] = []
    abandoned = threading.Event()

    def progress(done: int, total: int) -> None:
        if control.stop_requested or abandoned.is_set():
            raise CancelledError
        reports.put((done, total))

    def run() -> None:
        try:
            outcome.append(work(progress))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
            errors.append(error)
        finally:
            reports.put(None)

    thread = threading.Thread(target=run, name="preparing", daemon=True)
    thread.start()
    try:
        yield Preparing(what, 0, 0)
        while (report := _newest(reports)) is not None:
            yield Preparing(what, *report)
    finally:
        abandoned.set()
        thread.join()
    if errors:
        raise errors[0]
    return outcome[0]


def _newest(reports: "queue.Queue[tuple[int, int] | None]") -> tuple[int, int] | None:
    """Wait for a report and skip to the newest, so that a slow reader doesn't fall behind."""
    report = reports.get()
    while report is not None and not reports.empty():
        report = reports.get()
    return report
