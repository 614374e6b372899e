"""A run as the window sees it: started, paused, stopped, and looked at a few times a second."""

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Signal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.ui.jobs.train_thread import Ending, Train, TrainThread

_LOOKS_PER_SECOND = 5


class LiveRun(QObject):
    """Owns the training thread; every event reaches `news`, in order, before `ended` tells the one outcome."""

    news = Signal(list)
    ended = Signal(Ending)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: TrainThread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // _LOOKS_PER_SECOND)
        self._timer.timeout.connect(self._look)

    @property
    def is_running(self) -> bool:
        """Whether a run has begun whose end was not yet told."""
        return self._thread is not None

    @property
    def is_paused(self) -> bool:
        """Whether the run was asked to hold still."""
        return self._thread is not None and self._thread.control.is_paused

    def start(self, train: Train, config: RunConfig) -> None:
        """Begin a run; another one must not be under way."""
        from cnn_desktop.train.control import Control

        if self._thread is not None:
            raise RuntimeError("a run is already under way")
        self._thread = TrainThread(train, config, Control(), self)
        self._thread.setObjectName("training")
        self._thread.start()
        self._timer.start()

    def pause(self) -> None:
        """Hold still before the next step."""
        if self._thread is not None:
            self._thread.control.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._thread is not None:
            self._thread.control.resume()

    def stop(self) -> None:
        """End after the current step, with a checkpoint."""
        if self._thread is not None:
            self._thread.control.stop()

    def shutdown(self) -> None:
        """Stop, and wait for the thread while the window goes on painting itself."""
        self.stop()
        while self._thread is not None and not self._thread.wait(20):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        self._look()

    def _look(self) -> None:
        thread = self._thread
        if thread is None:
            return
        is_over = thread.isFinished()  # asked first: what arrives before the end is then in the mailbox
        events = thread.mailbox.drain()
        if events:
            self.news.emit(events)
        if is_over:
            self._timer.stop()
            self._thread = None
            thread.deleteLater()
            self.ended.emit(thread.ending or Ending("failed"))
