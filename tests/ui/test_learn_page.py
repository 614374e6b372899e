"""The lessons, driven as a person would."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QCheckBox, QLabel, QSlider, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.learn import LearnPage
from cnn_desktop.ui.pages.learn.lessons import LESSONS
from cnn_desktop.ui.pages.learn.pixel_board import PixelBoard
from cnn_desktop.ui.pages.learn.training_demo import TrainingDemo
from cnn_desktop.ui.widgets.line_chart import LineChart
from cnn_desktop.ui.widgets.number_matrix import Cell, NumberMatrix
from tests.ui.conftest import child

PLACES = {lesson.name: place for place, lesson in enumerate(LESSONS)}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts as they are compared here."""
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def page(qtbot: QtBot, themed: QApplication) -> Iterator[LearnPage]:
    """The page as it is in a window whose engine is loaded."""
    for module in ("torch", "sklearn.datasets"):
        importlib.import_module(module)
    page = LearnPage(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(page)
    page.resize(1100, 720)
    page.show()
    page.engine_ready()
    yield page
    page.shutdown()


def opened(page: LearnPage, qtbot: QtBot, name: str) -> QWidget:
    """The demo of a lesson, shown."""
    page.open_lesson(PLACES[name])
    qtbot.waitUntil(lambda: page.demo is not None and page.demo.isVisible(), timeout=60_000)
    assert page.demo is not None
    return page.demo


def matrix(demo: QWidget, name: str) -> NumberMatrix:
    """The matrix that screen readers call so, of those that can be seen."""
    return next(
        found for found in demo.findChildren(NumberMatrix) if found.accessibleName() == name and found.isVisible()
    )


def edit(qtbot: QtBot, table: NumberMatrix, row: int, column: int, keys: str) -> None:
    """Choose a cell and press keys, such as + for one more."""
    table.choose(Cell(0, row, column))
    qtbot.keyClicks(table, keys)


def click(parent: QWidget, name: str) -> None:
    child(parent, QAbstractButton, name).click()


def turn(parent: QWidget, name: str, position: int) -> None:
    child(parent, QSlider, name).setValue(position)


def text(parent: QWidget, name: str) -> str:
    return child(parent, QLabel, name).text().replace("<b>", "").replace("</b>", "")


def drop(target: QWidget, file: Path) -> None:
    """Drag a file in and let it fall."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), copy, data, left, none))


@pytest.mark.parametrize("name", PLACES)
def test_every_lesson_opens_and_can_be_heard(page: LearnPage, qtbot: QtBot, name: str) -> None:
    demo = opened(page, qtbot, name)
    controls = [*demo.findChildren(QAbstractButton), *demo.findChildren(QAbstractSlider)]
    nameless = [
        control.objectName()
        for control in controls
        if control.isVisible() and not control.accessibleName() and not control.objectName().startswith("qt_")
        if not isinstance(control.parent(), QWidget) or "scroll" not in control.parent().objectName()
    ]
    assert controls
    assert not nameless
    assert all(table.accessibleName() for table in demo.findChildren(NumberMatrix))
    click(page, "lessonStartOver")


def test_a_pixel_and_a_weight_of_the_convolution_can_be_changed(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "convolution")
    output = matrix(demo, "Output")
    assert output.values() == [[[3, 5, 3], [3, 2, 5], [4, 4, 2]]]
    edit(qtbot, matrix(demo, "Picture"), 0, 0, "+")
    assert output.values() == [[[4, 5, 3], [3, 2, 5], [4, 4, 2]]]
    edit(qtbot, matrix(demo, "Kernel"), 1, 1, "+")
    assert output.values() == [[[4, 6, 3], [4, 3, 6], [4, 5, 3]]]
    assert text(demo, "sumLine").endswith("= 4")
    assert text(demo, "sumCheck") == "torch says 4 ✓"
    click(page, "lessonStartOver")
    assert output.values() == [[[3, 5, 3], [3, 2, 5], [4, 4, 2]]]


def test_the_kernel_walks_over_the_picture(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "convolution")
    click(demo, "walkOn")
    assert matrix(demo, "Picture").window_mark is not None
    assert matrix(demo, "Picture").window_mark.left == 1  # pyright: ignore[reportOptionalMemberAccess]
    assert text(demo, "sumLine") == "1 + 0 + 1 + 0 + 1 + 0 + 1 + 1 + 0 = 5"
    matrix(demo, "Output").cell_pointed.emit(Cell(0, 2, 2))
    assert text(demo, "sumLine").endswith("= 2")
    turn(demo, "walkSpeed", 4)
    click(demo, "walkPlay")
    qtbot.waitUntil(lambda: text(demo, "sumLine").endswith("= 5"), timeout=3000)
    page.show_list()


def test_the_x_and_the_o_are_compared_with_their_features(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "convolution")
    click(demo, "exampleDrawing")
    output = matrix(demo, "Output")
    assert output.text_at(Cell(0, 0, 0)).endswith("0.7777778")
    assert text(demo, "sumLine").endswith("÷ 9 = 0.78")
    assert sum(value > 0.99 for row in output.values()[0] for value in row) == 4
    click(demo, "pictureNought")
    assert sum(value > 0.99 for row in output.values()[0] for value in row) == 2
    click(demo, "pictureCross")
    qtbot.mouseClick(
        matrix(demo, "Picture"),
        Qt.MouseButton.LeftButton,
        pos=matrix(demo, "Picture").cells.rect(Cell(0, 2, 2)).center().toPoint(),
    )
    assert matrix(demo, "Picture").value(Cell(0, 2, 2)) == -1
    assert sum(value > 0.99 for row in output.values()[0] for value in row) == 2


def test_the_size_of_the_output_is_told_with_its_formula(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "stride-and-padding")
    assert text(demo, "sizeFormula") == "⌊(5 + 2·0 − 3) ÷ 1⌋ + 1 = 3"
    turn(demo, "padding", 1)
    assert text(demo, "sizeFormula").endswith("= 5")
    assert matrix(demo, "Output").content.shape == (1, 5, 5)
    assert matrix(demo, "Picture").content.shape == (1, 7, 7)
    turn(demo, "padding", 0)
    turn(demo, "pictureSize", 3)
    turn(demo, "stride", 1)
    assert "the last row and column are never looked at" in text(demo, "sizeRest")
    turn(demo, "padding", 1)
    assert "every pixel is looked at" in text(demo, "sizeRest")
    turn(demo, "pictureSize", 0)
    turn(demo, "padding", 0)
    turn(demo, "kernelSize", 4)
    assert "there is no output" in text(demo, "sizeFormula")
    turn(demo, "padding", 1)
    assert text(demo, "sizeFormula").endswith("= 1")


def test_a_pixel_at_the_corner_is_looked_at_less_often(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "stride-and-padding")
    picture = matrix(demo, "Picture")
    picture.cell_pointed.emit(Cell(0, 0, 0))
    assert "from 1 of 9 places" in text(demo, "sizeRest")
    picture.cell_pointed.emit(Cell(0, 2, 2))
    assert "from 9 of 9 places" in text(demo, "sizeRest")
    picture.cell_pointed.emit(None)
    assert "places" not in text(demo, "sizeRest")


def test_pooling_keeps_what_was_asked_for(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "pooling")
    output = matrix(demo, "Output")
    assert output.values() == [[[5, 6], [4, 5]]]
    assert text(demo, "poolingLine") == "largest of 3, 5, 2, 2: 5"
    click(demo, "poolingMin")
    assert output.values() == [[[2, 1], [1, 2]]]
    click(demo, "poolingAverage")
    assert output.values() == [[[3, 4], [3, 4]]]
    assert text(demo, "poolingLine") == "(3 + 5 + 2 + 2) ÷ 4 = 3"
    turn(demo, "poolingStride", 0)
    assert output.content.shape == (1, 3, 3)
    click(demo, "poolingShift")
    assert "of 9 outputs stayed" in text(demo, "poolingStayed")


def test_activations_change_the_map(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "activation")
    assert min(min(row) for row in matrix(demo, "Before").values()[0]) < 0
    assert min(min(row) for row in matrix(demo, "After").values()[0]) == 0
    assert "20 of 49" in text(demo, "activationCount")
    assert text(demo, "activationLine") == "in: −1.5, out: 0"
    click(demo, "activationNone")
    assert matrix(demo, "After").values() == matrix(demo, "Before").values()
    turn(demo, "activationInput", 0)
    assert text(demo, "activationLine") == "in: −4, out: −4"


def test_layers_follow_what_is_drawn(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "stacking")
    last = matrix(demo, "max pooling again: 3 × 2 × 2")
    assert [round(value, 2) for value in last.values()[0][0]] == [1, 0.56]
    last.cell_pointed.emit(Cell(0, 1, 1))
    assert "from 5 × 5 pixels" in text(demo, "stackingSaid")
    mark = matrix(demo, "Picture").window_mark
    assert mark is not None
    assert (mark.top, mark.left, mark.rows, mark.columns) == (4, 4, 5, 5)
    edit(qtbot, matrix(demo, "Picture"), 1, 1, " ")
    edit(qtbot, matrix(demo, "Picture"), 2, 2, " ")
    assert last.values()[0][0][0] < 1
    rectified = matrix(demo, "ReLU: 3 × 7 × 7")
    assert min(min(row) for row in rectified.values()[0]) == 0
    child(demo, QCheckBox, "stackingRelu").setChecked(False)
    assert min(min(row) for row in rectified.values()[0]) < 0


def test_votes_are_added_up_and_weights_can_be_changed(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "dense")
    assert text(demo, "votesX").endswith("= 1")
    assert text(demo, "votesAnswer").endswith("X")
    click(demo, "pictureNought")
    assert text(demo, "votesAnswer").endswith("O")
    click(demo, "picturePrinted")
    assert text(demo, "votesX").endswith("= 0.91")
    assert text(demo, "votesO").endswith("= 0.52")
    edit(qtbot, matrix(demo, "Weights"), 0, 0, "+")
    assert text(demo, "votesX").endswith("= 1")  # 0.912 + 0.1 · 0.9 = 1.002


def test_softmax_follows_the_scores(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "softmax")
    assert text(demo, "softmaxSum").endswith("100.0 %")
    before = text(demo, "softmaxLoss")
    click(demo, "scoresRaise")
    assert text(demo, "softmaxLoss") == before
    click(demo, "truthFish")
    assert text(demo, "softmaxLoss") == "loss = −ln(0.0303) = 3.495"
    turn(demo, "temperature", 5)
    assert float(text(demo, "softmaxLoss").rpartition("= ")[2]) < 2


def test_weights_are_counted(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "too-many-weights")
    assert "28 × 28 × 3 × 1 = 2,352 weights" in text(demo, "denseWeights")
    turn(demo, "pictureSide", 7)
    assert "200 × 200 × 3 × 1 = 120,000 weights" in text(demo, "denseWeights")
    assert "3 × 3 × 3 × 8 = 216 weights" in text(demo, "convolutionWeights")
    turn(demo, "neurons", 5)
    assert "480 MB" in text(demo, "denseWeights")
    click(demo, "channels1")
    assert "= 40,000,000 weights" in text(demo, "denseWeights")


def test_a_dropped_picture_becomes_numbers_that_can_be_changed(page: LearnPage, qtbot: QtBot, tmp_path: Path) -> None:
    demo = opened(page, qtbot, "pictures")
    tables = matrix(demo, "Numbers")
    qtbot.waitUntil(lambda: tables.content.shape == (3, 6, 6))
    file = tmp_path / "teal.png"
    picture = QImage(40, 40, QImage.Format.Format_RGB888)
    picture.fill(QColor(0, 128, 255))
    picture.save(str(file))
    drop(demo, file)
    qtbot.waitUntil(lambda: [plane[0][0] for plane in tables.values()] == [0, 128, 255])
    edit(qtbot, tables, 0, 0, "+")
    board = demo.findChild(PixelBoard)
    assert board is not None
    assert board.image.pixelColor(board.left, board.top).red() == 1
    turn(demo, "pixelSide", 7)
    qtbot.waitUntil(lambda: "64 × 64 × 3 = 12,288 numbers" in text(demo, "pixelCount"))


def test_a_file_that_is_no_picture_is_said_to_be_none(page: LearnPage, qtbot: QtBot, tmp_path: Path) -> None:
    demo = opened(page, qtbot, "pictures")
    file = tmp_path / "note.png"
    file.write_text("no picture")
    drop(demo, file)
    qtbot.waitUntil(lambda: "note.png" in text(demo, "pixelCount"))


def test_a_network_really_learns_pauses_and_goes_on(page: LearnPage, qtbot: QtBot) -> None:
    demo = opened(page, qtbot, "training")
    assert isinstance(demo, TrainingDemo)
    chart = demo.findChild(LineChart)
    assert chart is not None
    turn(demo, "trainingSpeed", 2)
    click(demo, "trainingStart")
    qtbot.waitUntil(lambda: len(chart.series("tested")) > 4, timeout=60_000)
    click(demo, "trainingStart")
    assert child(demo, QAbstractButton, "trainingStart").text() == "Go on"
    assert chart.series("tested")[-1][1] < chart.series("tested")[0][1]
    qtbot.wait(250)
    held = len(chart.series("tested"))
    qtbot.wait(250)
    assert len(chart.series("tested")) == held
    click(demo, "trainingStart")
    qtbot.waitUntil(lambda: len(chart.series("tested")) > held, timeout=60_000)
    page.show_list()
    assert demo.live.is_paused
    page.open_lesson(PLACES["training"])
    click(page, "lessonStartOver")
    assert chart.is_empty
    assert not demo.live.is_running


def test_both_comparisons_draw_their_lines(page: LearnPage, qtbot: QtBot) -> None:
    for name, line in (("overfitting", "varied tested"), ("fine-tuning", "tuned")):
        demo = opened(page, qtbot, name)
        turn(demo, "trainingSpeed", 2)
        click(demo, "trainingStart")
        chart = demo.findChildren(LineChart)[0]
        qtbot.waitUntil(lambda chart=chart, line=line: len(chart.series(line)) > 3, timeout=30_000)
        assert chart.series(line)[0][0] == 0
        click(page, "lessonStartOver")


def test_what_is_done_is_remembered(page: LearnPage, qtbot: QtBot) -> None:
    settings = page.context.settings
    click(page, "lessonsGoOn")
    assert settings.settings.lesson == "pictures"
    click(page, "lessonNext")
    click(page, "lessonNext")
    assert settings.settings.lessons_done == ("pictures", "too-many-weights")
    assert settings.settings.lesson == "convolution"
    again = LearnPage(AppContext(settings))
    qtbot.addWidget(again)
    assert child(again, QAbstractButton, "lessonsGoOn").text() == "Go on with lesson 3"
    click(again, "lessonsForget")
    assert settings.settings.lessons_done == ()
    assert child(again, QAbstractButton, "lessonsGoOn").text() == "Begin"


def test_the_last_lesson_leads_back_to_the_list(page: LearnPage) -> None:
    page.open_lesson(len(LESSONS) - 1)
    assert child(page, QAbstractButton, "lessonNext").text() == "Finish"
    click(page, "lessonNext")
    assert child(page, QWidget, "lesson12").isVisible()
    assert "fine-tuning" in page.context.settings.settings.lessons_done


@pytest.mark.parametrize(("name", "target"), [("pictures", "Data"), ("pooling", "Inspect"), ("overfitting", "Train")])
def test_a_lesson_leads_on_to_the_persons_own_work(page: LearnPage, qtbot: QtBot, name: str, target: str) -> None:
    page.open_lesson(PLACES[name])
    with qtbot.waitSignal(page.context.page_asked) as asked:
        click(page, "lessonOnward")
    assert asked.args == [target, ""]


def test_the_text_is_there_before_the_engine(qtbot: QtBot, themed: QApplication) -> None:
    page = LearnPage(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(page)
    page.show()
    page.open_lesson(2)
    assert page.demo is None
    assert "Convolution" in [label.text() for label in page.findChildren(QLabel)]
    page.engine_ready()
    qtbot.waitUntil(lambda: page.demo is not None, timeout=60_000)
    page.shutdown()


def test_a_picture_is_pasted_where_the_lesson_takes_one(page: LearnPage, qtbot: QtBot) -> None:
    paste = child_action(page, "pasteLessonPicture")
    opened(page, qtbot, "pooling")
    assert not paste.isEnabled()
    tables = matrix(opened(page, qtbot, "pictures"), "Numbers")
    assert paste.isEnabled()
    picture = QImage(30, 30, QImage.Format.Format_RGB888)
    picture.fill(QColor(1, 2, 3))
    QGuiApplication.clipboard().setImage(picture)
    paste.trigger()
    qtbot.waitUntil(lambda: [plane[0][0] for plane in tables.values()] == [1, 2, 3])
    QGuiApplication.clipboard().setText("no picture")
    with qtbot.waitSignal(page.context.message_sent):
        paste.trigger()


def child_action(page: LearnPage, name: str) -> QAction:
    """One of the page's actions."""
    return next(action for actions in page.menu_actions().values() for action in actions if action.objectName() == name)
