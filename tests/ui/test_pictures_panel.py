from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.data.health.report import Finding
from cnn_desktop.models.archs import architectures
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.data.pictures.listing import LEFT_OUT, Catalogue, PictureFilter, PictureRows
from cnn_desktop.ui.pages.data.pictures.looking import LookOrder, look, preprocessing_for
from cnn_desktop.ui.pages.data.pictures_panel import PicturesPanel
from cnn_desktop.ui.pages.data.session import DatasetSession
from tests.ui.conftest import child


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for name, count in (("cats", 12), ("dogs", 8)):
        (tmp_path / name).mkdir()
        for number in range(count):
            pixels = random.integers(0, 256, (20, 30, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{name[:3]} {number}.png")
    return tmp_path


@pytest.fixture
def session(qtbot: QtBot, folder: Path) -> Iterator[DatasetSession]:
    session = DatasetSession()
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.open(str(folder))
    yield session
    session.shutdown()


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication, session: DatasetSession) -> Iterator[PicturesPanel]:
    context = AppContext(SettingsStore(Settings(architecture="cifar_vgg6"), None))
    panel = PicturesPanel(context, session)
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.show()
    qtbot.waitUntil(lambda: panel.grid.count == 20)
    yield panel
    panel.shutdown()


def finding(*keys: str) -> Finding:
    return Finding("exact_duplicates", "warning", "2 duplicates", "They are the same.", (keys,), {keys[0]: "twice"})


def report(session: DatasetSession, *findings: Finding) -> None:
    """Put findings where the session keeps its report; a check would find others."""
    from cnn_desktop.data.health import check_dataset

    assert session.dataset is not None
    made = check_dataset(session.dataset)
    for one in findings:
        made = made.with_finding(one)
    session._report = made
    session.report_changed.emit()


def shown(panel: PicturesPanel) -> list[str]:
    return [panel.grid.shown.key(place) for place in range(panel.grid.count)]


def count_text(panel: PicturesPanel) -> str:
    return child(panel, QLabel, "pictureCount").text()


def test_references_are_made_when_they_are_asked_for() -> None:
    rows = PictureRows(("train", "test"), np.array([[0, 4], [1, 2], [0, 7]]))
    assert list(rows) == [PictureRef("train", 4), PictureRef("test", 2), PictureRef("train", 7)]
    assert list(rows[1:]) == [PictureRef("test", 2), PictureRef("train", 7)]


def test_filters_narrow_down_together(session: DatasetSession) -> None:
    assert session.dataset is not None
    assert session.found is not None
    assert session.book is not None
    catalogue = Catalogue.of(session.dataset, session.found, session.book.decisions)

    def keys(wanted: PictureFilter) -> list[str]:
        listing = catalogue.listed(wanted)
        return [listing.dataset.splits[ref.split].key(ref.index) for ref in listing.rows]

    assert len(keys(PictureFilter())) == 20
    assert len(keys(PictureFilter(class_name="dogs"))) == 8
    validation = session.dataset.splits["validation"]
    assert sorted(keys(PictureFilter(split="validation"))) == sorted(validation.all_keys())
    assert keys(PictureFilter(text="CAT 11")) == ["cats/cat 11.png"]
    assert keys(PictureFilter(class_name="dogs", text="cat")) == []
    assert keys(PictureFilter(finding=finding("dogs/dog 3.png", "cats/cat 1.png", "gone.png"))) == [
        "dogs/dog 3.png",
        "cats/cat 1.png",
    ]
    assert keys(PictureFilter(class_name="cats", finding=finding("dogs/dog 3.png", "cats/cat 1.png"))) == [
        "cats/cat 1.png"
    ]
    assert keys(PictureFilter(split=LEFT_OUT)) == []


def test_the_panel_filters_and_says_how_many_are_left(panel: PicturesPanel, qtbot: QtBot) -> None:
    assert count_text(panel) == "20 of 20 pictures"
    panel.filters.classes.choose("dogs")
    qtbot.waitUntil(lambda: count_text(panel) == "8 of 20 pictures")
    QTest.keyClicks(panel.filters.text, "DOG 7")
    qtbot.waitUntil(lambda: shown(panel) == ["dogs/dog 7.png"])
    QTest.keyClicks(panel.filters.text, "77")
    qtbot.waitUntil(lambda: panel.grid.count == 0)
    assert panel._empty.isVisible()
    panel._empty.button.click()
    qtbot.waitUntil(lambda: panel.grid.count == 20)
    assert panel.filters.text.text() == ""


def test_a_finding_shows_its_pictures_with_its_words(
    panel: PicturesPanel, session: DatasetSession, qtbot: QtBot
) -> None:
    found = finding("dogs/dog 3.png", "cats/cat 1.png")
    report(session, found)
    assert panel.filters.findings.findText("2 duplicates") > 0
    panel.filters.classes.choose("dogs")
    panel.show_finding(found)
    qtbot.waitUntil(lambda: shown(panel) == ["dogs/dog 3.png", "cats/cat 1.png"])
    assert panel.grid.shown.mark(0) == "twice"
    panel.grid.choose(0)
    panel.actions_.open.trigger()
    qtbot.waitUntil(lambda: "2 duplicates: twice" in panel.large.facts.text())


def test_left_out_pictures_go_and_come_back(panel: PicturesPanel, session: DatasetSession, qtbot: QtBot) -> None:
    gone = shown(panel)[2:4]
    panel.grid.choose(2)
    panel.grid.selection.extend(3)
    panel.actions_.leave_out.trigger()
    qtbot.waitUntil(lambda: panel.grid.count == 18)
    assert session.book is not None
    assert set(session.book.decisions.left_out) == set(gone)
    panel.filters.splits.choose(LEFT_OUT)
    qtbot.waitUntil(lambda: sorted(shown(panel)) == sorted(gone))
    panel.grid.choose(0)
    assert not panel.actions_.leave_out.isEnabled()
    panel.grid.choose_all()
    panel.actions_.take_back.trigger()
    qtbot.waitUntil(lambda: panel.grid.count == 20 or panel.filters.splits.choice() == "")
    qtbot.waitUntil(lambda: count_text(panel).endswith("20 pictures"))
    assert session.book.decisions.left_out == {}


def test_moved_pictures_are_counted_to_the_other_class(
    panel: PicturesPanel, session: DatasetSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = shown(panel).index("cats/cat 5.png")
    panel.grid.choose(place)
    assert not panel.actions_.take_back.isEnabled()
    panel.actions_.move_asked.emit("dogs")
    qtbot.waitUntil(lambda: "cats/cat 5.png" in (session.book.decisions.moved if session.book else {}))
    panel.filters.classes.choose("dogs")
    qtbot.waitUntil(lambda: panel.grid.count == 9)
    place = shown(panel).index("cats/cat 5.png")
    assert panel.grid.shown.mark(place) == "moved"
    panel.grid.choose(place)
    panel.actions_.take_back.trigger()
    qtbot.waitUntil(lambda: panel.grid.count == 8)
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_args: ("birds", True))
    panel.grid.choose(0)
    action = next(entry for entry in panel.actions_._class_menu.actions() if entry.text() == "Another class…")
    action.trigger()
    qtbot.waitUntil(lambda: panel.filters.classes.findData("birds") > 0)


def test_the_keys_of_the_actions_work_in_the_grid(panel: PicturesPanel, session: DatasetSession, qtbot: QtBot) -> None:
    panel.activateWindow()
    panel.grid.setFocus()
    panel.grid.choose(0)
    QTest.keyClick(panel.grid, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.grid.count == 19)


def test_the_menu_has_every_action(panel: PicturesPanel) -> None:
    panel.grid.choose(0)
    menu = panel.actions_.menu()
    names = {action.objectName() for action in menu.actions() if isinstance(action, QAction)}
    assert {"openPicture", "leaveOutPictures", "movePictures", "takeBackPictures", "chooseAllPictures"} <= names
    menu.deleteLater()


def test_large_view_goes_through_what_is_shown(panel: PicturesPanel, qtbot: QtBot) -> None:
    panel.filters.classes.choose("dogs")
    qtbot.waitUntil(lambda: panel.grid.count == 8)
    panel.grid.choose(0)
    QTest.keyClick(panel.grid, Qt.Key.Key_Return)
    assert panel.large.isVisible()
    first = panel.grid.shown.key(0)
    assert panel.large.name.text() == first
    qtbot.waitUntil(lambda: panel.large.original.image is not None)
    assert "30 × 20 pixels" in panel.large.facts.text()
    assert "Class: dogs" in panel.large.facts.text()
    QTest.keyClick(panel.large, Qt.Key.Key_Right)
    assert panel.large.name.text() == panel.grid.shown.key(1)
    QTest.keyClick(panel.large, Qt.Key.Key_Left)
    QTest.keyClick(panel.large, Qt.Key.Key_Left)
    assert panel.large.name.text() == first
    panel.actions_.leave_out.trigger()
    qtbot.waitUntil(lambda: panel.grid.count == 7)
    assert panel.large.isVisible()
    assert panel.large.name.text() == panel.grid.shown.key(0) != first
    QTest.keyClick(panel.large, Qt.Key.Key_Escape)
    assert panel.grid.isVisible()
    assert panel.grid.current == 0


def test_the_network_receives_exactly_what_is_shown(
    panel: PicturesPanel, session: DatasetSession, qtbot: QtBot
) -> None:
    panel.grid.choose(4)
    panel.actions_.open.trigger()
    qtbot.waitUntil(lambda: panel.large.received.image is not None, timeout=20_000)
    assert panel.large.networks.choice() == "cifar_vgg6"
    dataset, ref = session.dataset, panel.grid.selected()[0]
    assert dataset is not None
    pixels = dataset.splits[ref.split].pixels(ref.index, preprocessing_for(dataset, "cifar_vgg6"))
    image = panel.large.received.image
    assert image is not None
    assert (image.height(), image.width()) == pixels.shape[1:]
    for row, column in ((0, 0), (7, 30), (31, 31)):
        color = image.pixelColor(column, row)
        assert [color.red(), color.green(), color.blue()] == pixels[:, row, column].tolist()
    place, factor = panel.large.received.place(), panel.large.received.place().width() / image.width()
    assert factor == int(factor) >= 2
    drawn = panel.large.received.grab().toImage()
    inside = drawn.pixelColor(int(place.left() + 30.5 * factor), int(place.top() + 7.5 * factor))
    assert [inside.red(), inside.green(), inside.blue()] == pixels[:, 7, 30].tolist()
    words = panel.large.words.text()
    assert "32 × 32 pixels: the whole picture, stretched" in words
    assert "between 0 and 1" in words


def test_pretrained_preprocessing_is_told_in_words(session: DatasetSession) -> None:
    assert session.dataset is not None
    name = next(name for name in architectures if architectures[name].pretrained() is not None)
    seen = look(LookOrder(session.dataset, PictureRef("train", 0), f"{name}+pretrained"))
    published = architectures[name].pretrained()
    assert published is not None
    assert seen.received is not None
    assert seen.received.width() == published.preprocessing.width
    assert f"the shorter side is brought to {published.preprocessing.shorter_side}" in seen.words
    assert "less 0.485 / 0.456 / 0.406, over 0.229 / 0.224 / 0.225" in seen.words


def test_a_broken_picture_says_so_in_large(session: DatasetSession, folder: Path) -> None:
    dataset = session.dataset
    assert dataset is not None
    key = dataset.splits["train"].key(0)
    (folder / key).write_bytes(b"")
    seen = look(LookOrder(dataset, PictureRef("train", 0), "cifar_vgg6"))
    assert seen.original is None
    assert "is empty" in seen.size
    assert seen.received is None


def test_another_dataset_begins_anew(panel: PicturesPanel, session: DatasetSession, qtbot: QtBot) -> None:
    panel.filters.classes.choose("dogs")
    panel.grid.choose(0)
    panel.actions_.open.trigger()
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.open("digits")
    qtbot.waitUntil(lambda: panel.grid.count == 1797)
    assert panel.grid.isVisible()
    assert panel.filters.classes.choice() == ""
    assert panel.filters.classes.count() == 11
