"""A run as the window sees it: started, paused, stopped, and looked at a few times a second."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.ui.jobs.train_thread import Ending, Train, TrainThread

if TYPE_CHECKING:
    from cnn_desktop.train.sight import Look

_LOOKS_PER_SECOND = 5


class LiveRun(QObject):
    """Owns the training thread; every event reaches `news`, in order, before `ended` tells the one outcome."""

    news = Signal(list)
    ended = Signal(Ending)
    seen = Signal(object)
    """A `Sight` of the network, for who asked by `watch`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: TrainThread | None = None
        self._wanted: Look | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // _LOOKS_PER_SECOND)
        self._timer.timeout.connect(self.look)

    @property
    def is_running(self) -> bool:
        """Whether a run has begun whose end was not yet told."""
        return self._thread is not None

    @property
    def is_paused(self) -> bool:
        """Whether the run was asked to hold still."""
        return self._thread is not None and self._thread.control.is_paused

    @property
    def is_ending(self) -> bool:
        """Whether the run was asked to end, now or for good."""
        control = None if self._thread is None else self._thread.control
        return control is not None and (control.stop_requested or control.finish_requested)

    def start(self, train: Train, config: RunConfig, resume_from: Path | None = None) -> None:
        """Begin a run, or go on with the one in `resume_from`; another one must not be under way."""
        from cnn_desktop.train.control import Control

        if self._thread is not None:
            raise RuntimeError("a run is already under way")
        self._thread = TrainThread(train, config, Control(asks=True), resume_from, self)
        self._thread.control.look(self._wanted)
        self._thread.setObjectName("training")
        self._thread.start()
        self._timer.start()

    def pause(self, free_device: bool = False) -> None:
        """Hold still before the next step; with `free_device`, what the run holds there waits in main memory."""
        if self._thread is not None:
            self._thread.control.pause(free_device)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._thread is not None:
            self._thread.control.resume()

    def stop(self) -> None:
        """End after the current step, with a checkpoint, to go on another time."""
        if self._thread is not None:
            self._thread.control.stop()

    def finish(self) -> None:
        """End after the current step as if it were the last, with test and model."""
        if self._thread is not None:
            self._thread.control.finish()

    def change_rate(self, rate: float) -> None:
        """Go on at another learning rate."""
        if self._thread is not None:
            self._thread.control.change_rate(rate)

    def move(self, place: Path) -> None:
        """Keep the run in a new folder in `place` from now on."""
        if self._thread is not None:
            self._thread.control.move_run(place)

    def answer(self, agreed: bool) -> None:
        """Whether to compute batches in more parts, after memory ran out; without consent the run stops."""
        if self._thread is not None:
            self._thread.control.answer(agreed)

    def watch(self, look: Look | None) -> None:
        """See what the network makes of a picture, in this run and in those to come; None: no longer."""
        self._wanted = look
        if self._thread is not None:
            self._thread.control.look(look)

    def wait(self, milliseconds: int) -> bool:
        """Hold the calling thread until the run is over; False when it isn't after that time."""
        return self._thread is None or self._thread.wait(milliseconds)

    def look(self) -> None:
        """Tell what has happened since the last look; called a few times a second by itself."""
        thread = self._thread
        if thread is None:
            return
        is_over = thread.isFinished()  # asked first: what arrives before the end is then in the mailbox
        events = thread.mailbox.drain()
        if events:
            self.news.emit(events)
        if (sight := thread.control.take_sight()) is not None:
            self.seen.emit(sight)
        if is_over:
            self._timer.stop()
            self._thread = None
            thread.deleteLater()
            self.ended.emit(thread.ending or Ending("failed", _("The training ended without saying how.")))
