"""Classes and splits: what a person decides there is what training uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDoubleSpinBox, QLabel, QMessageBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.data.classes.model import Column
from cnn_desktop.ui.pages.data.classes_panel import ClassesPanel
from cnn_desktop.ui.pages.data.session import DatasetSession
from tests.ui.conftest import child
from tests.ui.picture_folders import make_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "animals")


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication, folder: Path) -> Iterator[ClassesPanel]:
    session = DatasetSession()
    panel = ClassesPanel(AppContext(SettingsStore(Settings(), None)), session)
    qtbot.addWidget(panel)
    panel.resize(700, 500)
    panel.show()
    with qtbot.waitSignal(session.opened, timeout=10_000):
        session.open(str(folder))
    yield panel
    panel.shutdown()
    session.shutdown()


def session_of(panel: ClassesPanel) -> DatasetSession:
    return panel._session


def rows(panel: ClassesPanel) -> list[tuple[str, ...]]:
    """What the table says."""
    model = panel.table.classes
    shown = [column for column in Column if column != Column.BALANCE and not panel.table.isColumnHidden(column)]
    return [tuple(model.index(row, column).data() for column in shown) for row in range(model.rowCount())]


def names(panel: ClassesPanel) -> list[str]:
    return [row.name for row in panel.table.classes.rows]


def used(folder: Path) -> dict[str, int]:
    """Pictures by class in all splits, as a training would find them."""
    dataset = open_dataset(str(folder))
    return {
        name: sum(int((split.labels == label).sum()) for split in dataset.splits.values())
        for label, name in enumerate(dataset.classes)
    }


def select(panel: ClassesPanel, *wanted: str) -> None:
    model, selection = panel.table.classes, panel.table.selectionModel()
    selection.clearSelection()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for name in wanted:
        selection.select(model.index(names(panel).index(name), 0), flags)


def press(panel: ClassesPanel, name: str, qtbot: QtBot) -> None:
    button = child(panel, QAbstractButton, name)
    assert button.isEnabled()
    button.click()
    settle(panel, qtbot)


def settle(panel: ClassesPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session_of(panel).is_changing, timeout=10_000)


def type_name(panel: ClassesPanel, old: str, new: str, qtbot: QtBot) -> None:
    model = panel.table.classes
    model.setData(model.index(names(panel).index(old), Column.NAME), new, Qt.ItemDataRole.EditRole)
    settle(panel, qtbot)


def answer(panel: ClassesPanel, text: str, qtbot: QtBot) -> None:
    box = child(panel, QMessageBox, "mergeQuestion")
    next(button for button in box.buttons() if button.text().replace("&", "") == text).click()
    settle(panel, qtbot)


def legend(panel: ClassesPanel) -> str:
    return child(panel, QWidget, "splitLegend").accessibleName()


def test_shows_every_class_with_its_pictures(panel: ClassesPanel) -> None:
    assert rows(panel) == [("bird", "9", "1", "10"), ("cat", "18", "2", "20"), ("dog", "27", "3", "30")]
    assert legend(panel) == "Training 54 · 90 %, Validation 6 · 10 %"
    assert "10 %" in child(panel, QLabel, "splitState").text()


def test_a_class_is_renamed_in_place(panel: ClassesPanel, folder: Path, qtbot: QtBot) -> None:
    select(panel, "cat")
    press(panel, "renameClassButton", qtbot)
    editor = QApplication.focusWidget() or panel.table.indexWidget(panel.table.currentIndex())
    assert panel.table.state() == panel.table.State.EditingState, editor
    panel.table.setCurrentIndex(panel.table.classes.index(0, 0))
    type_name(panel, "cat", " tomcat ", qtbot)
    assert names(panel) == ["bird", "tomcat", "dog"]
    assert used(folder) == {"bird": 10, "tomcat": 20, "dog": 30}
    index = panel.table.classes.index(1, Column.NAME)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "tomcat\nFound as cat"
    assert sorted(place.name for place in folder.iterdir()) == ["bird", "cat", "dog"]


def test_an_empty_name_changes_nothing(panel: ClassesPanel, qtbot: QtBot) -> None:
    type_name(panel, "cat", "   ", qtbot)
    assert names(panel) == ["bird", "cat", "dog"]


def test_a_name_that_exists_asks_and_merges(panel: ClassesPanel, folder: Path, qtbot: QtBot) -> None:
    type_name(panel, "cat", "dog", qtbot)
    assert used(folder) == {"bird": 10, "cat": 20, "dog": 30}
    answer(panel, "Merge", qtbot)
    assert used(folder) == {"bird": 10, "dog": 50}
    assert panel.table.classes.index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == "dog\nMade of cat, dog"


def test_merging_can_be_declined(panel: ClassesPanel, folder: Path, qtbot: QtBot) -> None:
    type_name(panel, "cat", "dog", qtbot)
    answer(panel, "Keep apart", qtbot)
    assert used(folder) == {"bird": 10, "cat": 20, "dog": 30}


def test_several_are_merged_into_the_largest_and_one_undo_takes_it_back(
    panel: ClassesPanel, folder: Path, qtbot: QtBot
) -> None:
    select(panel, "bird", "cat", "dog")
    child(panel, QAbstractButton, "mergeClassesButton").click()
    answer(panel, "Merge", qtbot)
    assert names(panel) == ["dog"]
    session_of(panel).undo()
    settle(panel, qtbot)
    assert used(folder) == {"bird": 10, "cat": 20, "dog": 30}


def test_classes_are_left_out_and_taken_back(panel: ClassesPanel, folder: Path, qtbot: QtBot) -> None:
    select(panel, "bird", "cat")
    press(panel, "leaveOutClassButton", qtbot)
    assert rows(panel) == [("dog", "27", "3", "30"), ("bird", "–", "–", "10"), ("cat", "–", "–", "20")]
    assert session_of(panel).dataset is not None
    select(panel, "bird")
    assert not child(panel, QAbstractButton, "renameClassButton").isEnabled()
    press(panel, "takeBackClassButton", qtbot)
    assert used(folder) == {"bird": 10, "dog": 30}


def test_a_split_is_previewed_then_used_and_is_the_same_for_every_run(
    panel: ClassesPanel, folder: Path, qtbot: QtBot
) -> None:
    use = child(panel, QAbstractButton, "useSplit")
    assert not use.isEnabled()
    child(panel, QDoubleSpinBox, "splitValidationSpin").setValue(0.2)
    child(panel, QDoubleSpinBox, "splitTestSpin").setValue(0.3)
    child(panel, QSpinBox, "splitSeedSpin").setValue(7)
    qtbot.waitUntil(use.isEnabled, timeout=10_000)
    assert legend(panel) == "Training 30 · 50 %, Validation 12 · 20 %, Test 18 · 30 %"
    assert rows(panel)[0] == ("bird", "5", "2", "3", "10")
    assert "test" not in open_dataset(str(folder)).splits
    use.click()
    settle(panel, qtbot)
    splits = open_dataset(str(folder)).splits
    assert {name: len(split) for name, split in splits.items()} == {"train": 30, "validation": 12, "test": 18}
    assert "by you" in child(panel, QLabel, "splitState").text()
    assert not use.isEnabled()
    press(panel, "forgetSplit", qtbot)
    assert legend(panel) == "Training 54 · 90 %, Validation 6 · 10 %"
    assert set(open_dataset(str(folder)).splits) == {"train"}


def test_shares_that_leave_nothing_to_train_on_are_refused(panel: ClassesPanel, qtbot: QtBot) -> None:
    child(panel, QDoubleSpinBox, "splitValidationSpin").setValue(0.6)
    child(panel, QDoubleSpinBox, "splitTestSpin").setValue(0.6)
    state = child(panel, QLabel, "splitState")
    qtbot.waitUntil(lambda: "leave pictures to train on" in state.text(), timeout=10_000)
    assert not child(panel, QAbstractButton, "useSplit").isEnabled()


def test_sorts_by_size_with_what_is_left_out_at_the_end(panel: ClassesPanel, qtbot: QtBot) -> None:
    panel.table.sortByColumn(Column.TOTAL, Qt.SortOrder.DescendingOrder)
    assert names(panel) == ["dog", "cat", "bird"]
    select(panel, "dog")
    press(panel, "leaveOutClassButton", qtbot)
    assert names(panel) == ["cat", "bird", "dog"]
