"""Many pictures on the Predict page: answered in the background, gone on with, sorted, filtered, saved."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from cnn_desktop.core import transfer
from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.settings import Settings
from cnn_desktop.predict.batch import Answer
from cnn_desktop.predict.classifier import Guess
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.predict.many import ManyPanel
from cnn_desktop.ui.pages.predict.many.catalogue import UNREADABLE, Catalogue, Column, Wanted
from cnn_desktop.ui.pages.predict.many.groups import COUNT_ROLE, GroupList
from cnn_desktop.ui.pages.predict.many.progress_card import ProgressCard
from cnn_desktop.ui.pages.predict.many.table import AnswersTable
from cnn_desktop.ui.widgets.sentence import Sentence
from tests.instructions import instructions
from tests.ui.conftest import child
from tests.ui.grey_classifier import GreyClassifier, grey_pictures

COUNT = 200


@pytest.fixture
def classifier() -> GreyClassifier:
    return GreyClassifier()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    grey_pictures(tmp_path / "pictures", COUNT)
    (tmp_path / "pictures" / "broken.png").write_bytes(b"nothing")
    return tmp_path / "pictures"


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication) -> ManyPanel:
    panel = ManyPanel(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.resize(1000, 600)
    panel.show()
    return panel


@pytest.fixture
def answered(panel: ManyPanel, folder: Path, classifier: GreyClassifier, qtbot: QtBot) -> ManyPanel:
    panel.start([folder], classifier)
    wait_for_end(panel, qtbot)
    return panel


def wait_for_end(panel: ManyPanel, qtbot: QtBot) -> None:
    def has_ended() -> bool:
        return not panel._taking.isActive() and not panel._arranging.is_running

    qtbot.waitUntil(has_ended, timeout=20_000)


def button(panel: ManyPanel, name: str) -> QPushButton:
    return child(panel, QPushButton, name)


def status(panel: ManyPanel) -> str:
    return child(panel, QLabel, "manyStatus").text()


def note(panel: ManyPanel) -> str:
    return child(panel, Sentence, "manyNote").text()


def rows(panel: ManyPanel, column: Column) -> list[str]:
    model = child(panel, AnswersTable, "answersTable").model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def names(panel: ManyPanel) -> list[str]:
    return [Path(name).name for name in rows(panel, Column.FILE)]


def groups(panel: ManyPanel) -> dict[str, int]:
    model = child(panel, GroupList, "answerGroups").model()
    return {index.data(): index.data(COUNT_ROLE) for index in (model.index(row, 0) for row in range(model.rowCount()))}


def choose_group(panel: ManyPanel, title: str, qtbot: QtBot) -> None:
    view = child(panel, GroupList, "answerGroups")
    row = list(groups(panel)).index(title)
    qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(row, 0)).center()
    )


def test_every_file_has_a_row_and_its_class_a_count(answered: ManyPanel) -> None:
    assert names(answered) == [*(f"{number}.png" for number in range(COUNT)), "broken.png"]
    assert rows(answered, Column.CLASS)[0] == "black" and rows(answered, Column.CLASS)[COUNT - 1] == "white"
    assert rows(answered, Column.STATE)[-1] == "unreadable"
    assert groups(answered) == {"All pictures": COUNT + 1, "Unreadable": 1, "grey": 100, "black": 50, "white": 50}
    assert status(answered).startswith("Done in") and "Grey finder" in status(answered)
    assert not button(answered, "manyCancel").isVisible() and not button(answered, "manyGoOn").isVisible()


def test_answers_are_sorted_by_each_column(answered: ManyPanel, qtbot: QtBot) -> None:
    header = child(answered, AnswersTable, "answersTable").horizontalHeader()

    def click(column: Column) -> None:
        place = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.waitUntil(lambda: not answered._arranging.is_running)

    click(Column.FILE)
    assert names(answered)[:3] == ["0.png", "1.png", "2.png"] and names(answered)[-1] == "broken.png"
    click(Column.FILE)
    assert names(answered)[:2] == ["broken.png", "199.png"]
    click(Column.PROBABILITY)
    shares = [float(text.removesuffix(" %")) for text in rows(answered, Column.PROBABILITY)[:-1]]
    assert shares == sorted(shares) and shares[0] < shares[-1]
    assert names(answered)[-1] == "broken.png", "what has no figure comes last"
    click(Column.PROBABILITY)
    assert float(rows(answered, Column.PROBABILITY)[0].removesuffix(" %")) == max(shares)
    assert names(answered)[-1] == "broken.png"
    click(Column.CLASS)
    found = rows(answered, Column.CLASS)[:-1]
    assert found == sorted(found)
    click(Column.STATE)
    assert rows(answered, Column.STATE)[0] == "unreadable"


def test_answers_are_filtered_by_class_state_and_text(answered: ManyPanel, qtbot: QtBot) -> None:
    choose_group(answered, "white", qtbot)
    qtbot.waitUntil(lambda: set(rows(answered, Column.CLASS)) == {"white"})
    assert len(names(answered)) == 50
    child(answered, QLineEdit, "answersFilter").setText("/19")
    qtbot.waitUntil(lambda: names(answered) == [f"{number}.png" for number in range(190, 200)])
    choose_group(answered, "Unreadable", qtbot)
    qtbot.waitUntil(lambda: names(answered) == [])
    child(answered, QLineEdit, "answersFilter").clear()
    qtbot.waitUntil(lambda: names(answered) == ["broken.png"])
    choose_group(answered, "All pictures", qtbot)
    child(answered, QLineEdit, "answersFilter").setText("GREY")
    qtbot.waitUntil(lambda: set(rows(answered, Column.CLASS)) == {"grey"})


def test_a_threshold_makes_answers_unsure(answered: ManyPanel, qtbot: QtBot) -> None:
    answered.show_threshold(0.9)
    qtbot.waitUntil(lambda: "Unsure" in groups(answered))
    assert sum(groups(answered).values()) == 2 * (COUNT + 1), "every picture counts once, and once among all"
    choose_group(answered, "Unsure", qtbot)
    qtbot.waitUntil(lambda: set(rows(answered, Column.STATE)) == {"unsure"})
    shares = [float(text.removesuffix(" %")) for text in rows(answered, Column.PROBABILITY)]
    assert len(shares) == groups(answered)["Unsure"] and max(shares) <= 90


def test_a_cancelled_batch_goes_on_and_computes_nothing_twice(
    panel: ManyPanel, folder: Path, classifier: GreyClassifier, qtbot: QtBot
) -> None:
    classifier.gate.clear()
    panel.start([folder], classifier)
    qtbot.waitUntil(lambda: len(names(panel)) > 10)
    assert not button(panel, "saveAnswersCsv").isEnabled(), "there is more to come"
    button(panel, "manyCancel").click()
    classifier.gate.set()
    wait_for_end(panel, qtbot)
    done = len(names(panel))
    assert 10 < done < COUNT and classifier.computed < COUNT
    assert f"Stopped after {done} of {COUNT + 1} pictures" in status(panel)
    assert button(panel, "saveAnswersCsv").isEnabled()
    remembered = classifier.computed
    button(panel, "manyGoOn").click()
    qtbot.waitUntil(
        lambda: note(panel) == f"Going on after {remembered} of {COUNT + 1} pictures that were answered before."
    )
    wait_for_end(panel, qtbot)
    assert classifier.computed == COUNT and len(names(panel)) == COUNT + 1


def test_a_model_that_fails_says_so_and_keeps_what_it_answered(
    panel: ManyPanel, folder: Path, classifier: GreyClassifier, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(pixels: torch.Tensor) -> torch.Tensor:
        raise ModelError("It answers with something that is no number.")

    classifier.gate.clear()
    panel.start([folder], classifier)
    qtbot.waitUntil(lambda: len(names(panel)) > 10)
    monkeypatch.setattr(classifier, "logits", fail)
    classifier.gate.set()
    wait_for_end(panel, qtbot)
    assert note(panel) == "It answers with something that is no number."
    assert "Stopped after" in status(panel) and button(panel, "manyGoOn").isVisible()
    monkeypatch.undo()
    button(panel, "manyGoOn").click()
    wait_for_end(panel, qtbot)
    assert len(names(panel)) == COUNT + 1 and note(panel) == ""


def test_a_new_batch_takes_the_place_of_one_that_runs(
    panel: ManyPanel, folder: Path, classifier: GreyClassifier, qtbot: QtBot, tmp_path: Path
) -> None:
    classifier.gate.clear()
    panel.start([folder], classifier)
    qtbot.waitUntil(lambda: len(names(panel)) > 10)
    panel.start([folder], classifier)
    assert names(panel) == []
    classifier.gate.set()
    wait_for_end(panel, qtbot)
    assert len(names(panel)) == COUNT + 1
    assert classifier.computed == COUNT, "the second waited for the first and went on from it"


def test_time_left_is_that_of_what_is_still_to_be_computed(
    qtbot: QtBot, themed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(transfer.time, "monotonic", lambda: now)
    card = ProgressCard()
    qtbot.addWidget(card)
    card.begin()
    card.show_scope(1200, 1000, "")
    card.show_progress(1000)
    now += 2
    card.show_progress(1050)
    assert child(card, QLabel, "manyStatus").text() == "1,050 of 1,200 pictures · 25 a second · 6 s left"


def test_a_double_click_asks_for_the_picture(answered: ManyPanel, folder: Path, qtbot: QtBot) -> None:
    asked: list[Path] = []
    answered.picture_asked.connect(asked.append)
    table = child(answered, AnswersTable, "answersTable")
    place = table.visualRect(table.model().index(1, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == [folder / "1.png"]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked[1:] == [folder / "2.png"]
    table.setCurrentIndex(table.model().index(COUNT, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert len(asked) == 2, "there is nothing to see of what can't be read"


def test_thumbnails_of_the_rows_in_sight_are_made(answered: ManyPanel, qtbot: QtBot) -> None:
    loader = child(answered, AnswersTable, "answersTable")._loader
    qtbot.waitUntil(lambda: loader.tile("0") is not None)
    assert loader.tile(str(COUNT - 1)) is None, "it is far below"


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """The person chooses this file or folder in whatever dialog opens."""

    def choose(name: str) -> Path:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / name), ""))
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / name))
        return tmp_path / name

    return choose


def test_answers_are_saved(answered: ManyPanel, chosen: Callable[[str], Path], qtbot: QtBot) -> None:
    table = chosen("a.csv")
    button(answered, "saveAnswersCsv").click()
    qtbot.waitUntil(lambda: "a.csv" in note(answered))
    with table.open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == COUNT + 1
    listing = chosen("a.json")
    button(answered, "saveAnswersJson").click()
    qtbot.waitUntil(lambda: "a.json" in note(answered))
    assert len(json.loads(listing.read_text())) == COUNT + 1
    chosen("a.csv/b.csv")
    button(answered, "saveAnswersCsv").click()
    qtbot.waitUntil(lambda: "can't be saved" in note(answered))


def test_pictures_are_copied_into_folders(answered: ManyPanel, chosen: Callable[[str], Path], qtbot: QtBot) -> None:
    target = chosen("sorted")
    button(answered, "copyIntoFolders").click()
    assert button(answered, "manyCancel").isVisible()
    qtbot.waitUntil(lambda: f"{COUNT + 1} pictures lie in 4 folders" in note(answered), timeout=20_000)
    found = {place.name: len(list(place.iterdir())) for place in target.iterdir()}
    assert found == {"black": 50, "grey": 100, "white": 50, "unreadable": 1}
    assert status(answered).startswith("Done in") and not button(answered, "manyCancel").isVisible()


def test_copying_can_be_cancelled(answered: ManyPanel, chosen: Callable[[str], Path], qtbot: QtBot) -> None:
    target = chosen("sorted")
    button(answered, "copyIntoFolders").click()
    qtbot.waitUntil(target.exists)
    button(answered, "manyCancel").click()
    assert status(answered).startswith("Done in")
    assert answered._outputs._job.wait()
    assert len(list(target.rglob("*.png"))) <= COUNT


def catalogue_of(count: int) -> list[Answer]:
    labels = [f"class {number}" for number in range(1000)]
    return [
        Answer(
            Path(f"/pictures/{number % 100}/photo {number}.jpg"),
            (Guess(labels[number * 7919 % 1000], 0.2 + number * 31 % 800 / 1000), Guess("second", 0.1)),
            None,
        )
        for number in range(count)
    ]


def test_a_hundred_thousand_answers_hold_nothing_up(panel: ManyPanel, qtbot: QtBot) -> None:
    answers = catalogue_of(100_000)
    work: dict[str, int] = {}

    def take(what: str, call: Callable[[], object]) -> None:
        work[what] = max(work.get(what, 0), instructions(lambda: (call(), QApplication.processEvents())))

    panel._catalogue.add(answers[:90_000])
    panel._model.extend(90_000)
    for start in range(90_000, len(answers), 2000):  # the more there are, the longer it would take
        take("adding", lambda start=start: panel._catalogue.add(answers[start : start + 2000]))
        take("adding", lambda: panel._model.extend(len(panel._catalogue)))
    table = child(panel, AnswersTable, "answersTable")
    orders = [Wanted(column=Column.FILE), Wanted(column=Column.CLASS, is_descending=True), Wanted(text="photo 99")]
    for wanted in orders:
        places = panel._catalogue.arranged(wanted)
        take(f"showing {wanted}", lambda places=places: panel._model.show_places(places))
        take("scrolling", table.scrollToBottom)
    take("counts", lambda: panel._groups.groups.show_counts(panel._catalogue.counts(0.5), panel._catalogue.classes))
    added = work.pop("adding")
    assert added < 200 * 2000, added  # for each answer of the two thousand, not of all
    assert max(work.values()) < 300_000, work


def test_a_catalogue_sorts_as_a_person_would() -> None:
    catalogue = Catalogue()
    names = ["b 10.png", "B 9.png", "a.png", "b 2.png"]
    catalogue.add([Answer(Path(name), None, "refused") for name in names])
    places = catalogue.arranged(Wanted(column=Column.FILE)).tolist()
    assert [names[place] for place in places] == ["a.png", "b 2.png", "B 9.png", "b 10.png"]
    assert catalogue.counts(0.5) == {UNREADABLE: 4}
    assert Catalogue().arranged(Wanted(column=Column.CLASS)).tolist() == [] and Catalogue().counts(0.5) == {}


def test_what_was_current_stays_so_when_it_is_sorted(answered: ManyPanel, qtbot: QtBot) -> None:
    table = child(answered, AnswersTable, "answersTable")
    table.setCurrentIndex(table.model().index(150, 0))
    table.sortByColumn(Column.FILE, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: names(answered)[0] == "broken.png" and not answered._arranging.is_running)
    assert Path(table.currentIndex().siblingAtColumn(Column.FILE).data()).name == "150.png"
    assert table.visualRect(table.currentIndex()).intersects(table.viewport().rect())


@pytest.mark.parametrize("column", [Column.ORDER, Column.FILE])
def test_what_is_in_sight_stays_there_while_more_arrives(
    panel: ManyPanel, classifier: GreyClassifier, qtbot: QtBot, tmp_path: Path, column: Column
) -> None:
    panel.start(grey_pictures(tmp_path, COUNT), classifier)
    classifier.gate.clear()
    qtbot.waitUntil(lambda: len(names(panel)) > 10)
    table, view = child(panel, AnswersTable, "answersTable"), child(panel, GroupList, "answerGroups")
    table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: not panel._arranging.is_running)
    table.setCurrentIndex(table.model().index(1, 0))
    table.verticalScrollBar().setValue(500)
    classifier.gate.set()
    wait_for_end(panel, qtbot)
    assert len(names(panel)) == COUNT
    assert table.verticalScrollBar().value() == 500 and table.currentIndex().row() == 1
    panel.resize(1000, 260)
    QApplication.processEvents()
    view.verticalScrollBar().setValue(20)
    panel.show_threshold(0.9)
    qtbot.waitUntil(lambda: "Unsure" in groups(panel))
    assert view.verticalScrollBar().value() == 20
