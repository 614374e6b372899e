"""Settings on the Train page itself: repeated from a run, dropped, refused before the start, changed during a run."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDoubleSpinBox, QLabel, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import Event, RateChanged
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.train import TrainPage
from cnn_desktop.ui.widgets.curve_view import CurveView
from tests.ui.conftest import child
from tests.ui.fake_training import FakeTraining

EARLIER = RunConfig(
    dataset="digits",
    architecture="mnist_deep",
    recipe=Recipe(epochs=77, batch_size=50, learning_rate=1.234567e-5, ema_decay=0.99, early_stopping=6),
    seed=9,
    freeze=2,
)


@pytest.fixture
def engine(window: MainWindow) -> Any:
    from cnn_desktop.ui.pages.train import engine

    return engine


def page_of(window: MainWindow) -> TrainPage:
    return window.findChildren(TrainPage)[0]


def test_a_run_is_repeated_with_its_settings(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    page.context.repeat_asked.emit(EARLIER.changed(run_dir=Path("/runs/earlier")))
    assert child(window, QComboBox, "architecturePicker").currentData() == "mnist_deep"
    qtbot.waitUntil(child(window, QAbstractButton, "startButton").isEnabled, timeout=20_000)
    assert child(window, QSlider, "freezeSlider").value() == 2
    qtbot.waitUntil(lambda: child(window, QSlider, "freezeSlider").maximum() < 20, timeout=20_000)
    page._copy_settings()
    assert RunConfig.from_json(QApplication.clipboard().text()) == EARLIER


def test_a_run_whose_dataset_is_gone_is_shown_and_explained(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page_of(window).context.repeat_asked.emit(EARLIER.changed(dataset=str(tmp_path / "gone")))
    problem = child(window, QLabel, "planProblem")
    qtbot.waitUntil(problem.isVisible, timeout=20_000)
    assert "no longer there" in problem.text()
    assert child(window, QSpinBox, "epochsSpin").value() == 77
    assert not child(window, QAbstractButton, "startButton").isEnabled()


def test_settings_asked_for_before_torch_is_there_are_shown_later(qtbot: QtBot, themed: QApplication) -> None:
    page = TrainPage(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(page)
    page.show()
    page.context.repeat_asked.emit(EARLIER)
    page.engine_ready()
    qtbot.waitUntil(lambda: child(page, QSpinBox, "epochsSpin").value() == 77, timeout=20_000)
    qtbot.waitUntil(child(page, QAbstractButton, "startButton").isEnabled, timeout=20_000)
    page.shutdown()


def test_a_batch_of_one_with_batch_norm_is_refused_before_the_start(window: MainWindow, qtbot: QtBot) -> None:
    picker = child(window, QComboBox, "architecturePicker")
    picker.setCurrentIndex(picker.findData("resnet9"))
    child(window, QSpinBox, "batchSizeSpin").setValue(1)
    start, problem = child(window, QAbstractButton, "startButton"), child(window, QLabel, "planProblem")
    qtbot.waitUntil(lambda: not start.isEnabled(), timeout=20_000)
    assert "batch size of 2 or more" in problem.text()
    child(window, QSpinBox, "batchSizeSpin").setValue(2)
    qtbot.waitUntil(start.isEnabled, timeout=20_000)
    assert not problem.isVisible()


def test_the_schedule_is_drawn_once_the_dataset_is_known(window: MainWindow, qtbot: QtBot) -> None:
    curve = child(window, CurveView, "scheduleCurve")
    qtbot.waitUntil(lambda: bool(curve.line), timeout=20_000)
    assert curve.line[0][1] == child(window, QDoubleSpinBox, "learningRateSpin").value()


def test_a_model_file_that_is_dropped_is_started_from(window: MainWindow, tmp_path: Path) -> None:
    model = tmp_path / "mine.cnnmodel"
    model.write_bytes(b"")
    page, data = page_of(window), QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(model))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), copy, data, left, none))
    assert child(window, QComboBox, "startPicker").currentData() == str(model)


def test_the_rate_of_a_run_can_be_changed_while_it_is_on(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    monkeypatch.setattr(engine, "train", FakeTraining(epochs=1000, pause=0.005))
    told: list[Event] = []
    page_of(window)._run.news.connect(told.extend)
    rate, planned = child(window, QDoubleSpinBox, "learningRateSpin"), 0.01
    assert rate.value() == planned
    child(window, QAbstractButton, "startButton").click()
    qtbot.waitUntil(lambda: rate.value() == pytest.approx(1e-3), timeout=10_000)  # what the run says
    assert not child(window, QSpinBox, "epochsSpin").isEnabled()
    rate.setValue(0.0004)
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [event.learning_rate for event in told if isinstance(event, RateChanged)] == [0.0004])
    child(window, QAbstractButton, "stopButton").click()
    qtbot.waitUntil(child(window, QAbstractButton, "startButton").isEnabled, timeout=10_000)
    assert rate.value() == planned
