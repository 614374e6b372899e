"""Background calls that come faster than they are answered: one runs, the newest waits, the others are dropped."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from cnn_desktop.ui.jobs.job import JobRunner


class NewestRunner(QObject):
    """Answers as often as it can while somebody moves a slider; the last order is always carried out.

    Args:
        function: called in a thread with an order and `progress`.
        on_done: called on the UI thread with each answer.
        on_error: called on the UI thread with what went wrong.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._function = function
        self._on_done = on_done
        self._on_error = on_error
        self._job = JobRunner(self)
        self._waiting: tuple[Any] | None = None

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._job.is_running

    def ask(self, order: Any) -> None:
        """Carry out `order` now, or next, in the place of one that waits."""
        if self._job.is_running:
            self._waiting = (order,)
        else:
            self._job.start(self._function, order, on_done=self._done, on_error=self._failed)

    def cancel(self) -> None:
        """Drop what waits and the answer that is to come."""
        self._waiting = None
        self._job.cancel()

    def wait(self) -> None:
        """Wait for what still runs."""
        self._job.wait()

    def _done(self, answer: Any) -> None:
        self._go_on()  # first, so that the next is computed while this one is drawn
        self._on_done(answer)

    def _failed(self, error: Exception) -> None:
        self._go_on()
        self._on_error(error)

    def _go_on(self) -> None:
        if self._waiting is not None:
            (order,) = self._waiting
            self._waiting = None
            self.ask(order)
