"""Gives the newest picture of a camera to the subject, as soon as what was made of the one before is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.pictures import GivenPicture
from cnn_desktop.ui.video.camera import Camera
from cnn_desktop.ui.video.frames import Rate, picture_of

if TYPE_CHECKING:
    from cnn_desktop.data.decoding import OpenedPicture

_EVERY = 15
"""Milliseconds between two looks whether everything is ready for the next picture."""
_PATIENCE = 1.0
"""Seconds that a panel may still work on a picture before the next one comes all the same."""


class CameraFeed(QObject):
    """Pictures that come while one is being looked at are left out, but for the newest.

    Args:
        is_busy: whether what is in sight still works on the picture, such as on an attribution.
    """

    looked = Signal(float)
    """A picture was looked at; how many a second there were lately."""
    failed = Signal(str)
    """Why no more pictures come, in a sentence."""
    ended = Signal()
    """The camera was let go: by `stop`, by a failure, or because somebody gave another picture."""

    def __init__(self, subject: Subject, is_busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._subject, self._is_busy = subject, is_busy
        self._camera: Camera | None = None
        self._newest: QImage | None = None
        self._asked: GivenPicture | None = None
        self._answered_at = 0.0
        self._is_answered = True
        self._rate = Rate()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._go_on)
        subject.picture_changed.connect(self._on_picture)

    @property
    def is_live(self) -> bool:
        """Whether a camera is looked through."""
        return self._camera is not None

    def start(self, camera: Camera, device: str = "") -> None:
        """Look through a camera until `stop`."""
        self.stop()
        self._camera, self._newest, self._asked, self._is_answered = camera, None, None, True
        self._rate.reset()
        camera.seen.connect(self._take)
        camera.failed.connect(self._fail)
        self._timer.start()
        camera.start(device)

    def stop(self) -> None:
        """Let the camera go; the last picture stays."""
        camera, self._camera = self._camera, None
        self._timer.stop()
        if camera is not None:
            camera.seen.disconnect(self._take)
            camera.failed.disconnect(self._fail)
            camera.stop()
            camera.deleteLater()
            self.ended.emit()

    def _take(self, frame: QImage) -> None:
        self._newest = frame

    def _go_on(self) -> None:
        if self._newest is None or not self._is_answered or self._subject.model is None:
            return
        if self._is_busy() and time.monotonic() - self._answered_at < _PATIENCE:
            return
        frame, self._newest = self._newest, None
        self._asked, self._is_answered = _given(frame), False
        self._subject.picture_wanted.emit(self._asked)

    def _on_picture(self) -> None:
        """The picture is shown, or somebody gave another one, or it can't be looked at."""
        if not self.is_live or self._asked is None:
            return
        if self._subject.given is not None and self._subject.given is not self._asked:
            self.stop()
            return
        if not self._is_answered:
            self._is_answered, self._answered_at = True, time.monotonic()
            self.looked.emit(self._rate.count())

    def _fail(self, reason: str) -> None:
        self.stop()
        self.failed.emit(reason)


def _given(frame: QImage) -> GivenPicture:
    def load() -> OpenedPicture:
        from cnn_desktop.data.decoding import OpenedPicture

        return OpenedPicture(picture_of(frame))

    return GivenPicture(_("Camera"), load)
