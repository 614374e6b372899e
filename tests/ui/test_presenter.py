from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.colors import DARK, LIGHT, contrasting
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.presenting import Presenter
from cnn_desktop.ui.presenting.cursor_halo import CursorHalo
from cnn_desktop.ui.presenting.key_sheet import KeySheet
from cnn_desktop.ui.theme import apply_theme, colors
from tests.ui.conftest import child


@pytest.fixture
def room(qtbot: QtBot, themed: QApplication) -> Iterator[QMainWindow]:
    window = QMainWindow()
    inside = QWidget()
    column = QVBoxLayout(inside)
    fixed = QLabel("fixed")
    fixed.setObjectName("fixed")
    fixed.setFixedSize(100, 40)
    button = QPushButton("button")
    button.setObjectName("button")
    button.setFixedWidth(60)
    for widget in (fixed, button, QLabel("free")):
        column.addWidget(widget)
    window.setCentralWidget(inside)
    qtbot.addWidget(window)
    window.show()
    presenter = Presenter(window)
    presenter.setObjectName("presenter")
    yield window
    presenter.end()


def presenter_of(window: QMainWindow) -> Presenter:
    found = window.findChild(Presenter)
    assert found is not None
    return found


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_contrast_is_high_for_text_and_for_what_is_muted(look: object) -> None:
    now = contrasting(LIGHT if look is LIGHT else DARK)
    for ground in (now.card, now.ground, now.chrome, now.field):
        assert contrast(now.text, ground) > 15
        assert contrast(now.muted, ground) > 10
        assert contrast(now.accent, ground) > 7
        assert contrast(now.border, ground) > 3


def test_everything_is_larger_while_it_lasts_and_as_it_was_afterwards(room: QMainWindow, themed: QApplication) -> None:
    presenter, before = presenter_of(room), themed.font().pixelSize()
    sizes = {widget: (widget.minimumSize(), widget.maximumSize()) for widget in room.findChildren(QWidget)}
    presenter.start()
    scale = themed.font().pixelSize() / before
    assert scale >= 1.15 and room.isFullScreen() and colors() == contrasting(LIGHT)
    assert child(room, QLabel, "fixed").width() == pytest.approx(100 * scale, abs=4)
    assert child(room, QPushButton, "button").width() == pytest.approx(60 * scale, abs=4)
    late = QLabel("late", room)
    late.setFixedWidth(50)
    late.show()
    assert late.width() > 55
    presenter.end()
    assert themed.font().pixelSize() == before and colors() == LIGHT and not room.isFullScreen()
    assert late.width() == 50
    assert all(sizes[widget] == (widget.minimumSize(), widget.maximumSize()) for widget in sizes)


def test_another_look_keeps_the_mode(room: QMainWindow, themed: QApplication) -> None:
    presenter_of(room).start()
    apply_theme(themed, "dark")
    assert colors() == contrasting(DARK)
    presenter_of(room).end()
    assert colors() == DARK


def test_a_ring_follows_the_cursor_where_it_is_wanted(room: QMainWindow) -> None:
    presenter, halo = presenter_of(room), child(room, CursorHalo, "cursorHalo")
    presenter.highlight_cursor(True)
    assert not halo.isVisible()
    presenter.start()
    assert halo.isVisible() and halo.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    presenter.highlight_cursor(False)
    assert not halo.isVisible()
    presenter.highlight_cursor(True)
    presenter.end()
    assert not halo.isVisible()


def test_the_window_begins_and_ends_it_by_keys(window: MainWindow, qtbot: QtBot, themed: QApplication) -> None:
    before = themed.font().pixelSize()
    action = child(window, QAction, "presenterMode")  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert action.shortcut().toString() == "F11"
    action.trigger()
    assert themed.font().pixelSize() > before
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert themed.font().pixelSize() == before and not window.isFullScreen()
    action.trigger()
    window.close()
    assert themed.font().pixelSize() == before, "the next window begins as usual"


def test_the_sheet_names_every_key_of_the_menus(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("Inspect")
    child(window, QAction, "showKeys").trigger()  # pyright: ignore[reportArgumentType, reportCallIssue]
    sheet = child(window, KeySheet, "keySheet")
    qtbot.waitUntil(sheet.isVisible)
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    entries = [entry.menu() for entry in window.menuBar().actions()]
    actions = [action for menu in entries if isinstance(menu, QMenu) for action in menu.actions()]
    named = [action for action in actions if action.isVisible() and not action.shortcut().isEmpty()]
    assert len(named) > 12
    assert {action.text().replace("&", "") for action in named} <= texts
    assert "F11, Ctrl+Alt+P" in texts and "On this page" in texts
    QTest.keyClick(sheet, Qt.Key.Key_Question)
    assert not sheet.isVisible() and isinstance(sheet, QDialog)


def test_a_question_mark_can_still_be_typed(window: MainWindow, qtbot: QtBot) -> None:
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, "why?")
    assert field.text() == "why?"
