"""The dialog of pretrained networks: searched, sorted, downloaded, used, removed; nothing waits for the network."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.errors import DownloadError, ModelError
from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.pages.models.entries import ModelEntry
from cnn_desktop.ui.pages.models.zoo.dialog import ZooDialog
from cnn_desktop.ui.pages.models.zoo.networks_model import ROW_ROLE, Column
from cnn_desktop.ui.widgets.sentence import Sentence
from tests.ui.conftest import child

WAIT = 30_000
DENSENET = "densenet121-a639ec97.pth"


class Zoo:
    """The dialog as somebody outside sees it."""

    def __init__(self, dialog: ZooDialog, qtbot: QtBot) -> None:
        self.dialog, self._qtbot = dialog, qtbot
        self.table = dialog.table
        self.used: list[ModelEntry] = []
        dialog.chosen.connect(self.used.append)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def refs(self) -> list[str]:
        model = self.table.model()
        return [model.index(row, 0).data(ROW_ROLE).entry.ref for row in range(model.rowCount())]

    def button(self, name: str) -> QPushButton:
        return child(self.dialog, QPushButton, name)

    def said(self) -> str:
        return " ".join(label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible())


def _weights(name: str = DENSENET) -> Path:
    place = pretrained_dir() / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(bytes(1000))
    return place


@pytest.fixture
def zoo(qtbot: QtBot, themed: QApplication) -> Iterator[Callable[..., Zoo]]:
    dialogs: list[ZooDialog] = []
    windows: list[QWidget] = []

    def open_dialog(ref: str = "") -> Zoo:
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window, before_close_func=lambda _window: _close(dialogs))
        window.show()
        dialog = ZooDialog(window)
        dialogs.append(dialog)
        dialog.ask(ref)
        opened = Zoo(dialog, qtbot)
        opened.until(lambda: opened.table.model().rowCount() > 0)
        return opened

    yield open_dialog


def _close(dialogs: list[ZooDialog]) -> None:
    for dialog in dialogs:
        dialog.done(0)
        dialog.shutdown()
    dialogs.clear()


def test_what_is_on_this_machine_comes_first_then_the_most_accurate(zoo: Callable[..., Zoo]) -> None:
    _weights()
    refs = zoo().refs()
    assert len(refs) > 100
    assert refs[:2] == ["densenet121", "vit_h_14"]


def test_columns_sort(zoo: Callable[..., Zoo]) -> None:
    opened = zoo()
    opened.table.sortByColumn(Column.SIZE, Qt.SortOrder.AscendingOrder)
    assert opened.refs()[0] == "squeezenet1_1"
    opened.table.sortByColumn(Column.OPERATIONS, Qt.SortOrder.DescendingOrder)
    assert opened.refs()[0] == "vit_h_14"
    opened.table.sortByColumn(Column.NETWORK, Qt.SortOrder.AscendingOrder)
    assert opened.refs()[0] == "alexnet"


def test_search_finds_by_name_and_by_weights_and_says_how_many(zoo: Callable[..., Zoo]) -> None:
    opened = zoo()
    search = child(opened.dialog, QLineEdit, "zooSearch")
    search.setText("dense 121")
    assert opened.refs() == ["densenet121"]
    assert "1 network ·" in opened.said()
    search.setText("swag e2e")
    assert len(opened.refs()) == 6
    search.setText("no such thing")
    assert opened.refs() == []
    assert "Nothing is called so." in opened.said()
    assert not opened.button("zooUseButton").isVisible()


def test_details_tell_figures_licence_and_place(zoo: Callable[..., Zoo]) -> None:
    opened = zoo("vit_b_16:IMAGENET1K_SWAG_E2E_V1")
    opened.until(lambda: "85.3 %" in opened.said())
    said = opened.said()
    assert "ViT Base/16" in said
    assert "86,859,496" in said
    assert "384×384" in said
    assert "facebookresearch/SWAG/blob/main/LICENSE" in said
    assert "347 MB" in said
    assert opened.button("zooDownloadButton").isVisible()
    assert not opened.button("zooUseButton").isVisible()


def test_a_network_that_is_here_is_used_without_a_download(zoo: Callable[..., Zoo]) -> None:
    _weights()
    opened = zoo("densenet121")
    opened.until(opened.button("zooUseButton").isVisible)
    opened.button("zooUseButton").click()
    assert [(entry.ref, entry.is_present) for entry in opened.used] == [("densenet121", True)]
    assert not opened.dialog.isVisible()


def test_a_download_shows_its_way_and_can_be_cancelled(
    zoo: Callable[..., Zoo], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def fetch(ref: str, progress: Progress) -> None:
        assert ref == "densenet121"
        for megabytes in range(1, 33):
            progress(megabytes * 1_000_000, 32_000_000)
            go_on.wait(0.05)

    monkeypatch.setattr("cnn_desktop.models.weights.fetch_pretrained", fetch)
    opened = zoo("densenet121")
    opened.until(opened.button("zooDownloadButton").isVisible)
    opened.button("zooDownloadButton").click()
    opened.until(lambda: "of 32 MB" in opened.said())
    opened.table.choose("resnet34")
    assert "DenseNet-121 is being downloaded" in opened.said()
    assert not opened.button("zooDownloadButton").isEnabled()
    opened.table.choose("densenet121")
    opened.until(lambda: "of 32 MB" in opened.said())
    opened.button("zooCancelButton").click()
    opened.until(lambda: "Cancelled" in opened.said())
    opened.until(lambda: not any(thread.name == "job download" for thread in threading.enumerate()))


def test_what_has_arrived_can_be_used_at_once(
    zoo: Callable[..., Zoo], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnn_desktop.models.weights.fetch_pretrained", lambda _ref, _progress: _weights())
    opened = zoo("densenet121")
    opened.until(opened.button("zooDownloadButton").isVisible)
    with qtbot.waitSignal(opened.dialog.changed, timeout=WAIT):
        opened.button("zooDownloadButton").click()
    opened.until(opened.button("zooUseButton").isVisible)
    assert "1 on this machine" in opened.said()


def test_a_failed_download_says_why(zoo: Callable[..., Zoo], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_ref: str, _progress: Progress) -> None:
        raise DownloadError("The server can't be reached: fetch it in another way.")

    monkeypatch.setattr("cnn_desktop.models.weights.fetch_pretrained", fail)
    opened = zoo("densenet121")
    opened.until(opened.button("zooDownloadButton").isVisible)
    opened.button("zooDownloadButton").click()
    opened.until(lambda: "can't be reached" in opened.dialog.details.row.text())
    assert opened.button("zooDownloadButton").isVisible()


@pytest.mark.parametrize(("answer", "stays"), [("Keep", True), ("Remove", False)])
def test_weights_are_removed_after_asking(zoo: Callable[..., Zoo], answer: str, stays: bool) -> None:
    place = _weights()
    opened = zoo("densenet121")
    opened.until(opened.button("zooRemoveButton").isVisible)
    asked: list[str] = []

    def press() -> None:
        box = child(opened.dialog, QMessageBox, "removeWeightsQuestion")
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == answer).click()

    QTimer.singleShot(0, press)
    opened.button("zooRemoveButton").click()
    assert asked == ["Remove the weights of DenseNet-121?"]
    if stays:
        assert place.is_file()
    else:
        opened.until(lambda: not place.exists())
        opened.until(opened.button("zooDownloadButton").isVisible)


def test_weights_that_can_not_be_removed_stay_and_it_is_said(
    zoo: Callable[..., Zoo], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(ref: str) -> None:
        raise ModelError(f"The weights of {ref} can't be removed: permission denied.")

    _weights()
    monkeypatch.setattr("cnn_desktop.models.weights.remove_pretrained", refuse)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.buttons()[0].click())
    monkeypatch.setattr(
        QMessageBox, "clickedButton", lambda box: next(b for b in box.buttons() if b.text() == "Remove")
    )
    opened = zoo("densenet121")
    opened.until(opened.button("zooRemoveButton").isVisible)
    opened.button("zooRemoveButton").click()
    opened.until(lambda: "permission denied" in opened.dialog.findChild(Sentence, "zooError").toPlainText())
    assert opened.button("zooUseButton").isVisible()
