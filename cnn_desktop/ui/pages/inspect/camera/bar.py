"""A switch for the camera, and how many of its pictures are looked at a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.camera.feed import CameraFeed
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.video.camera import Camera, Webcam
from cnn_desktop.ui.video.frame_source import VideoError
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.fields import Picker


class CameraBar(QWidget):
    """Lets the camera go when it is hidden.

    Args:
        is_busy: whether what is in sight still works on the last picture.
        make_camera: may raise `VideoError`.
    """

    def __init__(
        self,
        context: AppContext,
        subject: Subject,
        is_busy: Callable[[], bool],
        make_camera: Callable[[], Camera] = Webcam,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._make_camera = context, make_camera
        self.feed = CameraFeed(subject, is_busy, self)
        self._rate = caption()
        self._rate.setObjectName("cameraRate")
        self._devices = Picker("inspectCamera")
        self._devices.setAccessibleName(_("Camera"))
        self._devices.setMaximumWidth(96)
        self._switch = QPushButton(_("Camera"))
        self._switch.setObjectName("lookThroughCamera")
        self._switch.setAccessibleName(_("Look through the camera"))
        self._switch.setToolTip(_("Look at what the camera sees, as often as the model can"))
        self._switch.setProperty("role", "toggle")
        self._switch.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        for widget in (self._rate, self._devices, self._switch):
            row.addWidget(widget)
        self._devices.hide()
        self._switch.clicked.connect(self._toggle)
        self._devices.activated.connect(lambda _index: self._start(self._devices.choice()))
        self.feed.looked.connect(self._show_rate)
        self.feed.failed.connect(context.notify)
        self.feed.ended.connect(self._show_ended)

    def shutdown(self) -> None:
        """Let the camera go; called once, before the window closes."""
        self.feed.stop()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.feed.stop()

    def _toggle(self) -> None:
        if self.feed.is_live:
            self.feed.stop()
        else:
            self._start("")

    def _start(self, device: str) -> None:
        try:
            camera = self._make_camera()
        except VideoError as error:
            self._switch.setChecked(False)
            self._context.notify(one_line(error))
            return
        found = camera.devices()
        self.feed.start(camera, device)
        self._switch.setChecked(self.feed.is_live)
        if self.feed.is_live:
            self._offer(found, device)

    def _offer(self, found: Mapping[str, str], device: str) -> None:
        self._devices.clear()
        for name, title in found.items():
            self._devices.addItem(title, name)
        self._devices.choose(device)
        self._devices.setVisible(self._devices.count() > 1)

    def _show_rate(self, rate: float) -> None:
        self._rate.setText(_("{rate:.1f} a second").format(rate=rate) if rate else "")

    def _show_ended(self) -> None:
        self._switch.setChecked(False)
        self._devices.hide()
        self._rate.clear()
