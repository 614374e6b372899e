import itertools
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.data.decisions import DecisionBook
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.weights import open_model, save_model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.evaluation import Answers, answer_split, evaluate
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.evaluate import EvaluatePage
from cnn_desktop.ui.pages.evaluate.following import followed
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.widgets.class_bars import ClassBars
from cnn_desktop.ui.widgets.line_chart import LineChart
from cnn_desktop.ui.widgets.matrix_view import MatrixView
from cnn_desktop.ui.widgets.picture_grid import PictureGrid
from tests.ui.example_runs import example_model, example_run
from tests.ui.picture_folders import make_folder
from tests.ui.test_predict_widgets import drop, files
from tests.ui.trained_digits import trained_digits

WAIT = 30_000
W = TypeVar("W", bound=QWidget)
SWAPPED = (3, 5)


class Evaluation:
    """The page as somebody outside sees it: by object names."""

    def __init__(self, page: EvaluatePage, qtbot: QtBot) -> None:
        self.page, self._qtbot = page, qtbot
        self.told: list[str] = []
        page.context.dataset_changed.connect(self.told.append)

    def find(self, kind: type[W], name: str) -> W:
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def click(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        assert button.isEnabled(), name
        button.click()

    def choose(self, picker: str, data: str) -> None:
        box = self.find(QComboBox, picker)
        assert box.findData(data) >= 0, [box.itemData(at) for at in range(box.count())]
        box.setCurrentIndex(box.findData(data))

    def prepare(self, model: Path) -> None:
        self.page.open_model(str(model))
        self.until(self.find(QAbstractButton, "evaluateButton").isEnabled)

    def evaluate(self, model: Path) -> Evaluated:
        self.prepare(model)
        self.click("evaluateButton")
        self.until(lambda: self.page.session.result is not None and not self.page.session.is_evaluating)
        return self.result

    @property
    def result(self) -> Evaluated:
        assert self.page.session.result is not None
        return self.page.session.result

    def settle(self, change: Callable[[], object]) -> Evaluated:
        """Wait until what `change` decides is counted."""
        before = self.page.session.result
        change()
        self.until(lambda: self.page.session.result is not before)
        return self.result

    def texts(self) -> str:
        return "\n".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def make(qtbot: QtBot, themed: QApplication) -> Iterator[Callable[[], Evaluation]]:
    pages: list[EvaluatePage] = []

    def make_page() -> Evaluation:
        page = EvaluatePage(AppContext(SettingsStore(Settings(), None)))
        qtbot.addWidget(page)
        page.resize(1200, 760)
        page.show()
        pages.append(page)
        page.engine_ready()
        return Evaluation(page, qtbot)

    yield make_page
    for page in pages:
        page.shutdown()


@pytest.fixture
def confused(make: Callable[[], Evaluation]) -> Evaluation:
    """A model that takes threes for fives and fives for threes, evaluated on the test digits."""
    page = make()
    page.evaluate(example_run(1, trained_digits(SWAPPED)))
    return page


def answers_of(model: Path) -> Answers:
    return answer_split(Classifier(open_model(str(model))), open_dataset("digits"), "test")


def test_the_models_own_dataset_is_offered_with_its_splits_test_first(make: Callable[[], Evaluation]) -> None:
    page = make()
    page.prepare(example_run())
    assert page.find(QComboBox, "evaluateDatasetPicker").currentData() == "digits"
    splits = page.find(QComboBox, "evaluateSplitPicker")
    assert [splits.itemData(at) for at in range(splits.count())] == ["test", "validation", "train"]
    assert "359" in splits.currentText(), "the number of its pictures"


def test_every_figure_on_the_page_is_that_of_the_model(make: Callable[[], Evaluation]) -> None:
    page, run = make(), example_run(1, trained_digits())
    page.evaluate(run)
    figures = evaluate(answers_of(run))
    assert figures.accuracy > 0.8
    shown = page.find(QWidget, "evaluationFigures").accessibleName()
    assert f"Accuracy {100 * figures.accuracy:.2f} %, {figures.accuracy_interval}" in shown
    assert f"Loss {figures.loss:.4f}" in shown
    table = page.find(QTableView, "evaluationClasses").model()
    for row, one in enumerate(figures.classes):
        cells = [table.index(row, column).data() for column in range(5)]
        shares = [f"{100 * share:.1f} %" for share in (one.recall, one.precision, one.f1)]
        assert cells == [one.label, str(one.support), *shares]


def test_the_table_of_classes_is_sorted_by_a_column(confused: Evaluation) -> None:
    table = confused.find(QTableView, "evaluationClasses")
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    first = [table.model().index(row, 0).data() for row in range(10)]
    assert set(first[:2]) == {"3", "5"}, "the classes that are hardly recognised"
    taken = table.model().index(first.index("3"), 5).data()
    assert taken.startswith("5 · ")


def test_a_known_confusion_is_seen_first_and_its_cell_opens_its_pictures(confused: Evaluation) -> None:
    confused.page.panels.choose("confusion")
    pairs = confused.find(QTableView, "confusedPairs").model()
    assert {pairs.index(row, 0).data() for row in range(2)} == {"3 → 5", "5 → 3"}
    matrix, grid = confused.find(MatrixView, "confusionMatrix"), confused.find(PictureGrid, "pictureGrid")
    assert matrix.table is not None
    answers = confused.result.answers
    expected = np.zeros((10, 10), int)
    np.add.at(expected, (answers.labels, answers.best), 1)
    assert np.array_equal(matrix.table.counts, expected)
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.geometry_of_cells.rect(5, 3).center().toPoint())
    places = np.flatnonzero((answers.labels == 5) & (answers.best == 3))
    assert grid.count == expected[5, 3] > 20
    assert {grid.shown.key(at) for at in range(grid.count)} == {answers.keys[place] for place in places}


def test_a_click_on_a_picture_opens_it_on_the_inspect_page_with_the_model(confused: Evaluation, qtbot: QtBot) -> None:
    confused.page.panels.choose("confusion")
    grid = confused.find(PictureGrid, "pictureGrid")
    asked: list[tuple[str, str]] = []
    confused.page.context.page_asked.connect(lambda *page: asked.append(page))
    with qtbot.waitSignal(confused.page.context.inspection_asked, timeout=WAIT) as inspected:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.cell_rect(0).center())
    assert inspected.args is not None
    ref, given = inspected.args
    assert ref == confused.result.subject.ref
    shown = np.asarray(given.load().picture)
    index = grid.shown.refs[0].index
    assert np.array_equal(shown, np.asarray(confused.result.dataset.splits["test"].picture(index)))
    assert asked == [("Inspect", "")]


def test_rows_and_columns_can_be_normalised_and_classes_found(confused: Evaluation) -> None:
    confused.page.panels.choose("confusion")
    matrix = confused.find(MatrixView, "confusionMatrix")
    confused.click("confusionRow")
    assert matrix.normalisation == "row"
    confused.click("confusionColumn")
    assert matrix.normalisation == "column"
    search = confused.find(QWidget, "classSearch")
    QTest.keyClicks(search, "7")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert matrix.searched == 7


def test_the_gallery_begins_with_what_the_model_was_surest_of(confused: Evaluation) -> None:
    confused.page.panels.choose("mistakes")
    grid = confused.page.panels.choose("mistakes").findChild(PictureGrid, "pictureGrid")
    assert grid is not None
    confused.until(lambda: grid.count)
    answers = confused.result.answers
    assert grid.count == int((~answers.is_right).sum())
    surest = max(np.flatnonzero(~answers.is_right), key=lambda place: answers.confidence[place])
    assert grid.shown.key(0) == answers.keys[surest]
    assert grid.shown.mark(0) == f"→ {answers.best[surest]} · {100 * answers.confidence[surest]:.0f} %"
    grid.choose(0)
    bars = confused.find(ClassBars, "mistakeClasses").table
    assert bars.index(0, 0).data() == str(answers.best[surest])
    assert bars.probability(0) == pytest.approx(float(answers.confidence[surest]))
    confused.choose("mistakesKind", "losses")
    confused.until(lambda: grid.count == len(answers))
    assert grid.shown.key(0) == answers.keys[int(answers.losses.argmax())]
    confused.choose("mistakesClass", "4")
    confused.until(lambda: grid.count == int((answers.labels == 4).sum()))


def test_a_wrong_label_is_fixed_a_picture_left_out_and_both_undone(confused: Evaluation) -> None:
    grid = confused.page.panels.choose("mistakes").findChild(PictureGrid, "pictureGrid")
    assert grid is not None
    confused.until(lambda: grid.count)
    before = confused.result
    wrong = grid.count
    key, answer = grid.shown.key(0), before.answers.best[before.answers.keys.index(grid.shown.key(0))]
    grid.choose(0)
    actions = confused.page.panels.choose("mistakes").actions_  # pyright: ignore[reportAttributeAccessIssue]
    fixed = confused.settle(lambda: actions.move_asked.emit(""))
    assert DecisionBook.of("digits").decisions.moved == {key: str(answer)}, "kept on the disk"
    assert fixed.figures.accuracy == pytest.approx(before.figures.accuracy + 1 / len(before.answers))
    confused.until(lambda: grid.count == wrong - 1)
    assert confused.told == ["digits"], "the other pages are told"

    grid.choose(0)
    gone = grid.shown.key(0)
    left = confused.settle(actions.leave_out.trigger)
    assert left.figures.count == before.figures.count - 1
    assert gone not in left.answers.keys
    assert list(DecisionBook.of("digits").decisions.left_out) == [gone]
    confused.until(lambda: grid.count == wrong - 2)

    undo = confused.page.session.undo
    assert undo.isEnabled() and "Leave out 1 picture" in undo.text()
    assert confused.settle(undo.trigger).figures.count == before.figures.count
    assert confused.settle(undo.trigger).figures.accuracy == before.figures.accuracy
    assert not undo.isEnabled()
    assert DecisionBook.of("digits").decisions == DecisionBook.of("xo").decisions, "nothing is decided"


def test_what_another_page_decides_is_followed_without_asking_the_model_again(
    confused: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Classifier, "logits", None)
    gone = confused.result.answers.keys[:7]
    DecisionBook.of("digits").leave_out(gone, "by hand")
    after = confused.settle(lambda: confused.page.context.dataset_changed.emit("digits"))
    assert after.figures.count == 359 - 7
    assert not set(gone) & set(after.answers.keys)


def test_answers_follow_their_pictures_by_key() -> None:
    dataset = open_dataset("digits")
    answers = answer_split(Classifier(example_model()), dataset, "test")
    book = DecisionBook.of("digits")
    book.leave_out(answers.keys[:2], "by hand")
    book.move(answers.keys[2:3], "9")
    book.move(answers.keys[3:4], "a class that the model doesn't know")
    now = followed(answers, open_dataset("digits"))
    assert now.keys == (answers.keys[2], *answers.keys[4:])
    assert np.array_equal(now.logits, answers.logits[[2, *range(4, 359)]])
    assert now.labels.tolist() == [9, *answers.labels[4:]]
    split = open_dataset("digits").splits["test"]
    assert [split.key(ref.index) for ref in now.refs] == list(now.keys)


def test_curves_are_drawn_for_the_selected_classes_with_their_areas(confused: Evaluation) -> None:
    confused.page.panels.choose("curves")
    table = confused.find(QTableView, "curvesTable")
    confused.until(lambda: table.model().rowCount())
    roc, precision = confused.find(LineChart, "rocChart"), confused.find(LineChart, "precisionChart")
    assert {line.name for line in precision.lines} == {"micro", "macro"}
    assert [table.model().index(row, 0).data() for row in range(3)] == ["Micro", "Macro", "0"]
    table.selectRow(5)
    assert {line.name for line in roc.lines} == {"3", "chance"}
    points = roc.series("3")
    assert points[0] == (0, 0) and points[-1] == (1, 1)
    area = sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in itertools.pairwise(points))
    assert float(table.model().index(5, 1).data()) == pytest.approx(area, abs=0.01)


def test_a_fitted_temperature_is_kept_in_the_model_file(confused: Evaluation) -> None:
    confused.page.panels.choose("calibration")
    confused.click("fitTemperature")
    confused.until(lambda: confused.find(QAbstractButton, "keepTemperature").isVisible())
    before = confused.result
    changed: list[str] = []
    confused.page.context.model_changed.connect(changed.append)
    after = confused.settle(lambda: confused.click("keepTemperature"))
    kept = open_model(before.subject.ref)
    assert kept.temperature == after.answers.temperature != 1.0
    assert after.figures.loss != before.figures.loss and after.figures.accuracy == before.figures.accuracy
    assert changed == [before.subject.ref]
    confused.until(lambda: confused.find(QAbstractButton, "forgetTemperature").isVisible())
    confused.settle(lambda: confused.click("forgetTemperature"))
    assert open_model(before.subject.ref).temperature == 1.0


def test_two_models_are_compared_on_the_same_pictures(confused: Evaluation, tmp_path: Path) -> None:
    other = example_run(2, trained_digits())
    panel = confused.page.panels.choose("comparison")
    panel.chooser.choose(str(other))  # pyright: ignore[reportAttributeAccessIssue]
    confused.until(confused.find(QAbstractButton, "compareButton").isEnabled)
    confused.click("compareButton")
    sentence = confused.find(QLabel, "comparisonSentence")
    confused.until(sentence.text)
    assert "better by more than chance" in sentence.text()
    confused.page._saving.save(tmp_path / "e.json")  # pyright: ignore[reportPrivateUsage]
    confused.until((tmp_path / "e.json").exists)
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["comparison"]["p_value"] < 0.001
    grid = panel.findChild(PictureGrid, "pictureGrid")
    assert grid is not None
    confused.choose("comparisonPictures", "second")
    ours, theirs = confused.result.answers, answers_of(other)
    only = [key for key, a, b in zip(ours.keys, ours.is_right, theirs.is_right, strict=True) if b and not a]
    assert [grid.shown.key(at) for at in range(grid.count)] == only
    place = ours.keys.index(only[0])
    assert grid.shown.mark(0) == f"{ours.best[place]} / {theirs.best[place]}"


def test_an_evaluation_is_saved_as_a_page_as_json_and_as_a_table(confused: Evaluation, tmp_path: Path) -> None:
    for name in ("e.html", "e.json", "e.csv"):
        file = tmp_path / name
        confused.page._saving.save(file)  # pyright: ignore[reportPrivateUsage]
        confused.until(file.exists)
        confused.until(lambda file=file: f"Saved as {file}." in confused.texts())
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["accuracy"] == confused.result.figures.accuracy
    assert (tmp_path / "e.html").read_text("utf-8").count("data:image/") > 5, "pictures are in the page"
    assert len((tmp_path / "e.csv").read_text("utf-8-sig").splitlines()) == 1 + 359
    (tmp_path / "folder.json").mkdir()
    confused.page._saving.save(tmp_path / "folder.json")  # pyright: ignore[reportPrivateUsage]
    confused.until(lambda: "can't be written" in confused.texts())


def test_a_dataset_with_other_classes_is_refused_with_what_differs(
    make: Callable[[], Evaluation], tmp_path: Path
) -> None:
    page = make()
    page.prepare(example_run())
    folder = make_folder(tmp_path / "birds")
    page.page._setup.choose_dataset(str(folder))  # pyright: ignore[reportPrivateUsage]
    page.until(lambda: "knows 10 classes" in page.texts())
    assert "bird" in page.texts()
    assert not page.find(QAbstractButton, "evaluateButton").isEnabled()


def test_evaluating_can_be_cancelled_and_begun_again(
    make: Callable[[], Evaluation], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make()
    page.prepare(example_run())
    gate = threading.Event()
    logits = Classifier.logits

    def slow(self: Classifier, pixels: object) -> object:
        gate.wait(20)
        return logits(self, pixels)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Classifier, "logits", slow)
    page.click("evaluateButton")
    assert not page.find(QAbstractButton, "evaluateButton").isEnabled()
    page.click("evaluateCancel")
    gate.set()
    assert page.page.session.result is None
    page.until(page.find(QAbstractButton, "evaluateButton").isEnabled)
    page.click("evaluateButton")
    page.until(lambda: page.page.session.result is not None)


def test_folders_and_models_can_be_dropped(make: Callable[[], Evaluation], tmp_path: Path) -> None:
    page = make()
    model = example_model()
    save_model(model, tmp_path / "own.cnnmodel")
    drop(page.page, files(tmp_path / "own.cnnmodel"))
    page.until(page.find(QAbstractButton, "evaluateButton").isEnabled)
    assert page.find(QComboBox, "evaluateModelPicker").currentData() == str(tmp_path / "own.cnnmodel")
    folder = make_folder(tmp_path / "digits", dict.fromkeys(model.classes, 4))
    drop(page.page, files(folder))
    page.until(page.find(QAbstractButton, "evaluateButton").isEnabled)
    assert page.find(QComboBox, "evaluateDatasetPicker").currentData() == str(folder)
    page.choose("evaluateSplitPicker", "train")
    page.click("evaluateButton")
    page.until(lambda: page.page.session.result)
    assert page.result.dataset.folder == folder


def test_the_menu_finds_a_class_and_evaluates(confused: Evaluation) -> None:
    actions = confused.page.actions_
    actions.find.trigger()
    assert confused.page.focusWidget() is confused.find(QWidget, "classSearch")
    confused.settle(actions.evaluate.trigger)


def test_a_model_that_names_no_dataset_asks_for_one(make: Callable[[], Evaluation], tmp_path: Path) -> None:
    page = make()
    model = example_model()
    model.figures.clear()
    save_model(model, tmp_path / "own.cnnmodel")
    page.page.open_model(str(tmp_path / "own.cnnmodel"))
    page.until(lambda: "doesn’t say on which dataset" in page.texts())
    page.choose("evaluateDatasetPicker", "digits")
    page.until(page.find(QAbstractButton, "evaluateButton").isEnabled)


def test_without_a_model_the_page_offers_to_train_one(make: Callable[[], Evaluation]) -> None:
    page = make()
    page.until(lambda: "There is no trained model yet." in page.texts())


def test_double_clicking_a_class_finds_it_in_the_matrix(confused: Evaluation) -> None:
    table = confused.find(QTableView, "evaluationClasses")
    row = table.visualRect(table.model().index(3, 0)).center()
    for _click in range(2):
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row))
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row))
    assert confused.find(MatrixView, "confusionMatrix").searched == 3
