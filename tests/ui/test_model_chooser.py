"""Choosing a model: any kind of file, dropped or opened; what was supposed about it; a network out of the dialog."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.zoo import zoo_entries
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.pages.models.entries import list_models
from cnn_desktop.ui.pages.models.files import is_model_file
from cnn_desktop.ui.pages.models.zoo.dialog import ZooDialog
from cnn_desktop.ui.pages.models.zoo.networks_table import NetworksTable
from tests.ui.conftest import child

WAIT = 30_000


class Page:
    """A window with nothing but a chooser."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.window = QWidget()
        self.chooser = ModelChooser("modelPicker", self.window)
        column = QVBoxLayout(self.window)
        column.addWidget(self.chooser.picker)
        column.addWidget(self.chooser.panel)
        self.opened: list[Model] = []
        self.failed: list[Exception] = []
        self.chooser.opened.connect(self.opened.append)
        self.chooser.failed.connect(self.failed.append)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def drop(self, *files: Path) -> bool:
        """Drop files on the picker; whether it would take them."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        action, button, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPointF(5, 5).toPoint(), action, data, button, key)
        enter.ignore()
        QApplication.sendEvent(self.chooser.picker, enter)
        if enter.isAccepted():
            QApplication.sendEvent(self.chooser.picker, QDropEvent(QPointF(5, 5), action, data, button, key))
        return enter.isAccepted()

    def notes(self) -> str:
        return child(self.window, QLabel, "modelNotesMessage").text()


@pytest.fixture
def page(qtbot: QtBot, themed: QApplication) -> Iterator[Page]:
    made = Page(qtbot)
    qtbot.addWidget(made.window, before_close_func=lambda _window: made.chooser.shutdown())
    made.window.resize(700, 400)
    made.window.show()
    made.chooser.refresh()
    made.until(lambda: made.chooser.picker.count() > 0)
    yield made


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.save(build("mnist_cnn", 4, 1, (28, 28)).state_dict(), tmp_path / "foreign.pt")
    return tmp_path / "foreign.pt"


@pytest.mark.parametrize("name", ["m.cnnmodel", "m.safetensors", "M.PTH", "m.pt", "m.onnx"])
def test_files_of_models_are_told_by_their_names(tmp_path: Path, name: str) -> None:
    assert is_model_file(tmp_path / name)


def test_a_run_is_a_model_and_a_picture_is_none(tmp_path: Path) -> None:
    assert not is_model_file(tmp_path)
    (tmp_path / "model.cnnmodel").touch()
    assert is_model_file(tmp_path)
    assert not is_model_file(tmp_path / "picture.png")


def test_a_dropped_file_of_another_program_is_opened_and_what_was_supposed_is_said(page: Page, weights: Path) -> None:
    assert page.drop(weights)
    page.until(lambda: bool(page.opened))
    assert page.opened[0].architecture == "mnist_cnn"
    assert page.chooser.ref == str(weights)
    assert "doesn’t name its 4 classes" in page.notes()
    assert page.chooser.panel.isVisible()
    child(page.window, QToolButton, "modelNotesClose").click()
    assert not page.chooser.panel.isVisible(), "nothing is said and no room is taken"


def test_pictures_and_several_files_are_not_taken(page: Page, weights: Path, tmp_path: Path) -> None:
    assert not page.drop(tmp_path / "picture.png")
    assert not page.drop(weights, weights)


def test_weights_of_an_unknown_network_show_every_difference(page: Page, weights: Path) -> None:
    state = build("mnist_cnn", 4, 1, (28, 28)).state_dict()
    state["dense2.weight"] = torch.zeros(4, 7)
    del state["dense1.bias"]
    torch.save(state, weights)
    page.chooser.choose(str(weights))
    page.until(lambda: bool(page.failed))
    assert "MNIST CNN" in str(page.failed[0])
    details = child(page.window, QPushButton, "modelNotesDetails")
    assert details.isVisible()
    assert details.text() == "2 differences…"
    details.click()
    shown = page.window.findChild(QPlainTextEdit)
    assert shown is not None
    assert "“dense2.weight” is 4×7 where 4×100 is needed" in shown.toPlainText()
    assert "“dense1.bias” (100) is missing" in shown.toPlainText()


def test_a_line_of_the_picker_opens_a_file(page: Page, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments: (str(weights), ""))
    page.chooser.picker.setCurrentIndex(page.chooser.picker.findText("Open model file…"))
    page.until(lambda: bool(page.opened))
    assert page.chooser.ref == str(weights)


def test_a_line_of_the_picker_opens_the_dialog_and_the_choice_stays(page: Page, weights: Path) -> None:
    page.drop(weights)
    page.until(lambda: bool(page.opened))
    picker = page.chooser.picker
    picker.setCurrentIndex(picker.findText("More networks…"))
    dialog = child(page.window, ZooDialog, "zooDialog")
    assert dialog.isVisible()
    assert page.chooser.ref == str(weights)
    assert len(page.opened) == 1, "it is not opened anew"
    dialog.reject()


def test_a_network_out_of_the_dialog_is_chosen_and_listed(page: Page) -> None:
    page.chooser.browse_networks()
    dialog = child(page.window, ZooDialog, "zooDialog")
    table = child(page.window, NetworksTable, "zooTable")
    page.until(lambda: table.model().rowCount() > 0)
    place = pretrained_dir() / "shufflenetv2_x0.5-f707e7126e.pth"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"damaged")
    dialog.ask("shufflenet_v2_x0_5")
    page.until(lambda: table.row is not None and table.row.is_present)
    child(page.window, QPushButton, "zooUseButton").click()
    assert page.chooser.ref == "shufflenet_v2_x0_5"
    page.until(lambda: bool(page.failed))
    assert "isn't the right file" in str(page.failed[0])


def test_other_networks_are_listed_once_they_are_here() -> None:
    usual = [entry.ref for entry in list_models()]
    entry = next(entry for entry in zoo_entries() if entry.ref == "resnet50:IMAGENET1K_V1")
    place = pretrained_dir() / entry.file_name
    place.parent.mkdir(parents=True)
    place.touch()
    assert [entry.ref for entry in list_models()] == [*usual, "resnet50:IMAGENET1K_V1"]
    assert list_models()[-1].title == "ResNet-50 · ImageNet, weights V1"
    assert list_models()[-1].is_present
