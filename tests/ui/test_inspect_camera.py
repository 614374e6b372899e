"""The Inspect page looks through a camera that the test plays."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pytest
import torch
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.pages.inspect import InspectPage
from cnn_desktop.ui.pages.inspect.attribution.panel import AttributionPanel
from cnn_desktop.ui.pages.inspect.camera import CameraBar
from cnn_desktop.ui.pages.inspect.looking import look
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.pictures import GivenPicture
from cnn_desktop.ui.video.camera import Camera
from cnn_desktop.ui.video.frame_source import VideoError
from cnn_desktop.ui.widgets.map_grid import MapGrid
from tests.ui.conftest import child
from tests.ui.example_runs import example_run
from tests.ui.inspected import digits_subject, plain_context
from tests.ui.trained_digits import trained_digits


def frame(grey: int) -> QImage:
    image = QImage(90, 64, QImage.Format.Format_RGB32)
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


class Room:
    """A bar, the cameras it made, and a page that looks at what is wanted when the test says so."""

    def __init__(self, qtbot: QtBot) -> None:
        self.subject: Subject = digits_subject()
        self.cameras: list[PlayedCamera] = []
        self.wanted: list[GivenPicture] = []
        self.is_busy = False
        self.context = plain_context()
        self.bar = CameraBar(self.context, self.subject, lambda: self.is_busy, self._make)
        self.subject.picture_wanted.connect(self.wanted.append)
        qtbot.addWidget(self.bar, before_close_func=lambda bar: bar.shutdown())
        self.bar.show()
        self._qtbot = qtbot

    @property
    def camera(self) -> PlayedCamera:
        return self.cameras[-1]

    def _make(self) -> Camera:
        self.cameras.append(PlayedCamera())
        return self.cameras[-1]

    def click(self) -> None:
        child(self.bar, QPushButton, "lookThroughCamera").click()

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=5000)

    def answer(self) -> int:
        """Look at what is wanted, as the page does; the grey that the network was given."""
        model = self.subject.model
        assert model is not None
        seen = look(model, self.wanted[-1])
        self.subject.set_picture(seen.given, seen.picture, seen.recording)
        return round(255 * seen.recording.input.mean().item())


@pytest.fixture
def room(qtbot: QtBot, themed: QApplication) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    room.bar.shutdown()


def test_what_the_camera_sees_is_what_the_network_is_given(room: Room) -> None:
    room.click()
    for number, grey in enumerate((0, 200, 90), start=1):
        room.camera.seen.emit(frame(grey))
        room.until(lambda number=number: len(room.wanted) == number)
        assert room.answer() == grey
        assert room.subject.picture is not None and room.subject.picture.name == "Camera"
    assert room.subject.recording is not None
    assert np.isfinite(room.subject.recording.maps("conv1")).all()
    assert "a second" in child(room.bar, QLabel, "cameraRate").text()


def test_the_newest_picture_wins_and_none_comes_before_the_last_is_shown(room: Room, qtbot: QtBot) -> None:
    room.click()
    room.camera.seen.emit(frame(10))
    room.until(lambda: len(room.wanted) == 1)
    for grey in range(20, 60):
        room.camera.seen.emit(frame(grey))
    qtbot.wait(60)
    assert len(room.wanted) == 1
    assert room.answer() == 10
    room.until(lambda: len(room.wanted) == 2)
    assert room.answer() == 59


def test_it_waits_for_what_is_still_computed_but_not_for_ever(room: Room, qtbot: QtBot) -> None:
    room.click()
    room.camera.seen.emit(frame(10))
    room.until(lambda: len(room.wanted) == 1)
    room.answer()
    room.is_busy = True
    room.camera.seen.emit(frame(20))
    qtbot.wait(100)
    assert len(room.wanted) == 1
    room.until(lambda: len(room.wanted) == 2)


def test_switching_off_hiding_and_another_picture_let_the_camera_go(room: Room) -> None:
    switch = child(room.bar, QPushButton, "lookThroughCamera")
    room.click()
    assert room.camera.is_on and switch.isChecked()
    room.click()
    assert not room.camera.is_on and not switch.isChecked()
    room.click()
    room.camera.seen.emit(frame(10))
    room.until(lambda: len(room.wanted) == 1)
    room.answer()
    assert room.camera.is_on
    other = GivenPicture("other", room.wanted[-1].load)
    room.wanted.append(other)
    room.answer()
    assert not room.camera.is_on and not switch.isChecked()
    room.click()
    room.bar.hide()
    assert not room.camera.is_on


def test_another_camera_can_be_chosen(room: Room) -> None:
    room.click()
    picker = child(room.bar, QComboBox, "inspectCamera")
    assert picker.isVisible() and picker.count() == 2
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    assert room.cameras[0].started == [""] and room.cameras[1].started == ["b"]
    assert not room.cameras[0].is_on and picker.currentData() == "b"


def test_a_camera_that_fails_is_a_sentence(room: Room) -> None:
    said: list[str] = []
    room.context.message_sent.connect(lambda text, _details: said.append(text))
    room.click()
    room.camera.failed.emit("Plug it in.")
    assert said == ["Plug it in."] and not child(room.bar, QPushButton, "lookThroughCamera").isChecked()

    def refuse() -> Camera:
        raise VideoError("Install it.")

    room.bar._make_camera = refuse
    room.click()
    assert said[-1] == "Install it." and not child(room.bar, QPushButton, "lookThroughCamera").isChecked()


def test_a_picture_that_the_model_can_not_look_at_does_not_end_it(room: Room) -> None:
    room.click()
    room.camera.seen.emit(frame(10))
    room.until(lambda: len(room.wanted) == 1)
    room.subject.refuse_picture("no")
    room.camera.seen.emit(frame(20))
    room.until(lambda: len(room.wanted) == 2)
    assert room.answer() == 20


def test_the_page_shows_maps_and_where_the_model_looks_of_what_the_camera_sees(
    qtbot: QtBot, themed: QApplication
) -> None:
    example_run(model=trained_digits())
    page = InspectPage(plain_context())
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    page.engine_ready()
    qtbot.waitUntil(lambda: page.subject.recording is not None, timeout=30_000)
    camera = PlayedCamera()
    page._camera._make_camera = lambda: camera
    child(page, QPushButton, "lookThroughCamera").click()
    maps = child(page, MapGrid, "featureMapGrid")
    for grey in (0, 220):
        camera.seen.emit(frame(grey))
        expected = trained_digits().module.get_submodule("conv1")(torch.full((1, 1, 8, 8), grey / 255))[0]
        qtbot.waitUntil(
            lambda expected=expected: (
                maps.tiles is not None and np.allclose(maps.tiles.values, expected.detach().numpy(), atol=1e-5)
            ),
            timeout=10_000,
        )
    panel = page.tabs.choose("attribution")
    assert isinstance(panel, AttributionPanel)
    camera.seen.emit(frame(120))

    def is_seen() -> bool:
        recording = page.subject.recording
        return recording is not None and abs(recording.input.mean().item() - 120 / 255) < 0.002

    qtbot.waitUntil(is_seen, timeout=10_000)
    qtbot.waitUntil(
        lambda: panel._found is not None and panel._found.order.picture is page.subject.picture, timeout=30_000
    )
    page.hide()
    assert not camera.is_on
