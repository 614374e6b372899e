"""What the tests of the window share: a window with its engine, and a look at what a test left running."""

import threading
import time
import weakref
from collections.abc import Iterator
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.train import TrainPage
from cnn_desktop.ui.theme import apply_theme

W = TypeVar("W", bound=QWidget)


def _is_alive(thing: QTimer | QThread | None) -> bool:
    if thing is None or not shiboken6.isValid(thing):
        return False
    return thing.isActive() if isinstance(thing, QTimer) else thing.isRunning()


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a thread or a timer alive once its widgets are closed."""
    started: list[weakref.ref[QTimer | QThread]] = []

    def watched(kind: type[QTimer] | type[QThread]) -> None:
        original = kind.start

        def start(self: QTimer | QThread, *args: object) -> None:
            started.append(weakref.ref(self))
            original(self, *args)  # pyright: ignore[reportArgumentType, reportCallIssue]

        monkeypatch.setattr(kind, "start", start)

    before = set(threading.enumerate())
    watched(QTimer)
    watched(QThread)
    yield
    app = QApplication.instance()
    if app is not None:
        app.processEvents()
    end = time.monotonic() + 5
    threads = [thread for thread in threading.enumerate() if thread not in before]
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    names = [thread.name for thread in threads if thread.is_alive()]
    left = [f"{type(thing).__name__} {thing.objectName()}" for ref in started if _is_alive(thing := ref()) and thing]
    assert not names, f"threads left alive: {names}"
    assert not left, f"left running: {left}"


@pytest.fixture
def themed(qapp: QApplication) -> QApplication:
    """The application in its light look."""
    apply_theme(qapp, "light")
    return qapp


@pytest.fixture
def window(qtbot: QtBot, themed: QApplication) -> MainWindow:
    """A window on the screen, its engine loaded."""
    window = MainWindow(SettingsStore(Settings(), None))
    qtbot.addWidget(window, before_close_func=_end_run)
    window.show()
    start = child(window, QWidget, "startButton")
    qtbot.waitUntil(start.isEnabled, timeout=60_000)
    return window


def _end_run(window: QWidget) -> None:
    """End what a test left running, so that closing asks nobody."""
    for page in window.findChildren(TrainPage):
        page.shutdown()


def child(parent: QWidget, kind: type[W], name: str) -> W:
    """The widget called `name` inside `parent`."""
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found
