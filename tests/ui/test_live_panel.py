"""A video or a camera, played by the test, and what the model says to it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.predict.live import LivePanel
from cnn_desktop.ui.video.camera import Camera
from cnn_desktop.ui.video.frame_source import VideoError
from cnn_desktop.ui.video.frames import Rate
from cnn_desktop.ui.video.live_view import LiveView
from cnn_desktop.ui.video.video_file import VideoFile, is_video_name
from cnn_desktop.ui.widgets.class_bars import ClassBars
from tests.ui.conftest import child
from tests.ui.grey_classifier import GreyClassifier
from tests.ui.small_video import write_video


def picture(grey: int) -> QImage:
    image = QImage(65, 48, QImage.Format.Format_RGB32)  # lines of 3×65 bytes end in the middle of a word
    image.fill(grey << 16 | grey << 8 | grey)
    return image


class PlayedCamera(Camera):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.started: list[str] = []
        self.is_on = False

    def devices(self) -> Mapping[str, str]:
        return {"a": "Camera A", "b": "Camera B"}

    def start(self, device: str = "") -> None:
        self.started.append(device)
        self.is_on = True

    def stop(self) -> None:
        self.is_on = False


class PlayedVideo(VideoFile):
    """Says what it is told to do."""

    def __init__(self, path: Path) -> None:
        QObject.__init__(self)
        self.orders: list[object] = []

    def play(self) -> None:
        self.orders.append("play")

    def pause(self) -> None:
        self.orders.append("pause")

    def seek(self, milliseconds: int) -> None:
        self.orders.append(milliseconds)

    def stop(self) -> None:
        self.orders.append("stop")


@pytest.fixture
def classifier() -> GreyClassifier:
    return GreyClassifier()


@pytest.fixture
def camera(qapp: QApplication) -> PlayedCamera:
    return PlayedCamera()


@pytest.fixture
def video(qapp: QApplication) -> PlayedVideo:
    return PlayedVideo(Path("film.avi"))


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication, camera: PlayedCamera, video: PlayedVideo) -> LivePanel:
    panel = LivePanel(AppContext(SettingsStore(Settings(), None)), None, lambda: camera, lambda _path: video)
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.resize(1000, 600)
    panel.show()
    return panel


def best(panel: LivePanel) -> str:
    table = child(panel, ClassBars, "liveTable").model()
    return table.index(0, 0).data() if table.rowCount() else ""


def shown(panel: LivePanel) -> int:
    """The grey of the picture in sight."""
    return child(panel, LiveView, "liveView")._picture.pixelColor(3, 3).red()


def click(panel: LivePanel, name: str) -> None:
    child(panel, QPushButton, name).click()


def test_bars_follow_what_the_camera_sees(
    panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    panel.watch_camera(classifier)
    assert camera.is_on
    for grey, name in ((0, "black"), (255, "white"), (128, "grey")):
        camera.seen.emit(picture(grey))
        qtbot.waitUntil(lambda name=name: best(panel) == name)
        assert shown(panel) == grey
    figures = child(panel, QLabel, "liveFigures").text()
    assert "pictures a second" in figures and "ms each" in figures and "fp32" in figures


def test_the_newest_picture_wins(
    panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    panel.watch_camera(classifier)
    camera.seen.emit(picture(0))
    qtbot.waitUntil(lambda: best(panel) == "black")
    classifier.gate.clear()
    for _picture in range(20):
        camera.seen.emit(picture(128))
    camera.seen.emit(picture(255))
    assert shown(panel) == 255, "what is seen doesn't wait for the model"
    classifier.gate.set()
    qtbot.waitUntil(lambda: best(panel) == "white")
    assert classifier.computed <= 3, "those in between were left out"


def test_a_pause_holds_the_camera_still(
    panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    panel.watch_camera(classifier)
    camera.seen.emit(picture(0))
    qtbot.waitUntil(lambda: best(panel) == "black")
    click(panel, "livePause")
    camera.seen.emit(picture(255))
    assert shown(panel) == 0 and not panel._answering.is_running
    click(panel, "livePause")
    camera.seen.emit(picture(255))
    qtbot.waitUntil(lambda: best(panel) == "white")


def test_a_video_is_played_paused_and_moved(
    panel: LivePanel, video: PlayedVideo, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    panel.watch_file(Path("film.avi"), classifier)
    video.seen.emit(picture(255))
    video.moved.emit(61_000, 125_000)
    assert child(panel, QLabel, "liveTime").text() == "1:01 / 2:05"
    click(panel, "livePause")
    slider = child(panel, QSlider, "livePlace")
    slider.triggerAction(QSlider.SliderAction.SliderPageStepAdd)
    video.seen.emit(picture(0))
    qtbot.waitUntil(lambda: best(panel) == "black")
    click(panel, "livePause")
    video.ended.emit()
    assert child(panel, QPushButton, "livePause").text() == "Play"
    click(panel, "livePause")
    assert video.orders == ["play", "pause", 71_000, "play", "play"]


def test_stopping_lets_the_camera_go(
    panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    panel.watch_camera(classifier)
    camera.seen.emit(picture(0))
    with qtbot.waitSignal(panel.closed):
        click(panel, "liveStop")
    assert not camera.is_on
    camera.seen.emit(picture(255))
    assert best(panel) == "" and child(panel, LiveView, "liveView")._picture.isNull()


def test_what_an_earlier_source_still_sends_is_not_heard(
    panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier, video: PlayedVideo
) -> None:
    panel.watch_camera(classifier)
    panel.watch_file(Path("film.avi"), classifier)
    camera.seen.emit(picture(255))
    camera.failed.emit("gone")
    assert child(panel, LiveView, "liveView")._picture.isNull() and child(panel, LiveView, "liveView").isVisible()


def test_another_camera_can_be_chosen(panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier) -> None:
    panel.watch_camera(classifier)
    picker = child(panel, QComboBox, "liveCamera")
    assert picker.isVisible() and picker.count() == 2
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    assert camera.started == ["a", "b"] and picker.isVisible()


def test_an_answer_below_the_threshold_is_unsure(
    panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    verdict = child(panel, QLabel, "liveVerdict")
    panel.show_threshold(0.9)
    panel.watch_camera(classifier)
    camera.seen.emit(picture(64))  # as far from black as from grey
    qtbot.waitUntil(lambda: verdict.text() == "unsure: less than 90 %")
    camera.seen.emit(picture(0))
    qtbot.waitUntil(lambda: best(panel) == "black")
    assert verdict.text() == ""


def test_another_model_takes_over(
    panel: LivePanel, camera: PlayedCamera, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    panel.watch_camera(classifier)
    camera.seen.emit(picture(0))
    qtbot.waitUntil(lambda: best(panel) == "black")
    other = GreyClassifier()
    panel.use(other)
    camera.seen.emit(picture(0))
    qtbot.waitUntil(lambda: other.computed == 1)


def test_no_camera_is_a_sentence_and_can_be_tried_again(
    qtbot: QtBot, themed: QApplication, classifier: GreyClassifier, camera: PlayedCamera
) -> None:
    tries: list[None] = []

    def make() -> Camera:
        tries.append(None)
        if len(tries) == 1:
            raise VideoError("Plug one in.")
        return camera

    panel = LivePanel(AppContext(SettingsStore(Settings(), None)), None, make)
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.show()
    panel.watch_camera(classifier)
    assert child(panel, QLabel, "emptyMessage").text() == "Plug one in."
    panel._trouble.button.click()
    assert camera.is_on


def test_a_real_video_is_played_to_its_end(
    qtbot: QtBot, themed: QApplication, classifier: GreyClassifier, tmp_path: Path
) -> None:
    pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
    film = write_video(
        tmp_path / "film.avi", [Image.new("RGB", (64, 48), (shade,) * 3) for shade in [0] * 4 + [255] * 4]
    )
    panel = LivePanel(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.show()
    seen: set[str] = set()
    panel._bars.table.modelReset.connect(lambda: seen.add(best(panel)))
    panel.watch_file(film, classifier)
    qtbot.waitUntil(lambda: panel._is_paused, timeout=20_000)
    qtbot.waitUntil(lambda: seen >= {"black", "white"}, timeout=10_000)
    click(panel, "livePause")
    qtbot.waitUntil(lambda: not panel._is_paused and child(panel, QSlider, "livePlace").maximum() > 500)
    (tmp_path / "text.avi").write_text("no video")
    panel.watch_file(tmp_path / "text.avi", classifier)
    trouble = child(panel, QLabel, "emptyMessage")
    qtbot.waitUntil(lambda: trouble.isVisible() and "text.avi can't be played" in trouble.text(), timeout=10_000)


def test_videos_are_known_by_their_names() -> None:
    assert is_video_name(Path("a/b.MP4")) and is_video_name(Path("b.webm"))
    assert not is_video_name(Path("b.gif")) and not is_video_name(Path("mp4"))


def test_the_rate_is_that_of_the_last_seconds() -> None:
    now = [100.0]
    rate = Rate(lambda: now[0])
    found: list[float] = []
    for step in (0.1,) * 40 + (0.5,) * 10:
        found.append(rate.count())
        now[0] += step
    assert found[0] == 0
    assert found[30] == pytest.approx(10, rel=0.05) and found[-1] == pytest.approx(2, rel=0.05)
