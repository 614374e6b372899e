"""The Evaluate page among the others."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QStackedWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.models.model import Model
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.data import DataPage
from cnn_desktop.ui.pages.evaluate import EvaluatePage
from cnn_desktop.ui.pages.evaluate.panels import TABS
from cnn_desktop.ui.pages.runs import RunsPage
from cnn_desktop.ui.widgets.drop_zone import DropZone
from cnn_desktop.ui.widgets.map_grid import MapGrid
from cnn_desktop.ui.widgets.picture_grid import PictureGrid
from tests.ui.conftest import child
from tests.ui.example_runs import example_run
from tests.ui.trained_digits import trained_digits

WAIT = 30_000


@pytest.fixture
def run(home: Path) -> Path:
    """A run beside the program's others, before the window is there."""
    model: Model = trained_digits((3, 5))
    return example_run(1, model)


@pytest.fixture
def page(run: Path, window: MainWindow, qtbot: QtBot) -> EvaluatePage:
    """The page of a window on the screen, with an evaluation; come to by the Runs page."""
    child(window, QAbstractButton, "navRuns").click()
    (runs,) = window.findChildren(RunsPage)
    qtbot.waitUntil(lambda: len(runs.list.table.chosen_rows) == 1, timeout=WAIT)
    evaluate = next(action for action in runs.findChildren(QAction) if action.objectName() == "evaluateRun")
    assert evaluate.isEnabled()
    evaluate.trigger()
    page = child(window, EvaluatePage, "evaluatePage")
    assert child(window, QStackedWidget, "pages").currentWidget() is page
    button = child(page, QAbstractButton, "evaluateButton")
    qtbot.waitUntil(button.isEnabled, timeout=WAIT)
    assert child(page, QComboBox, "evaluateModelPicker").currentData() == str(run)
    button.click()
    qtbot.waitUntil(lambda: page.session.result is not None, timeout=WAIT)
    return page


def test_a_picture_of_a_cell_is_looked_at_inside_with_the_same_model(
    page: EvaluatePage, window: MainWindow, run: Path, qtbot: QtBot
) -> None:
    page.panels.choose("confusion")
    grid = child(page, PictureGrid, "pictureGrid")
    ref, name = grid.shown.refs[0], grid.shown.key(0)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.cell_rect(0).center())
    assert child(window, QAbstractButton, "navInspect").isChecked()
    maps = child(window, MapGrid, "featureMapGrid")
    qtbot.waitUntil(lambda: maps.count > 0, timeout=WAIT)
    assert child(window, QComboBox, "inspectModelPicker").currentData() == str(run)
    zone = child(window, DropZone, "inspectDropZone")
    assert zone.picture is not None
    assert any(name in label.text() for label in window.findChildren(QLabel, "pictureCaption"))
    # A second picture with the model that is open already.
    child(window, QAbstractButton, "navEvaluate").click()
    other = grid.shown.refs[1]
    assert other != ref
    page.session.look_inside(other)
    qtbot.waitUntil(
        lambda: any(grid.shown.key(1) in label.text() for label in window.findChildren(QLabel, "pictureCaption")),
        timeout=WAIT,
    )


def test_what_is_left_out_here_is_left_out_on_the_data_page_which_can_take_it_back(
    page: EvaluatePage, window: MainWindow, qtbot: QtBot
) -> None:
    child(window, QAbstractButton, "navData").click()
    data = child(window, DataPage, "dataPage")
    qtbot.waitUntil(lambda: data.session.dataset is not None, timeout=WAIT)
    assert data.session.dataset is not None
    child(window, QAbstractButton, "navEvaluate").click()
    before, key = page.session.result, page.session.result.answers.keys[0] if page.session.result else ""
    page.session.decide(lambda book: book.leave_out([key], "by hand"))
    qtbot.waitUntil(lambda: page.session.result is not before, timeout=WAIT)
    child(window, QAbstractButton, "navData").click()
    qtbot.waitUntil(lambda: data.session.book is not None and key in data.session.book.decisions.left_out, timeout=WAIT)
    assert len(data.session.dataset.splits["test"]) == 358
    left, count = page.session.result, lambda: page.session.result.figures.count if page.session.result else 0
    data.session.take_back([key])
    qtbot.waitUntil(lambda: page.session.result is not left, timeout=WAIT)
    assert count() == 359


def test_everything_on_the_tabs_has_a_name_for_screen_readers(page: EvaluatePage) -> None:
    for tab in TABS:
        page.panels.choose(tab.name)
    parts = [
        widget
        for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView)
        for widget in page.findChildren(kind)
        if widget.objectName() and not widget.objectName().startswith("qt_")
    ]
    assert len(parts) > 25
    assert [widget.objectName() for widget in parts if not widget.accessibleName()] == []
