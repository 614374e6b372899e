"""Going through a training on the Inspect page."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QPushButton, QSlider, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.settings import Settings
from cnn_desktop.train import measuring, time_machine
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs.run_folder import RunFolder
from cnn_desktop.train.runs.snapshots import SnapshotFolder, halved, open_snapshot, snapshots_of
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.inspect import InspectPage
from cnn_desktop.ui.pages.inspect.subject import LayerCell
from cnn_desktop.ui.pages.inspect.time_machine import panel
from cnn_desktop.ui.pages.inspect.time_machine.export_dialog import ExportDialog
from cnn_desktop.ui.widgets.line_chart import LineChart
from cnn_desktop.ui.widgets.map_grid import MapGrid
from cnn_desktop.ui.widgets.matrix_view import MatrixView
from tests.ui.conftest import child
from tests.ui.example_runs import example_run

WAIT = 30_000


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run of a second, with a moment for almost every step."""
    patch = pytest.MonkeyPatch()
    patch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))
    patch.setattr(time_machine, "_ADVANCE", 1e9)
    patch.setattr(time_machine, "_LEAST_MOVE", 0.1)
    folder = tmp_path_factory.mktemp("runs") / "2026-11-20-digits-mnist_cnn-1"
    config = default_config("digits", "mnist_cnn", run_dir=folder, device="cpu", precision="fp32")
    list(train(config.changed(recipe=config.recipe.changed(epochs=3, learning_rate=0.05)), Control()))
    patch.undo()
    yield folder


class Page:
    """The page with a model open and a picture in it."""

    def __init__(self, qtbot: QtBot, run: Path) -> None:
        self.page = InspectPage(AppContext(SettingsStore(Settings(), None)))
        self._qtbot = qtbot
        self.run = run
        qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        self.page.show()
        self.page.engine_ready()
        self.subject = self.page.subject
        self.until(lambda: self.subject.recording is not None)
        self.panel = child(self.page, QWidget, "timeMachinePanel")
        self.slider = child(self.page, QSlider, "timeMachineSlider")

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def go(self, at: int) -> None:
        self.slider.setValue(at)
        wanted = snapshots_of(self.run)[at].step
        self.until(lambda: self.step == wanted and self.subject.recording is not None)

    @property
    def step(self) -> object:
        return None if self.subject.model is None else self.subject.model.figures.get("step")

    def text(self, name: str) -> str:
        return child(self.page, QLabel, name).text()


@pytest.fixture
def page(qtbot: QtBot, themed: object, trained: Path) -> Iterator[Page]:
    del themed
    runs_dir().mkdir(parents=True)
    run = Path(shutil.copytree(trained, runs_dir() / trained.name))
    page = Page(qtbot, run)
    page.until(page.panel.isVisible)
    yield page
    page.page.shutdown()


def test_a_run_without_snapshots_has_no_time_machine(qtbot: QtBot, themed: object) -> None:
    del themed
    page = Page(qtbot, example_run())
    qtbot.wait(300)
    assert page.panel.isHidden()
    page.page.shutdown()


def test_every_tab_goes_to_the_chosen_moment(page: Page) -> None:
    assert page.text("timeMachineMoment") == "now" and page.slider.value() == page.slider.maximum()
    layer = child(page.page, QComboBox, "layerPicker")
    layer.setCurrentIndex(layer.findData("conv1"))
    page.subject.set_cell(LayerCell(3, 1, 2))
    page.go(0)
    assert page.text("timeMachineMoment").startswith("epoch 0.0 of 3")
    assert page.subject.layer == "conv1" and page.subject.cell == LayerCell(3, 1, 2)
    first = open_snapshot(snapshots_of(page.run)[0])
    weights = first.module.state_dict()["conv1.weight"].numpy()
    filters, maps = child(page.page, MapGrid, "filterGrid"), child(page.page, MapGrid, "featureMapGrid")
    page.until(lambda: filters.tiles is not None and np.array_equal(filters.tiles.values, weights[:, 0]))
    assert page.subject.recording is not None
    assert maps.tiles is not None and np.array_equal(maps.tiles.values, page.subject.recording.maps("conv1"))
    assert page.text("timeMachineAnswer").startswith("takes the picture for")
    page.slider.setValue(page.slider.maximum())
    page.until(lambda: page.step is None and page.subject.recording is not None)
    assert page.text("timeMachineMoment") == "now"


def test_the_list_of_layers_is_not_made_again(page: Page) -> None:
    calls: list[object] = []
    child(page.page, QComboBox, "layerPicker").model().modelReset.connect(lambda: calls.append(1))
    page.go(1)
    assert not calls


def test_it_plays_to_the_end(page: Page) -> None:
    seen: list[object] = []
    page.subject.model_changed.connect(lambda: seen.append(page.step))
    page.go(page.slider.maximum() - 3)
    play = child(page.page, QAbstractButton, "timeMachinePlay")
    QTest.mouseClick(play, Qt.MouseButton.LeftButton)
    assert play.accessibleName() == "Pause"
    page.until(lambda: page.slider.value() == page.slider.maximum())
    page.until(lambda: play.accessibleName() == "Play the training")
    steps = [snapshot.step for snapshot in snapshots_of(page.run)]
    assert set(steps[-3:]) <= set(seen)


def test_the_prediction_over_time(page: Page) -> None:
    child(page.page, QAbstractButton, "timeMachinePrediction").click()
    chart = child(page.page, LineChart, "timeMachineChart")
    page.until(lambda: bool(list(chart.lines)))
    kept = snapshots_of(page.run)
    page.until(chart.isVisible)
    first = next(iter(chart.lines)).name
    points = chart.series(first)
    assert [round(x, 6) for x, _y in points] == [round(snapshot.epoch, 6) for snapshot in kept]
    assert page.subject.recording is not None and page.subject.model is not None
    page.go(len(kept) - 1)
    at = page.subject.model.classes.index(first)
    assert points[-1][1] == pytest.approx(float(page.subject.recording.probabilities[at]), abs=1e-4)
    assert [mark.x for mark in chart.marks] == [kept[-1].epoch]


def test_the_confusion_matrix_of_a_moment(page: Page) -> None:
    child(page.page, QAbstractButton, "timeMachineConfusionButton").click()
    matrix = child(page.page, MatrixView, "timeMachineConfusion")
    page.until(lambda: matrix.table is not None)
    assert matrix.table is not None
    now = matrix.table.counts
    assert now.sum() == 144
    assert page.text("timeMachineAccuracy").endswith("of 144 pictures right")
    page.go(0)
    page.until(lambda: matrix.table is not None and not np.array_equal(matrix.table.counts, now))
    assert matrix.table.counts.trace() < now.trace()
    button = child(page.page, QAbstractButton, "timeMachinePrediction")
    button.click()
    assert not child(page.page, QAbstractButton, "timeMachineConfusionButton").isChecked()
    button.click()
    assert not page.page.findChildren(QStackedWidget, "timeMachineDetails")[0].isVisible()


def test_export_writes_a_moving_picture(page: Page, tmp_path: Path) -> None:
    page.subject.set_layer("conv1")
    dialog = page.page.time_machine.history.make_dialog()
    assert isinstance(dialog, ExportDialog)
    what = child(dialog, QComboBox, "animationWhat")
    assert [what.itemData(at) for at in range(what.count())] == ["filters", "maps", "confusion"]
    for kind in ("filters", "maps", "confusion"):
        what.setCurrentIndex(what.findData(kind))
        target = tmp_path / f"{kind}.gif"
        dialog.write_to(target)
        page.until(lambda target=target: child(dialog, QPushButton, "animationStart").isEnabled())
        with Image.open(target) as moving:
            assert 2 < getattr(moving, "n_frames", 1) <= len(snapshots_of(page.run)), kind
    dialog.write_to(tmp_path / "filters.gif" / "below a file.gif")
    page.until(lambda: child(dialog, QPushButton, "animationStart").isEnabled())
    dialog.close()
    dialog.shutdown()


def test_a_snapshot_that_has_gone_is_said(page: Page) -> None:
    snapshots_of(page.run)[1].path.unlink()
    page.slider.setValue(1)
    page.until(lambda: "step-" in page.text("timeMachineAnswer"))


def test_a_run_that_goes_on_is_followed(
    qtbot: QtBot, themed: object, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del themed
    monkeypatch.setattr(panel, "_NEWS_EVERY", 100)
    runs_dir().mkdir(parents=True)
    run = Path(shutil.copytree(trained, runs_dir() / trained.name))
    (run / "model.cnnmodel").unlink()
    kept = snapshots_of(run)
    newest = open_snapshot(kept[-1])
    kept[-1].path.unlink()
    training = RunFolder(run)
    page = Page(qtbot, run)
    page.until(page.panel.isVisible)
    assert page.step == kept[-2].step and page.slider.maximum() == len(kept) - 2 == page.slider.value()
    assert "in training" in child(page.page, QComboBox, "inspectModelPicker").currentText()
    SnapshotFolder(run, 10**9).add(newest, halved(newest.module.state_dict()), 500, 9.5, kept[-1].travelled)
    page.until(lambda: page.step == 500)
    page.go(0)
    SnapshotFolder(run, 10**9).add(newest, halved(newest.module.state_dict()), 600, 9.9, kept[-1].travelled + 1)
    page.until(lambda: page.slider.maximum() == len(kept))
    assert page.step == 0 and page.slider.value() == 0
    training.close()
    page.page.shutdown()
