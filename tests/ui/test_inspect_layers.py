"""The Layers tab as somebody outside sees it: orders, views of filters, the frame on the picture, exciting pictures."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.progress import Progress
from cnn_desktop.core.settings import Settings
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.model import Model
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.inspect import InspectPage
from cnn_desktop.ui.pages.inspect.exciting import panel, work
from cnn_desktop.ui.pages.inspect.exciting.strip import ExcitingStrip
from cnn_desktop.ui.pages.inspect.subject import LayerCell
from cnn_desktop.ui.widgets.drop_zone import DropZone
from cnn_desktop.ui.widgets.map_grid import Cell, MapGrid
from tests.ui.example_runs import example_model, example_run

WAIT = 30_000
Open = Callable[[Model], InspectPage]


def part(page: InspectPage, kind: type, name: str) -> QWidget:
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Open]:
    pages: list[InspectPage] = []

    def make(model: Model) -> InspectPage:
        example_run(model=model)
        page = InspectPage(AppContext(SettingsStore(Settings(), None)))
        qtbot.addWidget(page)
        page.resize(1200, 800)
        page.show()
        page.engine_ready()
        pages.append(page)
        qtbot.waitUntil(lambda: page.subject.recording is not None and page.subject.cell is not None, timeout=WAIT)
        return page

    yield make
    for page in pages:
        page.shutdown()


def maps_of(page: InspectPage) -> np.ndarray:
    assert page.subject.recording is not None
    return page.subject.recording.maps(page.subject.layer)


def click(grid: MapGrid, cell: Cell) -> None:
    area, shape = grid.tile_rect(cell.tile), grid.tiles.shape if grid.tiles else (1, 1)
    across, down = (cell.column + 0.5) / shape[1], (cell.row + 0.5) / shape[0]
    place = QPoint(int(area.left() + across * area.width()), int(area.top() + down * area.height()))
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place)


def test_maps_are_sorted_and_stay_the_maps_that_they_are(show: Open) -> None:
    page = show(example_model())
    grid, filters = part(page, MapGrid, "featureMapGrid"), part(page, MapGrid, "filterGrid")
    order = part(page, QComboBox, "mapOrder")
    assert isinstance(grid, MapGrid) and isinstance(filters, MapGrid) and isinstance(order, QComboBox)
    before = grid.grab().toImage()
    order.setCurrentIndex(order.findData("mean"))
    assert grid.grab().toImage() != before
    strongest = int(maps_of(page).mean(axis=(1, 2)).argmax())
    first = min(range(grid.count), key=lambda tile: (grid.tile_rect(tile).top(), grid.tile_rect(tile).left()))
    assert first == strongest
    corners = [(filters.tile_rect(tile).top(), filters.tile_rect(tile).left()) for tile in range(32)]
    assert corners[strongest] == min(corners)
    click(grid, Cell(strongest, 2, 3))
    assert page.subject.cell == LayerCell(strongest, 2, 3)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    second = int(np.argsort(-maps_of(page).mean(axis=(1, 2), dtype=np.float64), kind="stable")[1])
    assert page.subject.cell == LayerCell(second, 2, 3)


def test_filters_are_shown_by_channel_or_by_strength(show: Open) -> None:
    model = example_model(architecture="mnist_deep")
    page = show(model)
    view, channel = part(page, QComboBox, "filterView"), part(page, QSpinBox, "inputChannelSpin")
    grid = part(page, MapGrid, "filterGrid")
    assert isinstance(grid, MapGrid) and isinstance(view, QComboBox)
    assert not view.isVisible()
    page.subject.set_layer("conv2")
    assert [view.itemData(row) for row in range(view.count())] == ["channel", "strength"]
    view.setCurrentIndex(1)
    view.activated.emit(1)
    assert not channel.isVisible()
    weights = model.module.get_submodule("conv2").weight.detach().numpy()
    assert grid.tiles is not None
    assert np.allclose(grid.tiles.values, np.sqrt((weights**2).sum(axis=1)))


def test_a_layer_without_filters_says_so(show: Open) -> None:
    page = show(example_model())
    grid = part(page, MapGrid, "filterGrid")
    assert isinstance(grid, MapGrid)
    for layer in ("relu1", "softmax"):
        page.subject.set_layer(layer)
        assert grid.count == 0
        assert layer in grid.empty_text


def test_what_a_cell_sees_is_framed_on_the_picture(show: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = show(example_model())
    zone, text = part(page, DropZone, "inspectDropZone"), part(page, QLabel, "receptiveField")
    assert isinstance(zone, DropZone) and isinstance(text, QLabel)
    page.subject.set_cell(LayerCell(0, 1, 2))
    # conv1 is 3×3 without padding: cell (1, 2) sees rows 1…3 and columns 2…4 of 8×8.
    assert zone.mark == QRectF(2 / 8, 1 / 8, 3 / 8, 3 / 8)
    assert text.text() == "orange: what conv1 (1, 2) sees, 3×3 px"
    page.subject.point_at(LayerCell(0, 0, 0))
    assert zone.mark == QRectF(0, 0, 3 / 8, 3 / 8)
    page.subject.point_at(None)
    assert zone.mark == QRectF(2 / 8, 1 / 8, 3 / 8, 3 / 8)
    page.subject.set_layer("dense1")
    assert zone.mark == QRectF(0, 0, 1, 1)
    assert text.text() == "orange: what dense1 sees, 8×8 px"
    Image.effect_noise((32, 16), 90).save(tmp_path / "wide.png")
    page.subject.set_layer("conv1")
    zone.paths_given.emit([tmp_path / "wide.png"])
    qtbot.waitUntil(lambda: page.subject.picture is not None and page.subject.picture.name == "wide.png", timeout=WAIT)
    page.subject.set_cell(LayerCell(0, 1, 2))
    assert zone.mark == QRectF(2 / 8, 1 / 8, 3 / 8, 3 / 8)


def test_hovering_a_map_points_at_its_cell(show: Open) -> None:
    page = show(example_model())
    grid = part(page, MapGrid, "featureMapGrid")
    assert isinstance(grid, MapGrid)
    grid.pointed.emit(Cell(5, 2, 1))
    assert page.subject.pointed == LayerCell(5, 2, 1)
    grid.pointed.emit(None)
    assert page.subject.pointed is None


def test_arrow_keys_turn_the_pictures_over(show: Open, qtbot: QtBot) -> None:
    page = show(example_model())
    split = open_dataset("digits").splits["test"]
    caption = part(page, QLabel, "pictureCaption")
    assert isinstance(caption, QLabel)
    for key, index in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1)):
        QTest.keyClick(part(page, DropZone, "inspectDropZone"), key)
        qtbot.waitUntil(lambda index=index: caption.text().startswith(f"{split.name(index)},"), timeout=WAIT)


def test_a_cell_clicked_in_the_enlarged_map_is_asked_for_as_a_number(show: Open) -> None:
    page = show(example_model())
    faces, enlarged = part(page, QTabBar, "layerFaces"), part(page, MapGrid, "enlargedMap")
    assert isinstance(faces, QTabBar) and isinstance(enlarged, MapGrid)
    assert faces.currentIndex() == 0
    click(enlarged, Cell(0, 4, 2))
    assert page.subject.cell is not None
    assert page.subject.cell[1:] == (4, 2)
    assert faces.tabText(faces.currentIndex()) == "How this number came to be"


def test_another_state_of_the_same_model_sees_the_same_picture_and_keeps_the_layer(show: Open, qtbot: QtBot) -> None:
    page = show(example_model(seed=1))
    page.subject.set_layer("pool1")
    given, before = page.subject.given, maps_of(page)
    page.subject.set_model(page.subject.ref, example_model(seed=2))
    assert page.subject.recording is None
    qtbot.waitUntil(lambda: page.subject.recording is not None, timeout=WAIT)
    assert page.subject.layer == "pool1"
    assert page.subject.given is given
    grid = part(page, MapGrid, "featureMapGrid")
    assert isinstance(grid, MapGrid) and grid.tiles is not None
    assert np.array_equal(grid.tiles.values, maps_of(page))
    assert not np.array_equal(before, maps_of(page))


def test_the_pictures_that_excite_a_channel_most_are_shown_and_lead_to_themselves(show: Open, qtbot: QtBot) -> None:
    page = show(example_model())
    strip = part(page, ExcitingStrip, "excitingPictures")
    assert isinstance(strip, ExcitingStrip)
    qtbot.waitUntil(lambda: len(strip.pictures) == 10, timeout=WAIT)
    page.subject.set_cell(LayerCell(7, 0, 0))
    qtbot.waitUntil(lambda: [picture.channel for picture in strip.pictures] == [7] * 10, timeout=WAIT)
    values = [picture.excited.value for picture in strip.pictures]
    assert values == sorted(values, reverse=True)
    chosen = strip.pictures[1]
    assert chosen.part.size().toTuple() == (3 / 8, 3 / 8)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.area_of(1).center().toPoint())
    qtbot.waitUntil(lambda: page.subject.given is chosen.given and page.subject.recording is not None, timeout=WAIT)
    assert page.subject.cell == LayerCell(7, chosen.excited.row, chosen.excited.column)
    assert maps_of(page)[7].max() == pytest.approx(chosen.excited.value, rel=1e-5)


def test_a_large_dataset_is_looked_through_when_asked(
    show: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_QUICK", 0)
    page = show(example_model())
    ask, strip = part(page, QWidget, "findExciting"), part(page, ExcitingStrip, "excitingPictures")
    assert isinstance(strip, ExcitingStrip)
    qtbot.waitUntil(ask.isVisible, timeout=WAIT)
    assert len(strip.pictures) == 0
    QTest.mouseClick(ask, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(strip.pictures) == 10, timeout=WAIT)
    assert not ask.isVisible()


def test_choosing_cells_meanwhile_does_not_disturb_the_looking_and_cancel_ends_it(
    show: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, found = threading.Event(), []

    def slow(*args: Any, progress: Progress) -> work.Found:
        while not may_go_on.wait(0.01):
            progress(1, 2)
        progress(1, 2)  # what was cancelled ends here
        found.append(1)
        return work.find(*args, progress=progress)

    monkeypatch.setattr(panel, "find", slow)
    page = show(example_model())
    strip, cancel = part(page, ExcitingStrip, "excitingPictures"), part(page, QWidget, "cancelExciting")
    assert isinstance(strip, ExcitingStrip)
    qtbot.waitUntil(cancel.isVisible, timeout=WAIT)
    page.subject.set_cell(LayerCell(3, 0, 0))
    page.subject.set_layer("pool1")
    assert cancel.isVisible()
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    ask = part(page, QWidget, "findExciting")
    assert ask.isVisible() and not cancel.isVisible()
    QTest.mouseClick(ask, Qt.MouseButton.LeftButton)
    may_go_on.set()
    qtbot.waitUntil(lambda: len(strip.pictures) == 10, timeout=WAIT)
    assert found == [1]
