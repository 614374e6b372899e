from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QListView,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.data.images import open_image
from cnn_desktop.data.pictures import normalize, to_pixels
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.inspect import InspectPage
from cnn_desktop.ui.widgets.drop_zone import DropZone
from cnn_desktop.ui.widgets.map_grid import Cell, MapGrid
from tests.ui.example_runs import example_model, example_run
from tests.ui.test_predict_widgets import drop, files

WAIT = 30_000
Make = Callable[[], "Inspect"]


class Inspect:
    """The page as somebody outside sees it: by object names only."""

    def __init__(self, page: InspectPage, qtbot: QtBot) -> None:
        self.page, self._qtbot = page, qtbot
        self.picker = page.findChild(QComboBox, "inspectModelPicker")
        self.layers = page.findChild(QComboBox, "layerPicker")
        self.maps = page.findChild(MapGrid, "featureMapGrid")
        self.filters = page.findChild(MapGrid, "filterGrid")
        self.enlarged = page.findChild(MapGrid, "enlargedMap")
        self.zone = page.findChild(DropZone, "inspectDropZone")
        self.caption = page.findChild(QLabel, "pictureCaption")
        self.message = page.findChild(QLabel, "emptyMessage")

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def choose_layer(self, name: str) -> None:
        self.layers.setCurrentIndex(self.layers.findData(name))

    def values(self, grid: MapGrid) -> np.ndarray:
        assert grid.tiles is not None
        return grid.tiles.values

    def texts(self) -> list[str]:
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]

    def click(self, grid: MapGrid, tile: int) -> None:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.tile_rect(tile).center().toPoint())


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    pages: list[InspectPage] = []

    def make_page() -> Inspect:
        page = InspectPage(AppContext(SettingsStore(Settings(), None)))
        qtbot.addWidget(page)
        page.resize(1200, 800)
        page.show()
        page.engine_ready()
        pages.append(page)
        return Inspect(page, qtbot)

    yield make_page
    for page in pages:
        page.shutdown()


def torch_says(model: Model, picture: Image.Image, layer: str) -> np.ndarray:
    found: list[torch.Tensor] = []
    handle = model.module.get_submodule(layer).register_forward_hook(lambda _m, _i, out: found.append(out.clone()))
    with torch.no_grad():
        model.module(normalize(torch.from_numpy(to_pixels(picture, model.preprocessing))[None], model.preprocessing))
    handle.remove()
    return found[0][0].numpy()


def test_a_run_is_shown_with_a_picture_of_its_dataset_and_the_numbers_of_torch(make: Make) -> None:
    model = example_model()
    example_run(model=model)
    inspect = make()
    inspect.until(lambda: inspect.maps.count == 32)
    assert inspect.layers.currentData() == "conv1"
    split = open_dataset("digits").splits["test"]
    assert inspect.caption.text().startswith(split.name(0))
    assert inspect.page.subject.recording is not None
    assert np.array_equal(inspect.values(inspect.maps), torch_says(model, split.picture(0), "conv1"))
    weights = model.module.get_submodule("conv1").weight.detach().numpy()
    assert inspect.filters.tile_count == 32
    assert np.array_equal(inspect.values(inspect.filters), weights[:, 0])
    assert any("32 maps of 6×6 · scale per layer" in text for text in inspect.texts())


def test_every_layer_shows_as_many_maps_as_it_has_channels(make: Make) -> None:
    model = example_model()
    example_run(model=model)
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    picture = open_dataset("digits").splits["test"].picture(0)
    names = [inspect.layers.itemData(row) for row in range(inspect.layers.count())]
    assert names == ["conv1", "relu1", "pool1", "flatten", "dense1", "relu2", "dense2", "softmax"]
    for row, name in enumerate(names):
        inspect.layers.setCurrentIndex(row)
        if name == "softmax":
            logits = torch.from_numpy(torch_says(model, picture, "dense2"))
            expected = logits.softmax(dim=0).numpy()
        else:
            expected = torch_says(model, picture, name)
        assert inspect.maps.count == expected.shape[0], name
        assert np.array_equal(inspect.values(inspect.maps).ravel(), expected.ravel()), name
    assert inspect.filters.count == 0


def test_the_dataset_is_stepped_through(make: Make) -> None:
    example_run()
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    split = open_dataset("digits").splits["test"]
    inspect.page.findChild(QToolButton, "nextPicture").click()
    inspect.until(lambda: inspect.caption.text().startswith(split.name(1)))
    assert f"class {split.labels[1]}" in inspect.caption.text()


def test_a_dropped_picture_stays_when_the_model_changes(make: Make, tmp_path: Path) -> None:
    first, second = example_model(seed=1), example_model(seed=2)
    folder = example_run(1, first)
    example_run(2, second)
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    assert inspect.picker.currentData() != str(folder)
    Image.effect_noise((16, 16), 90).save(tmp_path / "mine.png")
    drop(inspect.zone, files(tmp_path / "mine.png"))
    inspect.until(lambda: inspect.caption.text().startswith("mine.png"))
    inspect.picker.setCurrentIndex(inspect.picker.findData(str(folder)))
    picture = open_image(tmp_path / "mine.png")
    expected = torch_says(first, picture, "conv1")
    inspect.until(lambda: inspect.maps.count > 0 and np.array_equal(inspect.values(inspect.maps), expected))
    inspect.page.findChild(QPushButton, "datasetPicture").click()
    inspect.until(lambda: not inspect.caption.text().startswith("mine.png"))


def test_a_click_enlarges_a_map_and_marks_its_filter(make: Make) -> None:
    model = example_model()
    example_run(model=model)
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    inspect.click(inspect.maps, 7)
    assert inspect.filters.current == 7
    values = inspect.values(inspect.maps)[7]
    assert np.array_equal(inspect.values(inspect.enlarged)[0], values)
    inspect.enlarged.pointed.emit(Cell(0, 2, 3))
    assert "Map 7, cell (2, 3)" in inspect.texts()
    value = inspect.page.findChild(QLabel, "valueOfMap")
    assert value.text() == f"{values[2, 3]:.4f}"
    assert inspect.page.findChild(QLabel, "meanOfMap").text() == f"{values.mean():.4f}"
    inspect.click(inspect.filters, 3)
    assert inspect.maps.current == 3
    assert np.array_equal(inspect.values(inspect.enlarged)[0], inspect.values(inspect.filters)[3])
    assert any(text.startswith("Filter 3, cell") for text in inspect.texts())


def test_the_scale_can_be_each_maps_own(make: Make) -> None:
    example_run()
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    before = inspect.maps.grab().toImage()
    inspect.page.findChild(QPushButton, "scalePerMap").click()
    assert any("scale per map" in text for text in inspect.texts())
    assert inspect.maps.grab().toImage() != before
    assert inspect.maps.tiles is not None
    assert len(inspect.maps.tiles.scale.low) == 32


def test_filters_over_many_channels_show_one_channel_at_a_time(make: Make) -> None:
    model = example_model(architecture="mnist_deep")
    example_run(model=model)
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    channel = inspect.page.findChild(QSpinBox, "inputChannelSpin")
    assert not channel.isVisible()
    inspect.choose_layer("conv2")
    assert channel.isVisible()
    assert (channel.minimum(), channel.maximum()) == (0, 31)
    channel.setValue(5)
    weights = model.module.get_submodule("conv2").weight.detach().numpy()
    assert np.array_equal(inspect.values(inspect.filters), weights[:, 5])


def test_a_bad_picture_is_named_and_leaves_no_maps(make: Make, tmp_path: Path) -> None:
    example_run()
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    drop(inspect.zone, files(tmp_path / "broken.png"))
    inspect.until(lambda: inspect.maps.count == 0)
    assert "broken.png" in inspect.maps.empty_text
    assert inspect.filters.count == 32


def test_a_model_without_a_dataset_waits_for_a_picture_and_shows_its_filters(make: Make, tmp_path: Path) -> None:
    model = example_model()
    model.figures = {}
    save_model(model, tmp_path / "bare.cnnmodel")
    inspect = make()
    inspect.page.open_model(str(tmp_path / "bare.cnnmodel"))
    inspect.until(lambda: inspect.filters.count == 32)
    assert inspect.maps.count == 0
    assert "Drop a picture" in inspect.maps.empty_text
    assert not inspect.page.findChild(QPushButton, "datasetPicture").isVisible()


def test_a_dataset_that_has_gone_is_said_only_when_asked_for(make: Make, tmp_path: Path) -> None:
    example_run(model=example_model(dataset=str(tmp_path / "gone")))
    inspect = make()
    inspect.until(lambda: "Drop a picture" in inspect.maps.empty_text)
    inspect.page.findChild(QPushButton, "datasetPicture").click()
    inspect.until(lambda: "gone" in inspect.maps.empty_text)


def test_without_a_model_the_page_offers_to_train_one(make: Make, qtbot: QtBot) -> None:
    inspect = make()
    inspect.until(lambda: "no trained model yet" in inspect.message.text())
    button = next(b for b in inspect.page.findChildren(QPushButton) if b.text() == "Train one")
    with qtbot.waitSignal(inspect.page.context.page_asked):
        button.click()


def test_everything_that_can_be_operated_has_a_name_for_screen_readers(make: Make) -> None:
    example_run()
    inspect = make()
    inspect.until(lambda: inspect.maps.count > 0)
    kinds = (QAbstractButton, QComboBox, QSpinBox, QListView, MapGrid, DropZone)
    shown = [w for w in inspect.page.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
    # Qt's own parts inside a widget of ours, such as the list that a picker drops down, speak for that widget.
    own = [w for w in shown if not isinstance(w.parent(), QComboBox | QSpinBox)]
    assert len(own) > 8
    assert [w.objectName() or type(w).__name__ for w in own if not w.accessibleName()] == []
