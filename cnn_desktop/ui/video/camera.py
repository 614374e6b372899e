"""Cameras: the webcams that Qt knows, or anything else that shows live pictures."""

from __future__ import annotations

import os
import sys
import time
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCameraPermission, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.video.frame_source import FrameSource, multimedia

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QCameraFormat, QVideoFrame

_WANTED_WIDTH = 1280
_MOST_A_SECOND = 30
"""Pictures a second that are looked at; converting more would only cost time."""


class Camera(FrameSource):
    """Shows live pictures between `start` and `stop`."""

    devices_changed = Signal()

    @abstractmethod
    def devices(self) -> Mapping[str, str]:
        """Titles of the cameras that there are, by the id that `start` takes."""

    @abstractmethod
    def start(self, device: str = "") -> None:
        """Show pictures of a camera, or the system's first; those of another one end."""


class Webcam(Camera):
    """A camera that Qt's multimedia module knows.

    Raises:
        VideoError: that module isn't installed, or can't be loaded.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._qt = multimedia()
        self._last = 0.0
        self._wanted = ""
        self._camera: QCamera | None = None
        self._media = self._qt.QMediaDevices(self)
        self._media.videoInputsChanged.connect(self.devices_changed)
        self._sink = self._qt.QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._take)
        self._session = self._qt.QMediaCaptureSession(self)
        self._session.setVideoSink(self._sink)

    @override
    def devices(self) -> Mapping[str, str]:
        first = self._qt.QMediaDevices.defaultVideoInput()
        found = sorted(self._qt.QMediaDevices.videoInputs(), key=lambda device: device != first)
        return {_id(device): device.description() for device in found}

    @override
    def start(self, device: str = "") -> None:
        self.stop()
        self._wanted = device
        permission = QCameraPermission()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        match app.checkPermission(permission):
            case Qt.PermissionStatus.Undetermined:
                app.requestPermission(permission, self, self._answered)
            case status:
                self._go_on(is_allowed=status == Qt.PermissionStatus.Granted)

    @override
    def stop(self) -> None:
        if self._camera is not None:
            self._camera.stop()
            self._session.setCamera(None)  # pyright: ignore[reportArgumentType]  Qt takes a null pointer here
            self._camera.deleteLater()
            self._camera = None

    def _answered(self, permission: QCameraPermission) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._go_on(is_allowed=app.checkPermission(permission) == Qt.PermissionStatus.Granted)

    def _go_on(self, *, is_allowed: bool) -> None:
        found = {_id(device): device for device in self._qt.QMediaDevices.videoInputs()}
        if not is_allowed:
            self.failed.emit(_not_allowed())
        elif not found:
            self.failed.emit(_no_camera())
        else:
            self._open(found.get(self._wanted) or self._qt.QMediaDevices.defaultVideoInput())

    def _open(self, device: QCameraDevice) -> None:
        camera = self._camera = self._qt.QCamera(device, self)
        if (best := _best_format(device)) is not None:
            camera.setCameraFormat(best)
        camera.errorOccurred.connect(lambda _kind, reason: self._on_error(device.description(), reason))
        self._session.setCamera(camera)
        camera.start()

    def _on_error(self, name: str, reason: str) -> None:
        text = _("{camera} shows no pictures ({reason}): close other programs that use it, or plug it in anew.")
        self.failed.emit(text.format(camera=name, reason=reason or _("no reason given")))

    def _take(self, frame: QVideoFrame) -> None:
        now = time.monotonic()
        if frame.isValid() and now - self._last >= 0.9 / _MOST_A_SECOND:
            self._last = now
            picture = frame.toImage()
            if not picture.isNull():
                self.seen.emit(picture)


def _id(device: QCameraDevice) -> str:
    return bytes(device.id().data()).decode(errors="replace")


def _best_format(device: QCameraDevice) -> QCameraFormat | None:
    """The one nearest to the width that is enough for networks; of several such, the fastest."""

    def badness(offered: QCameraFormat) -> tuple[bool, int, float]:
        is_slow = offered.maxFrameRate() < 15
        return is_slow, abs(offered.resolution().width() - _WANTED_WIDTH), -offered.maxFrameRate()

    return min(device.videoFormats(), key=badness, default=None)


def _not_allowed() -> str:
    return _(
        "The system doesn't let this program use the camera: allow it in the system's settings, under privacy and "
        "camera, and try again."
    )


def _no_camera() -> str:
    locked = [str(path) for path in sorted(Path("/dev").glob("video*")) if not os.access(path, os.R_OK | os.W_OK)]
    if sys.platform == "linux" and locked:
        text = _(
            "You may not use the camera {device}: run `sudo usermod -aG video $USER`, log out and in again, and try "
            "again."
        )
        return text.format(device=locked[0])
    return _("No camera was found: plug one in, or switch it on, and try again.")
