import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.paths import settings_file
from cnn_desktop.core.settings import Settings, load_settings
from cnn_desktop.ui.colors import DARK, LIGHT
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.failures import install_exception_hook
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.theme import colors
from tests.ui.conftest import child
from tests.ui.fake_training import FakeTraining

INTERACTIVE = (
    QAbstractButton,
    QComboBox,
    QAbstractSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QAbstractItemView,
    QProgressBar,
)


def test_the_window_is_painted_before_torch_is_imported() -> None:
    program = """
import sys
from PySide6.QtWidgets import QApplication
import cnn_desktop.ui.app
from cnn_desktop.ui.main_window import MainWindow
heavy = ("torch", "torchvision", "sklearn", "scipy", "PIL")
assert not [name for name in heavy if name in sys.modules], "at import"
from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.engine import EngineLoader
app = QApplication([])
loaded = []
begin = EngineLoader.start
def start(loader):
    loaded.append([name for name in heavy if name in sys.modules])
    assert window.isVisible() and window._was_painted, "the engine was asked for before the first paint"
    begin(loader)
EngineLoader.start = start
window = MainWindow(SettingsStore(Settings(), None))
window._engine.ready.connect(lambda _line: app.quit())
window.show()
app.exec()
window.close()
assert loaded == [[]], loaded
assert "torch" in sys.modules
print("painted first")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "painted first\n", done.stderr


def test_side_bar_shows_only_pages_that_work(window: MainWindow) -> None:
    pages = child(window, QStackedWidget, "pages")
    assert window.objectName() == "mainWindow"
    names = ("navData", "navTrain", "navEvaluate", "navPredict", "navInspect", "navRuns", "navLearn")
    assert pages.count() == len(names)
    for index, name in enumerate(names):
        child(window, QAbstractButton, name).click()
        assert pages.currentIndex() == index
        assert child(window, QAbstractButton, name).isChecked()


def test_every_interactive_widget_has_an_accessible_name(window: MainWindow) -> None:
    nameless = [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for kind in INTERACTIVE
        for widget in window.findChildren(kind)
        if not widget.accessibleName() and not _is_part_of_another(widget)
    ]
    assert nameless == []


def _is_part_of_another(widget: QWidget) -> bool:
    """Inner parts, such as the line of a spin box or the list of a picker, speak for their owner."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, INTERACTIVE):
        parent = parent.parentWidget()
    return parent is not None or widget.objectName().startswith("qt_")


def test_no_two_actions_of_a_page_share_a_shortcut(window: MainWindow) -> None:
    for name in ("Data", "Train", "Evaluate", "Predict", "Inspect", "Runs", "Learn"):
        window.show_page(name)
        actions = [action for action in window.findChildren(QAction) if action.isVisible() and action.shortcut()]
        keys = [action.shortcut().toString() for action in actions if not action.shortcut().isEmpty()]
        assert len(keys) == len(set(keys)), (name, sorted(keys))
        assert "Ctrl+Q" in keys


def test_appearance_changes_from_the_menu_and_is_kept(window: MainWindow) -> None:
    dark = window.findChild(QAction, "appearanceDark")
    light = window.findChild(QAction, "appearanceLight")
    assert dark is not None
    assert light is not None
    dark.trigger()
    assert colors() == DARK
    assert window.context.settings.settings.appearance == "dark"
    light.trigger()
    assert colors() == LIGHT


def test_status_bar_tells_device_and_privacy(window: MainWindow) -> None:
    texts = [label.text() for label in window.statusBar().findChildren(QLabel)]
    assert "Nothing leaves this machine" in texts
    assert any(text.endswith(("fp32", "bf16", "fp16")) for text in texts)


def test_page_appearance_and_place_survive_a_restart(qtbot: QtBot, themed: QApplication, home: Path) -> None:
    file = settings_file()
    first = MainWindow(SettingsStore(Settings(), file))
    qtbot.addWidget(first)
    first.show()
    first.resize(1100, 720)
    first.show_page("Inspect")
    first.close()
    settings, aside = load_settings(file)
    assert aside is None
    assert settings.page == "Inspect"
    second = MainWindow(SettingsStore(settings, file))
    qtbot.addWidget(second)
    assert second.height() == 720
    assert child(second, QStackedWidget, "pages").currentIndex() == 4
    second.close()


def test_safe_mode_writes_nothing(qtbot: QtBot, themed: QApplication, home: Path) -> None:
    window = MainWindow(SettingsStore(Settings(), None))
    qtbot.addWidget(window)
    window.show_page("Predict")
    window.close()
    assert not settings_file().exists()


@pytest.fixture
def training(window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> MainWindow:
    """A window in which a run is under way that would take minutes."""
    from cnn_desktop.ui.pages.train import engine

    monkeypatch.setattr(engine, "train", FakeTraining(epochs=1000, steps_per_epoch=100, pause=0.005))
    child(window, QAbstractButton, "startButton").click()
    qtbot.waitUntil(lambda: child(window, QLabel, "trainStatus").text().startswith("Epoch"), timeout=10_000)
    return window


def answer(text: str) -> list[str]:
    """Click the button of the next question once it is open; the list tells what was asked."""
    asked: list[str] = []

    def click() -> None:
        box = next((w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()), None)
        if box is None:
            QTimer.singleShot(20, click)
            return
        asked.append(box.text())
        next(button for button in box.buttons() if button.text().replace("&", "") == text).click()

    QTimer.singleShot(20, click)
    return asked


def test_closing_while_training_can_be_taken_back(training: MainWindow) -> None:
    asked = answer("Keep training")
    assert not training.close()
    assert asked == ["Training is still running."]
    assert training.isVisible()
    assert child(training, QLabel, "trainStatus").text().startswith("Epoch")


def test_closing_while_training_stops_waits_and_closes(training: MainWindow) -> None:
    asked = answer("Stop and close")
    assert training.close()
    assert len(asked) == 1
    assert not training.isVisible()
    assert child(training, QLabel, "trainStatus").text().startswith("Stopped")


def test_a_window_closed_while_the_engine_loads_leaves_nothing(qtbot: QtBot, themed: QApplication) -> None:
    window = MainWindow(SettingsStore(Settings(), None))
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    window.close()


@pytest.fixture
def hooked(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "__excepthook__", lambda *_args: None)
    install_exception_hook(window.context.notify, lambda _line: None)
    return window


def test_an_unforeseen_exception_becomes_a_sentence_with_details(hooked: MainWindow, qtbot: QtBot) -> None:
    def fail() -> Any:
        raise ZeroDivisionError("division by zero")

    try:
        fail()
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    message = child(hooked, QLabel, "bannerMessage")
    qtbot.waitUntil(message.isVisible)
    assert "division by zero" in message.text()
    assert "Traceback" not in message.text()
    child(hooked, QAbstractButton, "bannerDetails").click()
    text = next(edit for edit in hooked.findChildren(QPlainTextEdit) if edit.isVisible())
    assert "in fail" in text.toPlainText()
    text.window().close()
    child(hooked, QAbstractButton, "bannerClose").click()
    assert not message.isVisible()


def test_an_exception_in_a_thread_reaches_the_window_too(hooked: MainWindow, qtbot: QtBot) -> None:
    thread = threading.Thread(target=[].pop)
    thread.start()
    thread.join()
    message = child(hooked, QLabel, "bannerMessage")
    qtbot.waitUntil(message.isVisible)
    assert "pop from empty list" in message.text()


def test_sliders_are_named_too(window: MainWindow) -> None:
    own = [slider for slider in window.findChildren(QAbstractSlider) if slider.focusPolicy().value]
    assert all(slider.accessibleName() for slider in own if not slider.objectName().startswith("qt_"))
