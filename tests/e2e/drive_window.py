"""Drives the real program as a person would, in a process of its own, and prints what was seen as JSON.

Run as: drive_window.py SCENARIO PICTURE. A scenario is a generator: it yields a condition, and goes on when that holds.
"""

import gc
import json
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QMessageBox, QSpinBox, QTableView, QWidget

from cnn_desktop.__main__ import main

Scenario = Generator[Callable[[], bool], None, None]
W = TypeVar("W", bound=QWidget)

PATIENCE = 120.0
seen: dict[str, Any] = {}
delays: list[float] = []
"""Milliseconds by which the event loop came late to each tick of a 10 ms timer."""


def note_delays(what: str) -> None:
    """Sum up how late the event loop was since the last note."""
    ordered = sorted(delays)
    seen.setdefault("event_loop_delay_ms", {})[what] = {
        "p99": round(ordered[int(0.99 * len(ordered))], 1),
        "max": round(ordered[-1], 1),
        "ticks": len(ordered),
    }
    delays.clear()


def window() -> QWidget:
    return next(widget for widget in QApplication.topLevelWidgets() if widget.objectName() == "mainWindow")


def find(name: str, kind: type[W] = QWidget) -> W:
    widget = window().findChild(kind, name)
    assert widget is not None, f"there is no {kind.__name__} named {name}"
    return widget


def click(name: str) -> None:
    button = find(name, QAbstractButton)
    assert button.isEnabled() and button.isVisible(), f"{name} can't be clicked"
    button.click()


def choose(name: str, data: str) -> None:
    picker = find(name, QComboBox)
    index = picker.findData(data)
    assert index >= 0, f"{name} has no {data}: {[picker.itemData(i) for i in range(picker.count())]}"
    picker.setCurrentIndex(index)


def has(name: str, data: str) -> Callable[[], bool]:
    return lambda: find(name, QComboBox).findData(data) >= 0


def enabled(name: str) -> Callable[[], bool]:
    return lambda: find(name).isEnabled() and find(name).isVisible()


def drop(name: str, file: Path) -> None:
    zone = find(name)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    action, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), action, data, button, none)
    QApplication.sendEvent(zone, enter)
    assert enter.isAccepted(), "the drop zone refused the file"
    QApplication.sendEvent(zone, QDropEvent(QPointF(9, 9), action, data, button, none))


def points(chart: str, series: str) -> int:
    return len(find(chart).series(series))


def pause_for(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def start_training(epochs: int) -> Scenario:
    click("navTrain")
    yield enabled("startButton")
    yield has("datasetPicker", "digits")
    choose("datasetPicker", "digits")
    choose("architecturePicker", "mnist_cnn")
    yield enabled("startButton")
    find("epochsSpin", QSpinBox).setValue(epochs)
    click("startButton")
    yield lambda: points("lossChart", "train") > 3 and points("accuracyChart", "validation") > 1


def whole_job(picture: Path) -> Scenario:
    """Train, pause, resume, stop; predict; inspect."""
    yield from start_training(5000)
    seen["both_charts_fill"] = True
    seen["kept_from_collections"] = gc.get_freeze_count() if gc.isenabled() else 0
    note_delays("start, torch's import included")
    yield pause_for(5)
    note_delays("training")
    click("pauseButton")
    yield pause_for(0.5)
    before = points("lossChart", "train")
    yield pause_for(0.6)
    seen["points_while_paused"] = points("lossChart", "train") - before
    click("pauseButton")
    yield lambda: points("lossChart", "train") > before + 3
    click("stopButton")
    yield enabled("startButton")
    seen["status"] = find("trainStatus").text()
    seen["progress"] = find("trainProgress").value()

    note_delays("pause, resume, stop")
    click("navPredict")
    yield lambda: find("modelPicker", QComboBox).currentIndex() >= 0
    seen["model"] = find("modelPicker", QComboBox).currentData()
    yield pause_for(0.2)
    drop("dropZone", picture)
    table = find("predictionTable", QTableView)
    yield lambda: table.model().rowCount() > 0
    cells = [[table.model().index(row, column).data() for column in (0, 1)] for row in range(table.model().rowCount())]
    seen["predictions"] = cells

    click("navInspect")
    choose_when = has("layerPicker", "conv1")
    yield choose_when
    choose("layerPicker", "conv1")
    drop("inspectDropZone", picture)
    yield lambda: find("featureMapGrid").count > 0
    seen["maps"] = find("featureMapGrid").count
    seen["filters"] = find("filterGrid").count
    note_delays("predict, inspect")
    window().close()


def own_pictures(archive: Path) -> Scenario:
    """Bring in an archive, leave a class out and divide the rest, train on exactly that."""
    click("navData")
    yield enabled("trainOnDatasetButton")
    drop("dataPage", archive)
    yield enabled("useDataset")
    seen["rule"] = find("datasetRule").text()
    seen["understood"] = find("datasetFigures").accessibleName()
    click("useDataset")
    yield enabled("trainOnDatasetButton")
    table = find("classTable", QTableView)
    table.selectRow(0)
    click("leaveOutClassButton")
    yield enabled("undoDecisionButton")
    find("splitValidationSpin").setValue(0.25)
    find("splitTestSpin").setValue(0.25)
    yield enabled("useSplit")
    click("useSplit")
    yield enabled("forgetSplit")
    seen["shown"] = find("datasetFigures").accessibleName()
    click("trainOnDatasetButton")
    yield has("architecturePicker", "mnist_cnn")
    choose("architecturePicker", "mnist_cnn")
    yield enabled("startButton")
    find("epochsSpin", QSpinBox).setValue(1)
    click("startButton")
    yield lambda: find("trainStatus").text().startswith("Done")
    window().close()


def use_model(folder: Path) -> Scenario:
    """Train a little, look where the model looked, classify a folder, evaluate, open the confusion matrix."""
    yield from start_training(2)
    yield lambda: find("trainStatus").text().startswith("Done")
    click("navPredict")
    yield lambda: find("modelPicker", QComboBox).currentIndex() >= 0
    drop("dropZone", min(folder.rglob("*.png")))
    table = find("predictionTable", QTableView)
    yield lambda: table.model().rowCount() > 0
    first = table.visualRect(table.model().index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=first)
    yield lambda: find("dropZone").overlay is not None
    seen["where_it_looked"] = find("lookWords").text()
    drop("dropZone", folder)
    answers = find("answersTable", QTableView)
    yield lambda: find("manyStatus").text().startswith("Done")
    last = answers.model().columnCount() - 1
    seen["states"] = [answers.model().index(row, last).data() for row in range(answers.model().rowCount())]
    note_delays("train, predict")

    click("navEvaluate")
    yield enabled("evaluateButton")
    click("evaluateButton")
    yield lambda: find("evaluationFigures").isVisible() and find("evaluationFigures").accessibleName() != ""
    seen["figures"] = find("evaluationFigures").accessibleName()
    find("evaluateTabs").setCurrentIndex(1)
    yield lambda: find("confusionMatrix").isVisible() and find("confusionMatrix").table is not None
    note_delays("evaluate")
    window().close()


def close_while_training(_picture: Path) -> Scenario:
    """Close the window in the middle of a run, and say yes to the question."""
    yield from start_training(5000)
    QTimer.singleShot(200, answer_close_question)
    window().close()
    seen["closed"] = not window().isVisible()


def answer_close_question() -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    seen["asked"] = box.text()
    next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.AcceptRole).click()


class FirstPaint(QObject):
    """Notes whether torch was there when the window was first painted."""

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and target.objectName() == "mainWindow":
            seen.setdefault("torch_before_first_paint", "torch" in sys.modules)
        return False


class Driver:
    """Asks the scenario's condition every 20 ms, and measures how late the event loop comes to a 10 ms timer."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._condition: Callable[[], bool] = lambda: True
        self._since = self._ticked = time.monotonic()
        self._timer = QTimer(interval=20, timeout=self._look)
        self._clock = QTimer(interval=10, timeout=self._tick, timerType=Qt.TimerType.PreciseTimer)
        self._timer.start()
        self._clock.start()

    def _tick(self) -> None:
        now = time.monotonic()
        delays.append(1000 * (now - self._ticked) - 10)
        self._ticked = now

    def _look(self) -> None:
        try:
            if self._condition():
                self._since = time.monotonic()
                self._condition = next(self._scenario)
            elif time.monotonic() - self._since > PATIENCE:
                raise TimeoutError(f"waited in vain at line {self._scenario.gi_frame.f_lineno}")
        except StopIteration:
            self._end()
        except (AssertionError, TimeoutError) as error:
            seen["failure"] = str(error)
            print(seen, file=sys.stderr)  # a window with work left to do may end the process
            self._end()
            QApplication.exit(9)

    def _end(self) -> None:
        self._timer.stop()
        self._clock.stop()


def drive(scenario: Scenario) -> int:
    """Open the window, work the scenario off, and return the exit code once the window is closed."""
    paint, drivers = FirstPaint(), []
    execute = QApplication.exec

    def execute_driven(*_app: object) -> int:
        QApplication.instance().installEventFilter(paint)
        drivers.append(Driver(scenario))
        return execute()

    QApplication.exec = execute_driven
    return main([])


def run() -> int:
    scenarios = (whole_job, own_pictures, use_model, close_while_training)
    scenario = next(scenario for scenario in scenarios if scenario.__name__ == sys.argv[1])
    code = drive(scenario(Path(sys.argv[2])))
    seen["threads"] = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    print(json.dumps(seen))
    return code


if __name__ == "__main__":
    sys.exit(run())
