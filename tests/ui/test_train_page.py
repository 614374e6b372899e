"""The Train page, driven by name as a person would, with a trainer that only pretends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QProgressBar,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import DownloadError
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.train import TrainPage
from cnn_desktop.ui.widgets.line_chart import LineChart
from cnn_desktop.ui.widgets.sentence import Sentence
from tests.ui.conftest import child
from tests.ui.fake_training import FakeTraining


@pytest.fixture
def engine(window: MainWindow) -> Any:
    from cnn_desktop.ui.pages.train import engine

    return engine


def button(window: MainWindow, name: str) -> QAbstractButton:
    return child(window, QAbstractButton, name)


def choose(window: MainWindow, name: str, data: str) -> None:
    picker = child(window, QComboBox, name)
    index = picker.findData(data)
    assert index >= 0, (name, data)
    picker.setCurrentIndex(index)


def status(window: MainWindow) -> str:
    return child(window, QLabel, "trainStatus").text()


def wait_for_layers(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: child(window, QWidget, "layerRows").isVisible(), timeout=20_000)


def test_window_opens_with_the_built_in_dataset_and_a_small_network(window: MainWindow, qtbot: QtBot) -> None:
    assert child(window, QComboBox, "datasetPicker").currentData() == "digits"
    assert child(window, QComboBox, "datasetPicker").currentText() == "Digits · 1,797 in 10 classes"
    wait_for_layers(window, qtbot)
    assert "30,230 parameters" in child(window, QComboBox, "architecturePicker").currentText()
    assert "conv1" in child(window, QWidget, "layerRows").accessibleDescription()


def test_an_architecture_brings_its_recipe_and_every_field_can_be_changed(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    choose(window, "architecturePicker", "cats_dogs")
    assert child(window, QSpinBox, "epochsSpin").value() == 25
    assert child(window, QSpinBox, "batchSizeSpin").value() == 32
    assert child(window, QComboBox, "augmentationPicker").currentText().startswith("Custom"), "digits aren't mirrored"
    choose(window, "datasetPicker", "xo")
    assert child(window, QComboBox, "augmentationPicker").currentText().startswith("Tutorial")
    choose(window, "datasetPicker", "digits")
    child(window, QSpinBox, "epochsSpin").setValue(3)
    child(window, QSpinBox, "batchSizeSpin").setValue(50)
    choose(window, "optimizerPicker", "adamw")
    child(window, QDoubleSpinBox, "learningRateSpin").setValue(0.0001)
    choose(window, "schedulePicker", "one_cycle")
    choose(window, "precisionPicker", "fp32")
    choose(window, "augmentationPicker", "light")
    choose(window, "devicePicker", "cpu")
    for name, value in (("imageSizeSpin", 40), ("seedSpin", 7), ("stepsSpin", 12)):
        child(window, QSpinBox, name).setValue(value)
    for name, value in (("validationSpin", 0.2), ("momentumSpin", 0.8), ("weightDecaySpin", 0.01)):
        child(window, QDoubleSpinBox, name).setValue(value)
    child(window, QDoubleSpinBox, "labelSmoothingSpin").setValue(0.1)
    wait_for_layers(window, qtbot)
    child(window, QSlider, "freezeSlider").setValue(2)
    seen: list[RunConfig] = []
    pretend = FakeTraining()

    def train(config: RunConfig, control: Any, resume_from: Path | None) -> Any:
        seen.append(config)
        return pretend(config, control, resume_from)

    monkeypatch.setattr(engine, "train", train)
    button(window, "startButton").click()
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)
    assert seen == [
        RunConfig(
            dataset="digits",
            architecture="cats_dogs",
            recipe=Recipe(
                epochs=3,
                steps=12,
                batch_size=50,
                optimizer="adamw",
                learning_rate=0.0001,
                momentum=0.8,
                weight_decay=0.01,
                schedule="one_cycle",
                label_smoothing=0.1,
                augmentation=AUGMENTATION_PRESETS["light"],
            ),
            image_size=40,
            val_fraction=0.2,
            seed=7,
            device="cpu",
            precision="fp32",
            freeze=2,
        )
    ]


def test_small_rates_read_well(window: MainWindow) -> None:
    rate = child(window, QDoubleSpinBox, "learningRateSpin")
    for value, text in ((0.0001, "0.0001"), (1.0, "1.0"), (0.00081, "0.00081")):
        rate.setValue(value)
        assert rate.text() == text
    rate.setValue(0.001)
    rate.stepBy(1)
    assert rate.value() == pytest.approx(0.002)
    rate.stepBy(-2)
    assert rate.value() == pytest.approx(0.0005)


def test_a_picture_too_small_is_said_and_start_waits(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "architecturePicker", "vgg16")
    problem = child(window, QLabel, "planProblem")
    qtbot.waitUntil(problem.isVisible, timeout=20_000)
    assert "32" in problem.text()
    assert not button(window, "startButton").isEnabled()
    child(window, QSpinBox, "imageSizeSpin").setValue(32)
    qtbot.waitUntil(button(window, "startButton").isEnabled, timeout=20_000)
    assert not problem.isVisible()
    assert child(window, QComboBox, "startPicker").findData("?pretrained") >= 0


def test_pause_holds_still_resume_goes_on_stop_ends(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    monkeypatch.setattr(engine, "train", FakeTraining(epochs=1000, steps_per_epoch=10, pause=0.005))
    losses = child(window, LineChart, "lossChart")
    button(window, "startButton").click()
    assert not button(window, "startButton").isVisible()
    qtbot.waitUntil(lambda: len(losses.series("validation")) >= 1, timeout=10_000)
    assert child(window, QProgressBar, "trainProgress").isVisible()
    button(window, "pauseButton").click()
    qtbot.waitUntil(lambda: status(window).startswith("Paused"), timeout=5000)
    assert button(window, "pauseButton").text() == "Resume"
    count = len(losses.series("step"))
    qtbot.wait(400)
    assert len(losses.series("step")) == count
    button(window, "pauseButton").click()
    qtbot.waitUntil(lambda: len(losses.series("step")) > count, timeout=5000)
    assert button(window, "pauseButton").text() == "Pause"
    assert status(window).startswith("Epoch ")
    button(window, "stopButton").click()
    qtbot.waitUntil(lambda: status(window).startswith("Stopped"), timeout=5000)
    assert button(window, "startButton").isEnabled()
    assert child(window, QWidget, "tryButton").isVisible()


def test_a_failing_trainer_ends_the_run_and_the_window_lives_on(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    monkeypatch.setattr(engine, "train", FakeTraining(fail_at=5))
    button(window, "startButton").click()
    qtbot.waitUntil(lambda: status(window).startswith("Failed"), timeout=10_000)
    assert "CUDA out of memory" in status(window)
    assert "CUDA out of memory" in child(window, QLabel, "endingBannerMessage").text()
    assert child(window, QWidget, "endingBannerDetails").isVisible()
    assert not child(window, QWidget, "tryButton").isVisible()
    monkeypatch.setattr(engine, "train", FakeTraining())
    button(window, "startButton").click()
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)


def test_the_end_shows_the_figures_and_leads_on(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(engine, "train", FakeTraining())
    button(window, "startButton").click()
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)
    assert "84.2 %" in status(window)
    assert child(window, QLabel, "testValue").text() == "84.2 %"
    assert child(window, QLabel, "throughputValue").text() == "48,120"
    window.context.page_asked.disconnect()
    window.context.page_asked.connect(lambda page, model: asked.append((page, model)))
    button(window, "tryButton").click()
    button(window, "lookInsideButton").click()
    assert asked == [("Predict", "/runs/fake"), ("Inspect", "/runs/fake")]


def test_an_absent_dataset_offers_download_with_cancel(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    cancelled: list[bool] = []

    def download(name: str, progress: Progress) -> None:
        try:
            while True:
                progress(3_000_000, 12_000_000)
        except BaseException:
            cancelled.append(True)
            raise

    monkeypatch.setattr(engine, "download", download)
    choose(window, "datasetPicker", "mnist")
    assert "Not on this machine" in child(window, QLabel, "datasetText").text()
    assert "Start" not in child(window, LineChart, "lossChart").invitation
    assert not button(window, "startButton").isEnabled()
    button(window, "datasetDownloadButton").click()
    said = child(window, QLabel, "datasetText")
    qtbot.waitUntil(lambda: said.text().startswith("3.0 MB of 12 MB"), timeout=5000)
    assert child(window, QProgressBar, "datasetProgress").value() == 250
    button(window, "datasetCancelButton").click()
    qtbot.waitUntil(lambda: cancelled == [True], timeout=5000)
    assert button(window, "datasetDownloadButton").isVisible()


def test_a_download_that_fails_is_told(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    def download(name: str, progress: Progress) -> None:
        raise DownloadError("The server can't be reached; fetch the file by hand.")

    monkeypatch.setattr(engine, "download", download)
    choose(window, "datasetPicker", "mnist")
    button(window, "datasetDownloadButton").click()
    error = child(window, Sentence, "datasetError")
    qtbot.waitUntil(error.isVisible, timeout=5000)
    assert error.text().startswith("The server can't be reached")
    assert button(window, "datasetDownloadButton").text() == "Try again"


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    from PIL import Image

    for name in ("daisy", "rose"):
        folder = tmp_path / "flowers" / name
        folder.mkdir(parents=True)
        for index in range(4):
            Image.new("RGB", (40, 30), (index * 40, 200, 100)).save(folder / f"{index}.png")
    return tmp_path / "flowers"


def test_a_folder_of_pictures_can_be_chosen_and_is_remembered(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any, flowers: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(flowers))
    monkeypatch.setattr(engine, "train", FakeTraining())
    picker = child(window, QComboBox, "datasetPicker")
    picker.setCurrentIndex(picker.count() - 1)
    picker.activated.emit(picker.count() - 1)
    assert picker.currentData() == str(flowers)
    assert picker.currentText() == "flowers · folder"
    qtbot.waitUntil(lambda: picker.currentText() == "flowers · 8 in 2 classes", timeout=10_000)
    button(window, "startButton").click()
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)
    assert window.context.settings.settings.folders == (str(flowers),)
    assert window.context.settings.settings.dataset == str(flowers)


def test_a_folder_can_be_dropped_and_a_file_cannot(window: MainWindow, qtbot: QtBot, flowers: Path) -> None:
    page = window.findChildren(TrainPage)[0]
    picker = child(window, QComboBox, "datasetPicker")
    assert not _drop(page, flowers / "rose" / "0.png")
    assert picker.currentData() == "digits"
    assert _drop(page, flowers)
    assert picker.currentData() == str(flowers)
    wait_for_layers(window, qtbot)


def _drop(page: TrainPage, path: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    enter.ignore()
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), copy, data, left, none))
    return enter.isAccepted()


def test_a_folder_without_classes_is_explained(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    button(window, "datasetFolderButton").click()
    problem = child(window, QLabel, "planProblem")
    qtbot.waitUntil(problem.isVisible, timeout=10_000)
    assert tmp_path.name in problem.text()
    assert not button(window, "startButton").isEnabled()


def test_settings_can_be_copied_and_pasted(window: MainWindow, qtbot: QtBot) -> None:
    def trigger(text: str) -> None:
        actions = [action for menu in window.menuBar().actions() for action in _menu_actions(menu)]
        next(action for action in actions if action.text() == text).trigger()

    child(window, QSpinBox, "epochsSpin").setValue(77)
    trigger("Copy settings")
    config = RunConfig.from_json(QGuiApplication.clipboard().text())
    assert config.recipe.epochs == 77
    QGuiApplication.clipboard().setText(config.changed(architecture="resnet9", seed=5, freeze=4).to_json())
    trigger("Paste settings")
    assert child(window, QComboBox, "architecturePicker").currentData() == "resnet9"
    assert child(window, QSpinBox, "seedSpin").value() == 5
    assert child(window, QSlider, "freezeSlider").value() == 4
    assert child(window, QSpinBox, "epochsSpin").value() == 77
    QGuiApplication.clipboard().setText("no settings")
    trigger("Paste settings")
    assert child(window, QLabel, "bannerMessage").isVisible()


def _menu_actions(action: Any) -> list[Any]:
    menu: Callable[[], Any] = action.menu
    return menu().actions() if menu() else []
