"""Live pictures beside their best classes: of a video file, or of a webcam."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QPushButton, QStackedWidget, QWidget

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.predict.live.place_bar import PlaceBar
from cnn_desktop.ui.pages.predict.live.watching import TOP, Frame, FrameAnswer, answer_frame
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.video.camera import Camera, Webcam
from cnn_desktop.ui.video.frame_source import FrameSource
from cnn_desktop.ui.video.frames import Rate
from cnn_desktop.ui.video.live_view import LiveView
from cnn_desktop.ui.video.video_file import VideoFile
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.class_bars import ClassBars
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.fields import Picker

if TYPE_CHECKING:
    from cnn_desktop.predict.classifier import Classifier


class LivePanel(QWidget):
    """Shows every picture that comes, and answers to the newest as often as the model can.

    Args:
        make_camera: may raise `VideoError`.
        make_video: may raise `VideoError`.
    """

    closed = Signal()
    """It has been stopped by the person."""

    def __init__(
        self,
        context: AppContext,
        parent: QWidget | None = None,
        make_camera: Callable[[], Camera] = Webcam,
        make_video: Callable[[Path], VideoFile] = VideoFile,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("livePanel")
        self._context = context
        self._make_camera, self._make_video = make_camera, make_video
        self._source: FrameSource | None = None
        self._begin_again: Callable[[], None] = self.stop
        self._classifier: Classifier | None = None
        self._is_paused = False
        self._threshold = 0.0
        self._rate = Rate()
        self._answering = NewestRunner(answer_frame, self._show_answer, self._on_error, self)
        self._seen = Card()
        self._devices = Picker("liveCamera")
        self._devices.setAccessibleName(_("Camera"))
        self._pause = _button("livePause", _("Pause"))
        self._stop = _button("liveStop", _("Stop"))
        set_icon(self._stop, "stop")
        self._view = LiveView("liveView")
        self._trouble = EmptyState()
        self._stack = QStackedWidget()
        self._bar = PlaceBar()
        self._answers = Card(_("Ten best classes"))
        self._figures = caption()
        self._figures.setObjectName("liveFigures")
        self._verdict = caption()
        self._verdict.setObjectName("liveVerdict")
        self._bars = ClassBars()
        self._bars.setObjectName("liveTable")
        self._lay_out()
        self._devices.activated.connect(lambda _index: self._change_camera())
        self._pause.clicked.connect(self._toggle)
        self._stop.clicked.connect(self._close)
        self._show_paused(False)

    def watch_file(self, path: Path, classifier: Classifier) -> None:
        """Play a video file from its beginning."""
        self._begin(lambda: self._open_file(path), classifier, path.name)
        self._view.is_mirrored = False

    def watch_camera(self, classifier: Classifier) -> None:
        """Show what the system's first webcam sees, or the one that was chosen."""
        self._begin(self._open_camera, classifier, _("Camera"))
        self._view.is_mirrored = True

    def use(self, classifier: Classifier) -> None:
        """Let another model answer from now on."""
        self._classifier = classifier
        self._rate.reset()

    def show_threshold(self, threshold: float) -> None:
        """Call answers unsure that are less probable than this, 0…1."""
        self._threshold = threshold

    def stop(self) -> None:
        """End what is shown, and let other programs have the camera; nothing happens where nothing is."""
        source, self._source = self._source, None
        self._answering.cancel()
        if source is not None:
            source.stop()
            source.deleteLater()

    def shutdown(self) -> None:
        """Stop and wait; called once, before the window closes."""
        self.stop()
        self._answering.wait()

    # ---- the source

    def _begin(self, opening: Callable[[], None], classifier: Classifier, title: str) -> None:
        self._seen.set_title(title)
        self._begin_again = lambda: self._begin(opening, self._classifier or classifier, title)
        self.use(classifier)
        self.stop()
        self._clear()
        try:
            opening()
        except CnnDesktopError as error:
            self._show_trouble(one_line(error))

    def _open_file(self, path: Path) -> None:
        video = self._make_video(path)
        self._take_source(video)
        self._view.waiting_text = _("Opening the video…")
        self._bar.show()
        video.moved.connect(self._bar.show_place)
        video.ended.connect(self._on_video_end)
        self._bar.sought.connect(video.seek)
        video.play()

    def _open_camera(self) -> None:
        camera = self._make_camera()
        self._take_source(camera)
        self._view.waiting_text = _("Waiting for the camera…")
        camera.devices_changed.connect(self._list_devices)
        self._list_devices()
        camera.start(self._devices.choice())

    def _take_source(self, source: FrameSource) -> None:
        source.setParent(self)
        self._source = source
        # What an earlier source sends still, on its way while it was stopped, isn't heard.
        source.seen.connect(lambda picture: self._see(picture) if source is self._source else None)
        source.failed.connect(lambda sentence: self._show_trouble(sentence) if source is self._source else None)

    def _list_devices(self) -> None:
        devices = self._source.devices() if isinstance(self._source, Camera) else {}
        chosen = self._devices.choice()
        self._devices.blockSignals(True)
        self._devices.clear()
        for device, title in devices.items():
            self._devices.addItem(title, device)
        self._devices.choose(chosen)
        self._devices.blockSignals(False)
        self._devices.setVisible(len(devices) > 1)

    def _change_camera(self) -> None:
        if isinstance(self._source, Camera):
            self._clear()
            self._devices.show()
            self._source.start(self._devices.choice())

    # ---- what is seen

    def _see(self, picture: QImage) -> None:
        if self._is_paused and not isinstance(self._source, VideoFile):
            return  # a paused video shows a picture only where the person went to another place
        self._stack.setCurrentWidget(self._view)
        self._pause.setEnabled(True)
        self._view.show_picture(picture)
        if self._classifier is not None:
            self._answering.ask(Frame(picture, self._classifier))

    def _show_answer(self, answer: FrameAnswer) -> None:
        if self._source is None or answer.frame.classifier is not self._classifier:
            return
        count, best = len(answer.classes), answer.classes[0][1]
        all_of_few = _("All {count} classes").format(count=count)
        self._answers.set_title(_("Ten best classes") if count == TOP else all_of_few)
        self._bars.show_classes(answer.classes)
        unsure = _("unsure: less than {share}").format(share=percent_text(self._threshold, 0))
        self._verdict.setText(unsure if best < self._threshold else "")
        figures = [_("{count:.0f} ms each").format(count=answer.milliseconds), answer.frame.classifier.precision]
        rate = self._rate.count()
        if rate and not self._is_paused:
            figures.insert(0, _("{count:.0f} pictures a second").format(count=rate))
        self._figures.setText(" · ".join(figures))

    def _on_error(self, error: Exception) -> None:
        self.stop()
        self._show_trouble(one_line(error))
        if not isinstance(error, CnnDesktopError):
            self._context.notify_error(error)

    def _on_video_end(self) -> None:
        self._show_paused(True)

    def _toggle(self) -> None:
        self._show_paused(not self._is_paused)
        if isinstance(self._source, VideoFile):
            (self._source.pause if self._is_paused else self._source.play)()

    def _close(self) -> None:
        self.stop()
        self._clear()
        self.closed.emit()

    # ---- the looks

    def _clear(self) -> None:
        self._rate.reset()
        self._view.show_picture(QImage())
        self._stack.setCurrentWidget(self._view)
        self._bars.show_classes(())
        self._figures.clear()
        self._verdict.clear()
        self._bar.show_place(0, 0)
        self._bar.hide()
        self._devices.hide()
        self._pause.setEnabled(False)
        self._show_paused(False)

    def _show_paused(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        self._rate.reset()
        self._pause.setText(_("Play") if is_paused else _("Pause"))
        self._pause.setAccessibleName(self._pause.text())
        set_icon(self._pause, "play" if is_paused else "pause")

    def _show_trouble(self, sentence: str) -> None:
        self._pause.setEnabled(False)
        self._bar.hide()
        self._trouble.tell(sentence, _("Try again"), self._begin_again)
        self._stack.setCurrentWidget(self._trouble)

    def _lay_out(self) -> None:
        for widget in (self._devices, self._pause, self._stop):
            self._seen.header.addWidget(widget)
        for widget in (self._view, self._trouble):
            self._stack.addWidget(widget)
        self._seen.body.addWidget(self._stack, 1)
        self._seen.body.addWidget(self._bar)
        self._answers.header.addWidget(self._verdict)
        self._answers.header.addWidget(self._figures)
        self._answers.body.addWidget(self._bars, 1)
        cards = QGridLayout(self)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(S16)
        cards.addWidget(self._seen, 0, 0)
        cards.addWidget(self._answers, 0, 1)
        for column in (0, 1):
            cards.setColumnStretch(column, 1)
            cards.setColumnMinimumWidth(column, 320)


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    return button
