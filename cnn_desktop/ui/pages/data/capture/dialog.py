"""Records pictures with the webcam: a button held down for each class, into a folder for each class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.data.capture.classes_card import ClassesCard
from cnn_desktop.ui.pages.data.capture.places import class_folders, new_folder
from cnn_desktop.ui.pages.data.capture.recorder import Recorder
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.video.camera import Camera, Webcam
from cnn_desktop.ui.video.live_view import LiveView
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.numbers import CountSpin
from cnn_desktop.ui.widgets.sentence import Sentence

_FEWEST_CLASSES = 2
_FASTEST = 15


class CaptureDialog(QDialog):
    """Open it with `open`; what was recorded stays in its folder, whichever way it is closed.

    Args:
        parent: the window that waits meanwhile.
        make_camera: where the live pictures come from; may raise `VideoError`.
        folder: where to record; None: a new folder below the person's pictures, made with the first picture.
    """

    folder_chosen = Signal(Path)
    """“Use these pictures” was pressed: the folder to open, with class folders that hold pictures."""

    def __init__(
        self, parent: QWidget | None = None, make_camera: Callable[[], Camera] = Webcam, folder: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("captureDialog")
        self.setWindowTitle(_("Record with the webcam"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._make_camera = make_camera
        self._camera: Camera | None = None
        self._recorder = Recorder(folder or new_folder(), parent=self)
        self._view = LiveView("captureView")
        self._trouble = EmptyState()
        self._stack = QStackedWidget()
        self._devices = Picker("captureCamera")
        self._devices.setAccessibleName(_("Camera"))
        self._rate = CountSpin("captureRate", 1, _FASTEST)
        self._rate.setAccessibleName(_("Pictures a second"))
        self._rate.write(round(self._recorder.rate))
        self._classes = ClassesCard()
        self._undo = _button("captureUndo", _("Undo"))
        set_icon(self._undo, "undo")
        self._error = Sentence("error")
        self._place = ElidedLabel()
        self._choose = _button("captureChooseFolder", _("Choose folder…"))
        self._close = _button("captureClose", _("Close"))
        self._use = _button("captureUse", _("Use these pictures"), "primary")
        self._lay_out()
        self._connect()
        self._record_into(self._recorder)
        self._list_devices()

    @property
    def folder(self) -> Path:
        """Where the pictures go."""
        return self._recorder.folder

    @override
    def open(self) -> None:
        super().open()
        self._begin()

    @override
    def done(self, result: int) -> None:
        self._classes.release()
        if self._camera is not None:
            self._camera.stop()
        self._recorder.close()
        super().done(result)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if event.isAutoRepeat() or not (1 <= number <= 9 and self._classes.hold(number)):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9:
            self._classes.release()
        super().keyReleaseEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._classes.release()  # the release of the key would go to another window

    # ---- the camera

    def _begin(self) -> None:
        try:
            if self._camera is None:
                self._camera = self._make_camera()
                self._camera.setParent(self)
                self._camera.seen.connect(self._see)
                self._camera.failed.connect(self._show_trouble)
                self._camera.devices_changed.connect(self._list_devices)
            self._stack.setCurrentWidget(self._view)
            self._list_devices()
            self._camera.start(self._devices.choice())
        except CnnDesktopError as error:
            self._show_trouble(one_line(error))

    def _list_devices(self) -> None:
        devices = self._camera.devices() if self._camera else {}
        chosen = self._devices.choice()
        self._devices.blockSignals(True)
        self._devices.clear()
        for device, title in devices.items():
            self._devices.addItem(title, device)
        self._devices.choose(chosen)
        self._devices.blockSignals(False)
        self._devices.setVisible(len(devices) > 1)

    def _change_camera(self) -> None:
        if self._camera is not None:
            self._classes.release()
            self._view.show_picture(QImage())
            self._camera.start(self._devices.choice())

    def _see(self, picture: QImage) -> None:
        self._stack.setCurrentWidget(self._view)
        self._view.show_picture(picture)
        self._classes.set_recordable(True)
        if self._recorder.see(picture):
            self._classes.show_picture(self._recorder.recording, picture)

    def _show_trouble(self, sentence: str) -> None:
        self._classes.release()
        self._classes.set_recordable(False)
        self._trouble.tell(sentence, _("Try again"), self._begin)
        self._stack.setCurrentWidget(self._trouble)

    # ---- recording

    def _start(self, class_name: str) -> None:
        self._error.hide()
        self._recorder.rate = self._rate.read() or 1
        self._recorder.begin(class_name)
        self._view.show_recording(class_name)

    def _stop(self) -> None:
        self._recorder.end()
        self._view.show_recording("")

    def _take_back(self) -> None:
        self._recorder.undo()

    def _ask_count(self, class_name: str) -> None:
        self._recorder.count(class_name)

    def _show_error(self, sentence: str) -> None:
        self._classes.release()
        self._error.setText(sentence)
        self._error.show()

    def _show_count(self, class_name: str, count: int) -> None:
        self._classes.show_count(class_name, count)
        is_enough = self._classes.filled >= _FEWEST_CLASSES
        self._use.setEnabled(is_enough)
        self._use.setToolTip("" if is_enough else _("Record pictures of two classes or more first."))

    def _show_bursts(self) -> None:
        count = self._recorder.last_burst
        self._undo.setEnabled(count > 0)
        text = _("Undo last recording ({count})") if count else _("Undo last recording")
        self._undo.setText(text.format(count=count))

    # ---- the folder

    def _record_into(self, recorder: Recorder) -> None:
        if recorder is not self._recorder:
            self._recorder.close()
            self._recorder.deleteLater()
        self._recorder = recorder
        recorder.counted.connect(self._show_count)
        recorder.bursts_changed.connect(self._show_bursts)
        recorder.failed.connect(self._show_error)
        self._place.setText(str(recorder.folder))
        self._error.hide()
        self._show_bursts()
        self._classes.show_classes(class_folders(recorder.folder))
        self._show_count("", 0)

    def _choose_folder(self) -> None:
        title = _("Choose the folder that holds, or shall hold, a folder for each class")
        chosen = QFileDialog.getExistingDirectory(self, title, str(self.folder.parent))
        if chosen:
            self._record_into(Recorder(Path(chosen), parent=self))

    def _finish(self) -> None:
        self._classes.release()
        self._use.setEnabled(False)
        self._recorder.when_written(self._hand_over)

    def _hand_over(self) -> None:
        self.accept()
        self.folder_chosen.emit(self.folder)

    # ---- the looks

    def _connect(self) -> None:
        self._devices.activated.connect(lambda _index: self._change_camera())
        self._classes.begun.connect(self._start)
        self._classes.ended.connect(self._stop)
        self._classes.count_asked.connect(self._ask_count)
        self._undo.clicked.connect(self._take_back)
        self._choose.clicked.connect(self._choose_folder)
        self._close.clicked.connect(self.reject)
        self._use.clicked.connect(self._finish)

    def _lay_out(self) -> None:
        for widget in (self._view, self._trouble):
            self._stack.addWidget(widget)
        seen = Card()
        seen.body.addWidget(self._stack, 1)
        settings = QHBoxLayout()
        settings.setSpacing(S8)
        settings.addWidget(self._devices, 1)
        settings.addStretch()
        settings.addWidget(caption(_("Pictures a second")))
        settings.addWidget(self._rate)
        seen.body.addLayout(settings)
        self._classes.body.addWidget(self._error)
        self._classes.body.addWidget(self._undo)
        self._classes.setFixedWidth(380)
        upper = QHBoxLayout()
        upper.setSpacing(S16)
        upper.addWidget(seen, 1)
        upper.addWidget(self._classes)
        lower = QHBoxLayout()
        lower.setSpacing(S8)
        lower.addWidget(self._place, 1)
        for button in (self._choose, self._close, self._use):
            lower.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S16, S16, S16)
        column.setSpacing(S16)
        column.addLayout(upper, 1)
        column.addLayout(lower)
        self.resize(980, 600)


def _button(name: str, text: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setAutoDefault(False)  # Enter in a name would press it
    return button
