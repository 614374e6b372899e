"""The layer editor, driven as a person would: buttons, keys, fields, drags."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.design import Activation, Convolution, Dense, Flatten, Pool
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.design.reading import design_of
from cnn_desktop.models.design.store import load_design, save_design, saved_designs
from cnn_desktop.train.runs.listing import list_runs
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.editor.dialog import EditorDialog
from cnn_desktop.ui.pages.editor.draft import new_design
from cnn_desktop.ui.pages.editor.layer_list import LayerList
from cnn_desktop.ui.theme import apply_theme
from tests.ui.conftest import child


@pytest.fixture
def editor(qtbot: QtBot, themed: QApplication) -> Iterator[EditorDialog]:
    """The editor by itself, with the network that it begins with."""
    dialog = EditorDialog(None, (3, 32), 10)
    dialog.show()
    yield dialog
    dialog.done(0)
    dialog.deleteLater()


class Person:
    """Works with an editor by its buttons, keys and fields."""

    def __init__(self, editor: EditorDialog) -> None:
        self.editor = editor
        self.list = child(editor, LayerList, "layerList")

    def press(self, *keys: Qt.Key, alt: bool = False) -> None:
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        for key in keys:
            QTest.keyClick(self.list, key, modifier)

    def empty(self) -> None:
        self.press(*[Qt.Key.Key_Delete] * len(self.editor.draft.design.layers))
        assert not self.editor.draft.design.layers

    def add(self, kind: str, **fields: float) -> None:
        """Click on a kind; then type into the fields of the new layer."""
        QTest.mouseClick(child(self.editor, QAbstractButton, f"add_{kind}"), Qt.MouseButton.LeftButton)
        for name, value in fields.items():
            self.type(name, value)

    def type(self, name: str, value: float) -> None:
        assert self.list.fields is not None
        is_share = name == "share"
        spin = child(self.list.fields, QDoubleSpinBox if is_share else QSpinBox, f"layer{name.capitalize()}")
        spin.selectAll()
        QTest.keyClicks(spin, f"{100 * value:g}" if is_share else str(value))
        QTest.keyClick(spin, Qt.Key.Key_Return)

    @property
    def names(self) -> list[str]:
        return [row.name for row in self.editor.draft.report.rows]

    def text(self, name: str) -> str:
        return child(self.editor, QLabel, name).text()


@pytest.fixture
def person(editor: EditorDialog) -> Person:
    return Person(editor)


def _build_vgg6(person: Person) -> None:
    person.empty()
    for filters in (32, 64, 128):
        for _pair in range(2):
            person.add("conv", filters=filters)
            person.add("activation")
            person.add("batch_norm")
        person.add("pool")
        person.add("dropout", share=0.25)
    person.add("flatten")
    person.add("dense", outputs=128)
    person.add("activation")
    person.add("dropout", share=0.25)


def test_cifar_vgg6_is_rebuilt_by_hand_and_trained_for_an_epoch(window: MainWindow, qtbot: QtBot) -> None:
    picker = child(window, QComboBox, "architecturePicker")
    qtbot.waitUntil(lambda: "parameters" in picker.currentText(), timeout=30_000)
    child(window, QAbstractButton, "designButton").click()
    editor = child(window, EditorDialog, "layerEditor")
    assert (editor.draft.design.side, editor.draft.design.channels, editor.draft.classes) == (8, 1, 10)
    person = Person(editor)
    child(editor, QSpinBox, "designSide").setValue(32)
    colours = child(editor, QComboBox, "designChannels")
    colours.setCurrentIndex(colours.findData("3"))
    _build_vgg6(person)
    original = design_of(architectures["cifar_vgg6"])
    assert original is not None and editor.draft.design.layers == original.layers
    assert person.text("designParameters").startswith("551,466 · 2.2 MB")
    assert person.text("designOperations") == "38,896,896"
    title = child(editor, QLineEdit, "designTitle")
    title.selectAll()
    QTest.keyClicks(title, "Rebuilt VGG")
    assert "--arch rebuilt_vgg" in person.text("designState")
    child(editor, QAbstractButton, "trainDesign").click()
    qtbot.waitUntil(lambda: picker.currentData() == "rebuilt_vgg", timeout=20_000)
    child(window, QSpinBox, "epochsSpin").setValue(1)
    child(window, QAbstractButton, "startButton").click()
    status = child(window, QLabel, "trainStatus")
    qtbot.waitUntil(lambda: status.text().startswith(("Done", "Failed")), timeout=120_000)
    (run,) = list_runs()
    assert run.outcome == "done" and run.config.design == load_design("rebuilt_vgg") and run.has_model
    assert run.config.recipe.epochs == 1 and "rebuilt_vgg" in run.path.name


def test_pooling_by_eight_thrice_names_the_layer_where_it_stands(person: Person, editor: EditorDialog) -> None:
    person.empty()
    for _time in range(3):
        person.add("conv")
        person.add("pool", size=8)
    person.add("flatten")
    assert person.text("designState").startswith("pool2: A window of 8×8 doesn't fit into maps of 4×4")
    assert person.text("designParameters") == "–"
    index = person.list.model().index(3, 0)
    assert "doesn't fit" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    assert not child(editor, QAbstractButton, "trainDesign").isEnabled()
    assert child(editor, QAbstractButton, "saveDesign").isEnabled()
    person.list.setCurrentIndex(index)
    person.type("size", 2)
    assert person.text("designState").startswith("pool3")
    person.list.setCurrentIndex(person.list.model().index(5, 0))
    person.type("size", 2)
    assert person.text("designState").startswith("On the command line")
    assert child(editor, QAbstractButton, "trainDesign").isEnabled()


def test_layers_are_moved_repeated_and_taken_out_by_keys_and_all_is_undone(person: Person) -> None:
    before = person.editor.draft.design
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Down, alt=True)
    assert person.editor.draft.design.layers[1:3] == (Pool(), Activation()) and person.editor.draft.row == 2
    person.press(Qt.Key.Key_Up, Qt.Key.Key_Up, alt=True)
    assert person.editor.draft.design.layers[0] == Activation()
    _shortcut(person, "Ctrl+D")
    assert person.editor.draft.design.layers[:2] == (Activation(), Activation())
    person.press(Qt.Key.Key_Delete)
    assert len(person.editor.draft.design.layers) == len(before.layers)
    for _change in range(5):
        _shortcut(person, "Ctrl+Z")
    assert person.editor.draft.design == before and not person.editor.draft.can_undo
    _shortcut(person, "Ctrl+Y", "Ctrl+Shift+Z")
    assert person.editor.draft.design.layers[1] == Pool()


def _shortcut(person: Person, *texts: str) -> None:
    action = next(a for a in person.editor.actions() if a.shortcut().toString() in texts)
    assert action.isEnabled()
    action.trigger()


def test_the_answer_stays_last(person: Person) -> None:
    last = len(person.editor.draft.design.layers)
    person.list.setCurrentIndex(person.list.model().index(last, 0))
    assert person.editor.draft.row == last and person.list.fields is None
    person.press(Qt.Key.Key_Delete)
    person.press(Qt.Key.Key_Up, alt=True)
    assert len(person.editor.draft.design.layers) == last
    person.add("dropout")
    assert person.names[-2:] == ["dropout1", "dense2"]


def test_a_dragged_layer_lands_where_it_is_dropped(person: Person) -> None:
    model, move = person.list.model(), Qt.DropAction.MoveAction
    layers = person.editor.draft.design.layers
    assert model.dropMimeData(model.mimeData([model.index(0, 0)]), move, 3, 0, QModelIndex()) is False
    assert person.editor.draft.design.layers[:3] == (layers[1], layers[2], layers[0])
    model.dropMimeData(model.mimeData([model.index(2, 0)]), move, 0, 0, QModelIndex())
    assert person.editor.draft.design.layers == layers
    model.dropMimeData(model.mimeData([model.index(0, 0)]), move, -1, 0, QModelIndex())
    assert person.editor.draft.design.layers[-1] == layers[0]
    draggable = [bool(model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsDragEnabled) for row in range(7)]
    assert draggable == [True] * 6 + [False]


def test_the_mouse_drops_a_layer_between_two_others(person: Person) -> None:
    layers, view, model = person.editor.draft.design.layers, person.list, person.list.model()
    data = model.mimeData([model.index(3, 0)])
    place = view.visualRect(model.index(1, 0)).topLeft() + QPoint(40, 0)
    given = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (QDragEnterEvent(place, *given), QDragMoveEvent(place, *given), QDropEvent(QPointF(place), *given)):
        QApplication.sendEvent(view.viewport(), event)
    assert person.editor.draft.design.layers == (layers[0], layers[3], *layers[1:3], *layers[4:])
    assert person.editor.draft.row == 1 and view.currentIndex().row() == 1


def test_typing_into_a_field_is_undone_at_once_and_the_field_keeps_its_focus(
    person: Person, editor: EditorDialog, qtbot: QtBot
) -> None:
    editor.activateWindow()
    person.press(Qt.Key.Key_Return)
    fields = person.list.fields
    assert fields is not None
    spin = child(fields, QSpinBox, "layerFilters")
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "128")
    assert person.editor.draft.design.layers[0] == Convolution(filters=128)
    assert person.list.fields is fields and spin.value() == 128
    editor.draft.undo()
    assert person.editor.draft.design.layers[0] == Convolution() and spin.value() == 32


def test_the_code_follows_and_is_copied(person: Person, editor: EditorDialog, qtbot: QtBot) -> None:
    code = child(editor, QPlainTextEdit, "designCode")
    person.empty()
    person.add("flatten")
    person.add("dense", outputs=7)
    qtbot.waitUntil(lambda: "dense1=nn.Linear(3072, 7)" in code.toPlainText(), timeout=5000)
    child(editor, QAbstractButton, "copyDesignCode").click()
    assert QGuiApplication.clipboard().text() == code.toPlainText()
    person.press(Qt.Key.Key_Up, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "put a flatten before it" in _words(code), timeout=5000)
    assert not child(editor, QAbstractButton, "copyDesignCode").isEnabled()


def _words(code: QPlainTextEdit) -> str:
    return " ".join(code.toPlainText().replace("#", " ").split())


def test_saved_renamed_opened_and_deleted(
    person: Person, editor: EditorDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, delete = (child(editor, QAbstractButton, name) for name in ("saveDesign", "deleteDesign"))
    kept: list[int] = []
    editor.kept.connect(lambda: kept.append(1))
    assert delete.isHidden()
    save.click()
    assert [design.name for design in saved_designs()] == ["my_network"] and not save.isEnabled()
    assert not editor.draft.can_undo
    title = child(editor, QLineEdit, "designTitle")
    title.selectAll()
    QTest.keyClicks(title, "Other")
    save.click()
    assert [design.title for design in saved_designs()] == ["Other"] and not delete.isHidden()
    _open(editor, "A copy of this one")
    assert editor.draft.design.title == "Other 2" and delete.isHidden()
    save.click()
    assert [design.title for design in saved_designs()] == ["Other", "Other 2"]
    _open(editor, "CIFAR VGG-6")
    assert editor.draft.design.title == "My CIFAR VGG-6" and len(editor.draft.design.layers) == 28
    _open(editor, "Other")
    assert editor.draft.design == load_design("other")
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: QMessageBox.StandardButton.Yes)
    delete.click()
    assert [design.title for design in saved_designs()] == ["Other 2"]
    assert editor.draft.design.title == "My network" and len(kept) == 4


def _open(editor: EditorDialog, title: str) -> None:
    editor.open_button.fill()
    menu = child(editor, QMenu, "openDesignMenu")
    next(action for action in menu.actions() if action.text() == title).trigger()


@pytest.mark.parametrize(
    ("answer", "closes", "keeps"),
    [
        (QMessageBox.StandardButton.Cancel, False, False),
        (QMessageBox.StandardButton.Discard, True, False),
        (QMessageBox.StandardButton.Save, True, True),
    ],
)
def test_closing_asks_where_changes_would_be_lost(
    person: Person,
    editor: EditorDialog,
    monkeypatch: pytest.MonkeyPatch,
    answer: QMessageBox.StandardButton,
    closes: bool,
    keeps: bool,
) -> None:
    asked: list[str] = []

    def question(*args: object) -> QMessageBox.StandardButton:
        asked.append(str(args[2]))
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    person.add("dropout")
    child(editor, QAbstractButton, "closeEditor").click()
    assert asked == ["Save the changes to “My network”?"]
    assert (editor.isHidden(), bool(saved_designs())) == (closes, keeps)


def test_a_disk_that_refuses_keeps_the_editor_open(
    person: Person, editor: EditorDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn_desktop.core.paths import designs_dir

    designs_dir().parent.mkdir(parents=True, exist_ok=True)
    designs_dir().write_text("no folder")
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *args: told.append(str(args[2])))
    child(editor, QAbstractButton, "trainDesign").click()
    assert len(told) == 1 and "can't be saved" in told[0] and editor.isVisible()


def test_a_chosen_design_stays_chosen_under_its_new_name(window: MainWindow, qtbot: QtBot) -> None:
    picker = child(window, QComboBox, "architecturePicker")
    qtbot.waitUntil(lambda: "parameters" in picker.currentText(), timeout=30_000)
    _designed(window, "First", "trainDesign")
    qtbot.waitUntil(lambda: picker.currentText().startswith("First · "), timeout=20_000)
    child(window, QSpinBox, "epochsSpin").setValue(77)
    _designed(window, "Second", "saveDesign")
    qtbot.waitUntil(lambda: picker.currentText().startswith("Second · "), timeout=20_000)
    assert picker.currentData() == "second" and picker.findData("first") == -1
    assert child(window, QSpinBox, "epochsSpin").value() == 77


def _designed(window: MainWindow, title: str, button: str) -> None:
    """Open the editor, type a title, press a button, and close it."""
    child(window, QAbstractButton, "designButton").click()
    editor = next(editor for editor in window.findChildren(EditorDialog) if editor.isVisible())
    field = child(editor, QLineEdit, "designTitle")
    field.selectAll()
    QTest.keyClicks(field, title)
    child(editor, QAbstractButton, button).click()
    editor.close()


def test_a_run_of_a_design_that_was_deleted_is_repeated_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    from cnn_desktop.train.setup import default_config

    picker = child(window, QComboBox, "architecturePicker")
    design = new_design("Gone", 1, 8).changed(name="gone", layers=[Flatten(), Dense(outputs=5)])
    save_design(design)
    config = default_config("digits", "gone", design=design)
    from cnn_desktop.models.design.store import delete_design

    delete_design("gone")
    qtbot.waitUntil(lambda: "parameters" in picker.currentText(), timeout=30_000)
    window.context.repeat_asked.emit(config)
    assert picker.currentData() == "gone"
    qtbot.waitUntil(lambda: "385 parameters" in picker.currentText(), timeout=20_000)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_row_is_drawn_in_both_looks(person: Person, editor: EditorDialog, qapp: QApplication, look: str) -> None:
    apply_theme(qapp, "dark" if look == "dark" else "light")
    person.add("pool", size=64)
    image = editor.grab().toImage()
    assert _colours_in(image, person.list) > 40


def _colours_in(image: QImage, part: LayerList) -> int:
    corner = part.mapTo(part.window(), QPoint(0, 0))
    points = ((x, y) for x in range(0, part.width(), 3) for y in range(0, part.height(), 3))
    return len({image.pixel(corner.x() + x, corner.y() + y) for x, y in points})
