"""Recording with a webcam that the test plays."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from cnn_desktop.core import files
from cnn_desktop.ui.pages.data.capture.dialog import CaptureDialog
from cnn_desktop.ui.pages.data.capture.places import class_folders, new_folder, objection_to
from cnn_desktop.ui.pages.data.capture.recorder import Recorder
from cnn_desktop.ui.video import camera as camera_module
from cnn_desktop.ui.video.camera import Camera, Webcam
from cnn_desktop.ui.video.frame_source import VideoError
from cnn_desktop.ui.widgets.sentence import Sentence
from tests.ui.conftest import child


def picture(red: int = 200) -> QImage:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(red << 16)
    return image


class PlayedCamera(Camera):
    def __init__(self) -> None:
        super().__init__()
        self.started: list[str] = []
        self.is_on = False

    def devices(self) -> Mapping[str, str]:
        return {"a": "Camera A", "b": "Camera B"}

    def start(self, device: str = "") -> None:
        self.started.append(device)
        self.is_on = True

    def stop(self) -> None:
        self.is_on = False


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pictures" / "new"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorder(qtbot: QtBot, folder: Path, clock: Clock) -> Iterator[Recorder]:
    recorder = Recorder(folder, clock)
    yield recorder
    recorder.close()


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[Recorder], None]:
    """Wait until all that was asked for is on the disk."""

    def wait(recorder: Recorder) -> None:
        done: list[bool] = []
        recorder.when_written(lambda: done.append(True))
        qtbot.waitUntil(lambda: bool(done), timeout=5000)

    return wait


Settle = Callable[[Recorder], None]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def burst(recorder: Recorder, clock: Clock, class_name: str, frames: int, seconds: float = 0.25) -> None:
    recorder.begin(class_name)
    for _frame in range(frames):
        recorder.see(picture())
        clock.now += seconds
    recorder.end()


# The recorder


def test_pictures_become_whole_files_in_the_folder_of_their_class(
    recorder: Recorder, clock: Clock, folder: Path, settle: Settle
) -> None:
    burst(recorder, clock, "mug", 3)
    settle(recorder)
    assert names(folder / "mug") == ["webcam-00001.jpg", "webcam-00002.jpg", "webcam-00003.jpg"]
    read = QImage(str(folder / "mug" / "webcam-00002.jpg"))
    assert (read.width(), read.height()) == (64, 48)
    assert read.pixelColor(5, 5).red() == pytest.approx(200, abs=4)


def test_the_rate_is_kept_whatever_the_camera_gives(
    recorder: Recorder, clock: Clock, folder: Path, settle: Settle
) -> None:
    recorder.rate = 4
    recorder.begin("mug")
    for _frame in range(10):  # three seconds of thirty pictures a second, written as they come
        for _third in range(9):
            recorder.see(picture())
            clock.now += 1 / 30
        settle(recorder)
    recorder.end()
    settle(recorder)
    assert len(names(folder / "mug")) == 12


def test_nothing_is_recorded_before_or_after(recorder: Recorder, clock: Clock, folder: Path, settle: Settle) -> None:
    recorder.see(picture())
    burst(recorder, clock, "mug", 1)
    clock.now += 10
    recorder.see(picture())
    settle(recorder)
    assert names(folder / "mug") == ["webcam-00001.jpg"]


def test_what_is_there_is_never_overwritten(recorder: Recorder, clock: Clock, folder: Path, settle: Settle) -> None:
    (folder / "mug").mkdir(parents=True)
    for name in ("webcam-00007.jpg", "WEBCAM-00008.JPG", "other.png", "webcam-x.jpg"):
        (folder / "mug" / name).write_text(name)
    burst(recorder, clock, "mug", 2)
    settle(recorder)
    (folder / "mug" / "webcam-00011.jpg").write_text("came from elsewhere")
    burst(recorder, clock, "mug", 1)
    settle(recorder)
    assert (folder / "mug" / "webcam-00007.jpg").read_text() == "webcam-00007.jpg"
    assert (folder / "mug" / "webcam-00011.jpg").read_text() == "came from elsewhere"
    assert {"webcam-00009.jpg", "webcam-00010.jpg", "webcam-00012.jpg"} <= set(names(folder / "mug"))


def test_undo_takes_back_the_last_burst_and_then_the_one_before(
    recorder: Recorder, clock: Clock, folder: Path, settle: Settle
) -> None:
    (folder / "mug").mkdir(parents=True)
    (folder / "mug" / "mine.jpg").write_text("mine")
    burst(recorder, clock, "mug", 2)
    burst(recorder, clock, "hand", 3)
    recorder.begin("hand")  # pressed by mistake, let go at once
    recorder.end()
    settle(recorder)
    counts: dict[str, int] = {}
    recorder.counted.connect(lambda name, count: counts.update({name: count}))
    assert recorder.last_burst == 3
    recorder.undo()
    settle(recorder)
    assert not (folder / "hand").exists()
    assert len(names(folder / "mug")) == 3
    assert recorder.last_burst == 2
    recorder.undo()
    settle(recorder)
    assert names(folder / "mug") == ["mine.jpg"]
    assert recorder.last_burst == 0
    assert counts == {"hand": 0, "mug": 1}
    recorder.undo()
    settle(recorder)
    assert names(folder / "mug") == ["mine.jpg"]


def test_a_disk_that_fails_ends_the_recording_with_a_sentence(
    recorder: Recorder, clock: Clock, folder: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    recorder.failed.connect(said.append)

    def fail(file: Path) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(files, "sync_file", fail)
    recorder.begin("mug")
    recorder.see(picture())
    settle(recorder)
    assert said == [f"The picture can't be written into {folder / 'mug'}: {os.strerror(28)}."]
    assert recorder.recording == ""
    assert names(folder / "mug") == []  # no part of a picture


def test_a_slow_disk_lowers_the_rate_instead_of_filling_the_memory(
    recorder: Recorder, clock: Clock, settle: Settle
) -> None:
    recorder.begin("mug")
    taken = 0
    for _frame in range(40):  # the window hears of nothing written meanwhile
        taken += recorder.see(picture())
        clock.now += 1
    assert taken == 8
    settle(recorder)
    assert recorder.see(picture())
    recorder.end()


# Names and places


@pytest.mark.parametrize(
    "name", ["", "a/b", "a\\b", "what?", ".hidden", "dot.", "con", "Test", "validation", "x" * 61, "a\tb"]
)
def test_names_that_cannot_be_folders_of_a_class(name: str) -> None:
    assert objection_to(name, [])


@pytest.mark.parametrize("name", ["mug", "Grüner Becher", "🐈", "two words"])
def test_names_that_can(name: str) -> None:
    assert objection_to(name, ["hand"]) == ""
    assert name in objection_to(name, [name.upper() if name.isascii() else name])


def test_the_new_folder_is_not_there_yet() -> None:
    first = new_folder()
    assert not first.exists()
    first.mkdir(parents=True)
    assert new_folder() != first
    assert new_folder().parent == first.parent
    assert class_folders(first) == [] == class_folders(first / "nothing")


# The dialog


@pytest.fixture
def played() -> PlayedCamera:
    return PlayedCamera()


@pytest.fixture
def dialog(qtbot: QtBot, themed: QApplication, played: PlayedCamera, folder: Path) -> CaptureDialog:
    dialog = CaptureDialog(None, lambda: played, folder)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def hold(dialog: CaptureDialog, number: int) -> QPushButton:
    return child(dialog, QPushButton, f"captureHold{number}")


def count(dialog: CaptureDialog, number: int) -> str:
    return child(dialog, QLabel, f"captureCount{number}").text()


def name(dialog: CaptureDialog, number: int, text: str) -> None:
    edit = child(dialog, QLineEdit, f"captureName{number}")
    edit.setText(text)
    edit.editingFinished.emit()


def test_holding_a_button_records_its_class(
    dialog: CaptureDialog, played: PlayedCamera, folder: Path, qtbot: QtBot
) -> None:
    assert not hold(dialog, 1).isEnabled()  # there is nothing to record yet
    played.seen.emit(picture())
    name(dialog, 1, "mug")
    child(dialog, QSpinBox, "captureRate").setValue(15)
    qtbot.mousePress(hold(dialog, 1), Qt.MouseButton.LeftButton)
    played.seen.emit(picture())
    qtbot.wait(80)
    played.seen.emit(picture())
    qtbot.mouseRelease(hold(dialog, 1), Qt.MouseButton.LeftButton)
    played.seen.emit(picture())
    qtbot.waitUntil(lambda: count(dialog, 1) == "2 pictures · key 1", timeout=5000)
    assert names(folder) == ["mug"]
    assert child(dialog, QLineEdit, "captureName1").isReadOnly()
    assert count(dialog, 2) == "0 pictures · key 2"


def test_a_key_is_as_good_as_a_button(dialog: CaptureDialog, played: PlayedCamera, folder: Path, qtbot: QtBot) -> None:
    played.seen.emit(picture())
    qtbot.keyPress(dialog, Qt.Key.Key_2)
    played.seen.emit(picture())
    assert hold(dialog, 2).isDown()
    qtbot.keyRelease(dialog, Qt.Key.Key_2)
    assert not hold(dialog, 2).isDown()
    qtbot.waitUntil(lambda: count(dialog, 2).startswith("1 picture "), timeout=5000)
    qtbot.keyPress(dialog, Qt.Key.Key_9)  # no such class
    played.seen.emit(picture())
    assert len(names(folder)) == 1


def test_a_digit_in_a_name_records_nothing(dialog: CaptureDialog, played: PlayedCamera, qtbot: QtBot) -> None:
    played.seen.emit(picture())
    edit = child(dialog, QLineEdit, "captureName1")
    edit.clear()
    qtbot.keyClicks(edit, "12")
    assert edit.text() == "12"
    assert not hold(dialog, 1).isDown()
    qtbot.keyPress(edit, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_a_window_that_loses_the_keys_stops_recording(
    dialog: CaptureDialog, played: PlayedCamera, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.seen.emit(picture())
    qtbot.keyPress(dialog, Qt.Key.Key_1)
    assert hold(dialog, 1).isDown()
    monkeypatch.setattr(dialog, "isActiveWindow", lambda: False)
    QApplication.sendEvent(dialog, QEvent(QEvent.Type.ActivationChange))
    assert not hold(dialog, 1).isDown()


def test_undo_says_how_many_and_takes_them_back(
    dialog: CaptureDialog, played: PlayedCamera, folder: Path, qtbot: QtBot
) -> None:
    undo = child(dialog, QPushButton, "captureUndo")
    played.seen.emit(picture())
    assert not undo.isEnabled()
    qtbot.keyPress(dialog, Qt.Key.Key_1)
    played.seen.emit(picture())
    qtbot.keyRelease(dialog, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: undo.text() == "Undo last recording (1)", timeout=5000)
    undo.click()
    qtbot.waitUntil(lambda: count(dialog, 1).startswith("0 pictures"), timeout=5000)
    assert names(folder) == []
    assert not undo.isEnabled()


def test_what_was_recorded_opens_as_a_dataset(
    dialog: CaptureDialog, played: PlayedCamera, folder: Path, qtbot: QtBot
) -> None:
    from cnn_desktop.data.sets import open_dataset

    use = child(dialog, QPushButton, "captureUse")
    name(dialog, 1, "mug")
    name(dialog, 2, "hand")
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        assert not use.isEnabled()
        for _burst in range(3):
            played.seen.emit(picture())
            qtbot.keyPress(dialog, key)
            played.seen.emit(picture())
            qtbot.keyRelease(dialog, key)
    qtbot.waitUntil(use.isEnabled, timeout=5000)
    with qtbot.waitSignal(dialog.folder_chosen) as chosen:
        use.click()
    assert chosen.args == [folder]
    assert not dialog.isVisible()
    assert not played.is_on
    dataset = open_dataset(str(folder))
    assert dataset.classes == ("hand", "mug")
    assert sum(len(split) for split in dataset.splits.values()) == 6


def test_classes_that_are_there_are_taken_up(
    qtbot: QtBot, themed: QApplication, played: PlayedCamera, tmp_path: Path
) -> None:
    for file in ("cat/1.jpg", "cat/2.jpg", "dog/1.jpg", ".hidden/1.jpg"):
        (tmp_path / "pets" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pets" / file).write_text("x")
    dialog = CaptureDialog(None, lambda: played, tmp_path / "pets")
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: count(dialog, 1).startswith("2 pictures"), timeout=5000)
    qtbot.waitUntil(lambda: count(dialog, 2).startswith("1 picture "), timeout=5000)
    assert dialog.findChild(QPushButton, "captureHold3") is None
    child(dialog, QPushButton, "captureAddClass").click()
    name(dialog, 3, "dog")
    assert not hold(dialog, 3).isEnabled()
    dialog.reject()


def test_a_camera_that_fails_is_told_with_a_way_to_try_again(
    dialog: CaptureDialog, played: PlayedCamera, qtbot: QtBot
) -> None:
    played.seen.emit(picture())
    qtbot.keyPress(dialog, Qt.Key.Key_1)
    played.failed.emit("The camera was unplugged.")
    assert child(dialog, QLabel, "emptyMessage").text() == "The camera was unplugged."
    assert not hold(dialog, 1).isEnabled() and not hold(dialog, 1).isDown()
    again = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Try again")
    again.click()
    assert len(played.started) == 2
    played.seen.emit(picture())
    assert hold(dialog, 1).isEnabled()


def test_a_disk_that_fails_is_told_in_the_dialog(
    dialog: CaptureDialog, played: PlayedCamera, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: Path) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(files, "sync_file", fail)
    played.seen.emit(picture())
    qtbot.keyPress(dialog, Qt.Key.Key_1)
    played.seen.emit(picture())
    error = next(found for found in dialog.findChildren(Sentence))
    qtbot.waitUntil(error.isVisible, timeout=5000)
    assert os.strerror(28) in error.text()
    assert not hold(dialog, 1).isDown()


# The real camera


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (None, r'pip install "cnn-desktop\[webcam\]"'),
        (ImportError("libpulse.so.0: cannot open shared object file"), "libpulse.so.0 is missing"),
    ],
)
def test_a_missing_part_of_qt_is_a_sentence_with_the_fix(
    module: ImportError | None, said: str, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, folder: Path
) -> None:
    import PySide6

    class Broken(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise module or AttributeError(name)

    monkeypatch.delitem(sys.modules, "PySide6.QtMultimedia", raising=False)
    monkeypatch.delattr(PySide6, "QtMultimedia", raising=False)
    if module is None:
        monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    else:
        monkeypatch.setitem(sys.modules, "PySide6", Broken("PySide6"))
    with pytest.raises(VideoError, match=said):
        Webcam()
    dialog = CaptureDialog(None, Webcam, folder)
    qtbot.addWidget(dialog)
    dialog.open()
    assert child(dialog, QLabel, "emptyMessage").isVisible()
    assert not hold(dialog, 1).isEnabled()


def test_a_system_that_says_no_and_a_machine_without_a_camera(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
    webcam = Webcam()
    said: list[str] = []
    webcam.failed.connect(said.append)
    monkeypatch.setattr(QApplication, "checkPermission", lambda self, asked: Qt.PermissionStatus.Denied)
    webcam.start()
    assert "doesn't let this program use the camera" in said[-1]
    monkeypatch.setattr(QApplication, "checkPermission", lambda self, asked: Qt.PermissionStatus.Granted)
    monkeypatch.setattr(webcam._qt.QMediaDevices, "videoInputs", list)
    webcam.start()
    assert "was found" in said[-1] or "usermod" in said[-1]


def test_pictures_of_qts_camera_are_seen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    multimedia = pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
    clock = Clock()
    monkeypatch.setattr(camera_module.time, "monotonic", clock)
    webcam = Webcam()
    seen: list[QImage] = []
    webcam.seen.connect(seen.append)
    for _frame in range(12):  # a hundred and twenty a second, of which thirty are enough
        webcam._sink.setVideoFrame(multimedia.QVideoFrame(picture(120)))
        clock.now += 1 / 120
    assert len(seen) in (3, 4)
    assert seen[0].pixelColor(3, 3).red() == pytest.approx(120, abs=3)
    assert (seen[0].width(), seen[0].height()) == (64, 48)
    webcam.stop()
