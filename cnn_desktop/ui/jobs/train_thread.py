"""The thread that trains: it iterates the trainer's events into a mailbox and ends with exactly one outcome."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread
from typing_extensions import override

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError, CnnDesktopError, DivergedError, one_line
from cnn_desktop.core.events import Event, Outcome, RunFinished
from cnn_desktop.core.language import _
from cnn_desktop.ui.failures import details_of
from cnn_desktop.ui.jobs.turns import long_turns

if TYPE_CHECKING:
    from cnn_desktop.train.control import Control

Train = Callable[[RunConfig, "Control", Path | None], Iterator[Event]]
"""Trains as the first says, ruled by the second; goes on with the run in the third, where one is given."""


@dataclass(frozen=True)
class Ending:
    """How a run ended. The message is a sentence; details hold the traceback of what nobody foresaw."""

    outcome: Outcome
    message: str = ""
    details: str = ""
    run: RunFinished | None = None
    better_rate: float | None = None
    """A learning rate to try instead, where the run diverged."""


class Mailbox:
    """Events on their way from the thread that trains to the window; nothing is dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def put(self, event: Event) -> None:
        """Add an event; any thread."""
        with self._lock:
            self._events.append(event)

    def drain(self) -> list[Event]:
        """Take out everything that has arrived, oldest first."""
        with self._lock:
            events, self._events = self._events, []
        return events


class TrainThread(QThread):
    """One run. `ending` is None until it is over; Qt's own `finished` says nothing about how it went."""

    def __init__(
        self,
        train: Train,
        config: RunConfig,
        control: "Control",
        resume_from: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = control
        self.mailbox = Mailbox()
        self.ending: Ending | None = None
        self._train = train
        self._config = config
        self._resume_from = resume_from

    @override
    def run(self) -> None:
        with long_turns():
            self.ending = self._ending()
        # Up to Python 3.12 a thread that Python didn't start stays on its list of living threads for ever.
        getattr(threading, "_active", {}).pop(threading.get_ident(), None)

    def _ending(self) -> Ending:
        run: RunFinished | None = None
        try:
            for event in self._train(self._config, self.control, self._resume_from):
                self.mailbox.put(event)
                run = event if isinstance(event, RunFinished) else None
        except CancelledError:
            return Ending("stopped")
        except DivergedError as error:
            return Ending("failed", one_line(error), run=run, better_rate=error.better_rate)
        except CnnDesktopError as error:
            return Ending("failed", one_line(error), run=run)
        except BaseException as error:  # noqa: BLE001  whatever it is, the window lives, and knows that the run doesn't
            # Text only: the exception itself would keep the tensors of its frames alive.
            return Ending("failed", one_line(error), details_of(error), run)
        if run is not None:
            return Ending(run.outcome, run.message, run=run)
        return Ending("failed", _("The training ended without saying how."))
