"""The Data page in the real window: what is listed, what comes in and how, and what other pages learn of it."""

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QListView,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.paths import imports_dir
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.settings import Settings
from cnn_desktop.data.dataset import datasets
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.data import DataPage, opening
from cnn_desktop.ui.pages.train import TrainPage
from tests.ui.conftest import child
from tests.ui.picture_folders import make_folder

WAIT = 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "animals")


@pytest.fixture
def page(qtbot: QtBot, themed: QApplication) -> DataPage:
    """The page by itself, with the built-in dataset open."""
    page = DataPage(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(page, before_close_func=lambda _page: page.shutdown())
    page.resize(820, 640)
    page.show()
    page.engine_ready()
    wait_for(page, "digits", qtbot)
    return page


@pytest.fixture
def page_in_window(window: MainWindow, qtbot: QtBot) -> DataPage:
    """The page in the whole window, shown, with the built-in dataset open."""
    child(window, QAbstractButton, "navData").click()
    page = child(window, DataPage, "dataPage")
    wait_for(page, "digits", qtbot)
    return page


def wait_for(page: DataPage, name: str, qtbot: QtBot) -> None:
    """Until that dataset is open."""
    qtbot.waitUntil(lambda: page.session.dataset is not None and page.session.dataset.name == name, timeout=WAIT)


def drop(target: QWidget, places: Sequence[Path]) -> bool:
    """Drag files over a widget and let them fall; whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(place)) for place in places])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    return enter.isAccepted()


def listed(page: DataPage) -> list[str]:
    return [entry.title for entry in page.list.model.entries]


def button(page: QWidget, name: str) -> QAbstractButton:
    return child(page, QAbstractButton, name)


def confirm(page: DataPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(button(page, "useDataset").isVisible, timeout=WAIT)
    button(page, "useDataset").click()


def bring_in(page: DataPage, place: Path, qtbot: QtBot) -> None:
    page.take([place])
    confirm(page, qtbot)
    qtbot.waitUntil(lambda: place.name.partition(".")[0] in listed(page), timeout=WAIT)


def figures(page: DataPage) -> str:
    return child(page, QWidget, "datasetFigures").accessibleName()


def test_lists_what_there_is_and_shows_the_one_in_use(page: DataPage) -> None:
    assert listed(page) == [datasets[name].title for name in datasets if name != "folder"]
    assert child(page, QLabel, "datasetTitle").text() == "Digits"
    assert page.list.entry is not None
    assert page.list.entry.source == "digits"
    assert figures(page) == "Classes 10, Pictures 1,797, Training 1,294, Validation 144, Test 359"
    absent = next(entry for entry in page.list.model.entries if entry.source == "mnist")
    assert absent.line == "12 MB to download"


def test_a_dropped_folder_is_shown_before_it_is_used_and_then_trained_on(
    window: MainWindow, page_in_window: DataPage, folder: Path, qtbot: QtBot
) -> None:
    page = page_in_window
    (folder / "notes.txt").write_text("about the animals")
    assert drop(page, [folder])
    qtbot.waitUntil(button(page, "useDataset").isVisible, timeout=WAIT)
    assert not button(page, "trainOnDatasetButton").isVisible()
    assert "is a class" in child(page, QLabel, "datasetRule").text()
    assert "Classes 3, Pictures 60, Training 54, Validation 6" in figures(page)
    assert child(page, QTableView, "classTable").isVisible()
    assert window.context.settings.settings.folders == ()
    assert child(window, QComboBox, "datasetPicker").currentData() == "digits"

    button(page, "useDataset").click()
    qtbot.waitUntil(lambda: "animals" in listed(page), timeout=WAIT)
    assert listed(page)[0] == "animals"
    assert not button(page, "useDataset").isVisible()
    assert window.context.settings.settings.folders == (str(folder),)
    button(page, "trainOnDatasetButton").click()
    assert child(window, QAbstractButton, "navTrain").isChecked()
    assert child(window, QComboBox, "datasetPicker").currentData() == str(folder)


def test_a_dropped_zip_is_unpacked_and_shown(
    window: MainWindow, page_in_window: DataPage, folder: Path, qtbot: QtBot
) -> None:
    page = page_in_window
    archive = Path(shutil.make_archive(str(folder.parent / "zoo"), "zip", folder.parent, "animals"))
    shutil.rmtree(folder)
    assert drop(page, [archive])
    confirm(page, qtbot)
    qtbot.waitUntil(lambda: "zoo" in listed(page), timeout=WAIT)
    assert "Classes 3, Pictures 60" in figures(page)
    assert child(window, QComboBox, "datasetPicker").currentText().startswith("zoo")


def test_what_isnt_meant_is_forgotten_again(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    page.take([folder])
    qtbot.waitUntil(button(page, "refuseDataset").isVisible, timeout=WAIT)
    button(page, "refuseDataset").click()
    wait_for(page, "digits", qtbot)
    assert not button(page, "refuseDataset").isVisible()
    assert "animals" not in listed(page)
    assert page.context.settings.settings.folders == ()
    assert page.context.settings.settings.dataset == "digits"


def test_a_zip_that_isnt_used_leaves_nothing_unpacked(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    archive = Path(shutil.make_archive(str(folder.parent / "zoo"), "zip", folder))
    page.take([archive])
    qtbot.waitUntil(button(page, "refuseDataset").isVisible, timeout=WAIT)
    assert list(imports_dir().iterdir())
    button(page, "refuseDataset").click()
    qtbot.waitUntil(lambda: not list(imports_dir().iterdir()), timeout=WAIT)
    wait_for(page, "digits", qtbot)
    assert archive.is_file()


def test_a_folder_that_isnt_used_stays_as_it_is(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    page.take([folder])
    qtbot.waitUntil(button(page, "refuseDataset").isVisible, timeout=WAIT)
    button(page, "refuseDataset").click()
    wait_for(page, "digits", qtbot)
    page.shutdown()
    assert len(list(folder.rglob("*.*"))) == 60


def test_several_are_shown_one_after_the_other(page: DataPage, folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
    second = make_folder(tmp_path / "shapes", {"round": 4, "square": 4})
    drop(page, [folder, second])
    confirm(page, qtbot)
    wait_for(page, "shapes", qtbot)
    confirm(page, qtbot)
    qtbot.waitUntil(lambda: listed(page)[:2] == ["shapes", "animals"], timeout=WAIT)


def test_what_cant_be_used_is_said_and_the_page_stays(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("Dear all")
    drop(page, [text])
    message = child(page, QLabel, "dataBannerMessage")
    qtbot.waitUntil(message.isVisible, timeout=WAIT)
    assert "letter.txt" in message.text()
    assert child(page, QLabel, "datasetTitle").isVisible()
    assert page.list.entry is not None
    assert page.list.entry.source == "digits"


def test_pasted_and_chosen_in_dialogs(
    page: DataPage, folder: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    QGuiApplication.clipboard().setText("no path")
    page.actions_.paste.trigger()
    assert "clipboard" in child(page, QLabel, "dataBannerMessage").text()
    QGuiApplication.clipboard().setText(str(folder))
    page.actions_.paste.trigger()
    confirm(page, qtbot)
    wait_for(page, "animals", qtbot)

    second = make_folder(tmp_path / "shapes", {"round": 4, "square": 4})
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(second))
    page.actions_.open_folder.trigger()
    confirm(page, qtbot)
    wait_for(page, "shapes", qtbot)

    archive = shutil.make_archive(str(tmp_path / "packed"), "gztar", second)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([archive], ""))
    page.actions_.open_archive.trigger()
    confirm(page, qtbot)
    wait_for(page, "packed", qtbot)


def test_everything_decided_can_be_forgotten_at_once(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    bring_in(page, folder, qtbot)
    assert not page.actions_.forget.isEnabled()
    page.session.leave_out(["cat/000.png"], "no cat")
    page.session.move(["cat/001.png"], "dog")
    qtbot.waitUntil(page.actions_.forget.isEnabled, timeout=WAIT)
    page.actions_.forget.trigger()
    qtbot.waitUntil(lambda: not page.actions_.forget.isEnabled(), timeout=WAIT)
    assert "Left out" not in figures(page)
    page.actions_.undo.trigger()
    qtbot.waitUntil(lambda: "Left out 1" in figures(page), timeout=WAIT)


def test_files_that_came_since_are_seen_when_it_is_read_again(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    bring_in(page, folder, qtbot)
    shutil.copytree(folder / "cat", folder / "tomcat")
    page.actions_.read_again.trigger()
    qtbot.waitUntil(lambda: "Classes 4, Pictures 80" in figures(page), timeout=WAIT)


def test_a_folder_can_be_taken_from_the_list_and_put_back(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    bring_in(page, folder, qtbot)
    page.actions_.remove.trigger()
    qtbot.waitUntil(lambda: "animals" not in listed(page), timeout=WAIT)
    wait_for(page, "digits", qtbot)
    assert folder.is_dir()
    assert not page.actions_.remove.isEnabled()
    button(page, "putBackDataset").click()
    qtbot.waitUntil(lambda: "animals" in listed(page), timeout=WAIT)
    wait_for(page, "animals", qtbot)
    assert page.context.settings.settings.folders == (str(folder),)


def test_a_folder_that_is_gone_is_said(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    bring_in(page, folder, qtbot)
    view = child(page, QListView, "datasetList")
    view.setCurrentIndex(page.list.model.index_of("xo"))
    wait_for(page, "xo", qtbot)
    shutil.rmtree(folder)
    page.hide()
    page.show()
    qtbot.waitUntil(lambda: page.list.model.entries[0].line == "No longer there", timeout=WAIT)
    view.setCurrentIndex(page.list.model.index_of(str(folder)))
    message = next(label for label in page.findChildren(QLabel, "emptyMessage") if label.isVisible())
    assert "no longer there" in message.text()


def test_what_isnt_here_can_be_downloaded(page: DataPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    may_arrive, source = threading.Event(), datasets["mnist"]

    def download(_self: Any, _root: Path, progress: Progress) -> None:
        progress(1, 2)
        assert may_arrive.wait(20)
        monkeypatch.setattr(type(source), "is_present", lambda _self, _root: True)
        monkeypatch.setattr(type(source), "load", lambda _self, root, progress: datasets["xo"].load(root, progress))

    monkeypatch.setattr(type(source), "download", download)
    view = child(page, QListView, "datasetList")
    view.setCurrentIndex(page.list.model.index_of("mnist"))
    get = button(page, "absentDatasetDownloadButton")
    assert get.isVisible()
    get.click()
    qtbot.waitUntil(button(page, "absentDatasetCancelButton").isVisible, timeout=WAIT)
    may_arrive.set()
    wait_for(page, "xo", qtbot)
    assert next(entry for entry in page.list.model.entries if entry.source == "mnist").is_present


def test_an_import_shows_how_far_it_is_and_can_be_cancelled(
    page: DataPage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()

    def slow(_path: Path, progress: Progress) -> None:
        while not goes_on.wait(0.01):
            progress(3_000_000, 12_000_000)

    monkeypatch.setattr(opening, "bring_in", slow)
    page.take([folder])
    status = child(page, QLabel, "importStatus")
    qtbot.waitUntil(lambda: status.isVisible() and status.text().startswith("3.0 MB of 12 MB"), timeout=WAIT)
    button(page, "importCancel").click()
    assert child(page, QLabel, "datasetTitle").isVisible()
    assert page.list.entry is not None
    assert page.list.entry.source == "digits"
    goes_on.set()


def test_the_tab_of_findings_says_how_many_there_are(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    shutil.copy(folder / "cat" / "000.png", folder / "dog" / "cat.png")
    bring_in(page, folder, qtbot)
    titles = [page.panels.bar.tabText(place) for place in range(page.panels.bar.count())]
    assert titles == ["Pictures", "Findings", "Classes and splits", "Augmentation"]
    page.session.check()
    qtbot.waitUntil(lambda: page.session.report is not None, timeout=WAIT)
    assert page.session.report is not None
    assert any(finding.kind == "torn" for finding in page.session.report.findings)
    assert page.panels.bar.tabText(1) == f"Findings · {len(page.session.report.findings)}"
    page.session.open("digits")
    wait_for(page, "digits", qtbot)
    assert page.panels.bar.tabText(1) == "Findings"


def test_skipped_files_are_listed_with_their_reasons(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    for number in range(5):
        (folder / "cat" / f"notes {number}.txt").write_text("about the cats")
    bring_in(page, folder, qtbot)
    links = [link for link in page.findChildren(QAbstractButton, "skippedFiles") if link.isVisible()]
    links[0].click()
    table = next(table for table in page.findChildren(QTableView, "skippedTable") if table.isVisible())
    model = table.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [f"cat/notes {n}.txt" for n in range(5)]
    assert model.index(0, 1).data()
    table.window().close()


def test_pages_agree_on_the_dataset(window: MainWindow, page_in_window: DataPage, qtbot: QtBot) -> None:
    page = page_in_window
    picker = child(window, QComboBox, "datasetPicker")
    child(page, QListView, "datasetList").setCurrentIndex(page.list.model.index_of("xo"))
    qtbot.waitUntil(lambda: picker.currentData() == "xo", timeout=WAIT)
    child(window, QAbstractButton, "navTrain").click()
    picker.setCurrentIndex(picker.findData("digits"))
    child(window, QAbstractButton, "navData").click()
    wait_for(page, "digits", qtbot)


def test_the_train_page_plans_with_what_is_decided(
    window: MainWindow, page_in_window: DataPage, folder: Path, qtbot: QtBot
) -> None:
    page = page_in_window
    bring_in(page, folder, qtbot)
    picker = child(window, QComboBox, "datasetPicker")
    qtbot.waitUntil(lambda: "60 in 3 classes" in picker.currentText(), timeout=WAIT)
    page.session.leave_out([f"bird/{number:03}.png" for number in range(10)], "no birds")
    qtbot.waitUntil(lambda: "50 in 2 classes" in picker.currentText(), timeout=WAIT)
    assert "Left out 10" in figures(page)
    button(page, "undoDecisionButton").click()
    qtbot.waitUntil(lambda: "60 in 3 classes" in picker.currentText(), timeout=WAIT)


def test_the_validation_part_of_the_train_page_is_shown(
    window: MainWindow, page_in_window: DataPage, qtbot: QtBot
) -> None:
    page = page_in_window
    config = RunConfig(dataset="digits", architecture="mnist_cnn", recipe={}, val_fraction=0.5)  # pyright: ignore[reportArgumentType]
    window.context.repeat_asked.emit(config)
    qtbot.waitUntil(lambda: "Training 719, Validation 719" in figures(page), timeout=WAIT)


def test_an_archive_dropped_on_the_train_page_comes_here(
    window: MainWindow, page_in_window: DataPage, folder: Path, qtbot: QtBot
) -> None:
    page = page_in_window
    archive = Path(shutil.make_archive(str(folder.parent / "zoo"), "zip", folder))
    window.show_page("Train")
    assert drop(window.findChildren(TrainPage)[0], [archive])
    assert child(window, QAbstractButton, "navData").isChecked()
    confirm(page, qtbot)
    wait_for(page, "zoo", qtbot)
