"""The network on the Train page while it learns."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.train.control import Control
from cnn_desktop.train.sight import Look, Sight
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.train.live_card import LiveCard
from cnn_desktop.ui.pages.train.live_tiles import filter_tiles, picture_of
from cnn_desktop.ui.widgets.drop_zone import DropZone
from cnn_desktop.ui.widgets.map_grid import MapGrid
from tests.ui.conftest import child
from tests.ui.test_predict_widgets import drop, files


def _sight(step: int = 4, layer: str = "conv1", problem: str = "") -> Sight:
    noise = np.random.default_rng(step)
    return Sight(
        step=step,
        epoch=1.2,
        filter_layer="conv1",
        filters=noise.normal(size=(8, 1, 3, 3)).astype(np.float32),
        layers=("conv1", "pool1"),
        layer=layer,
        maps=noise.normal(size=(8, 6, 6)).astype(np.float32),
        classes=("cat", "dog"),
        probabilities=np.array([0.25, 0.75], np.float32),
        pixels=np.zeros((1, 8, 8), np.uint8),
        picture="validation 0, class cat",
        problem=problem,
    )


@pytest.fixture
def card(qtbot: QtBot, themed: object) -> Iterator[LiveCard]:
    del themed
    card = LiveCard()
    qtbot.addWidget(card)
    card.resize(500, 180)
    yield card
    card.shutdown()


def _looks(card: LiveCard) -> list[Look | None]:
    looks: list[Look | None] = []
    card.look_changed.connect(looks.append)
    return looks


def test_it_asks_only_while_it_can_be_seen(card: LiveCard) -> None:
    looks = _looks(card)
    card.show_sight(_sight())
    assert child(card, MapGrid, "liveMapGrid").tiles is None
    card.show()
    assert isinstance(looks[-1], Look) and looks[-1].picture is None
    card.hide()
    assert looks[-1] is None


def test_filters_maps_and_answer_are_shown(card: LiveCard) -> None:
    card.show()
    sight = _sight()
    card.show_sight(sight)
    maps, filters = child(card, MapGrid, "liveMapGrid").tiles, child(card, MapGrid, "liveFilterGrid").tiles
    assert maps is not None and np.array_equal(maps.values, sight.maps)
    assert filters is not None and sight.filters is not None and np.array_equal(filters.values, sight.filters[:, 0])
    assert child(card, QLabel, "liveClass").text() == "dog"
    assert child(card, QLabel, "liveMoment").text() == "epoch 2, step 4"
    assert child(card, DropZone, "liveDropZone").accessibleDescription() == "validation 0, class cat"


def test_another_layer_is_asked_for(card: LiveCard) -> None:
    card.show()
    card.show_sight(_sight())
    looks = _looks(card)
    picker = child(card, QComboBox, "liveLayerPicker")
    picker.setCurrentIndex(picker.findData("pool1"))
    assert isinstance(looks[-1], Look) and looks[-1].layer == "pool1"
    card.show_sight(_sight(5, "pool1"))
    assert picker.currentData() == "pool1" and len(looks) == 1


def test_a_dropped_picture_is_pinned_until_it_is_taken_back(card: LiveCard, qtbot: QtBot, tmp_path: Path) -> None:
    card.show()
    card.show_sight(_sight())
    Image.new("RGB", (30, 20), (200, 10, 10)).save(tmp_path / "mine.png")
    looks = _looks(card)
    drop(child(card, DropZone, "liveDropZone"), files(tmp_path / "mine.png"))
    qtbot.waitUntil(lambda: len(looks) == 1)
    assert isinstance(looks[0], Look) and looks[0].picture is not None and looks[0].picture.size == (30, 20)
    reset = child(card, QAbstractButton, "liveResetPicture")
    assert reset.isVisible()
    card.show_sight(_sight(6))
    assert child(card, DropZone, "liveDropZone").accessibleDescription() == "mine.png"
    reset.click()
    assert isinstance(looks[1], Look) and looks[1].picture is None
    card.show_sight(_sight(7))
    assert not reset.isVisible()


def test_what_cannot_be_read_is_said(card: LiveCard, qtbot: QtBot, tmp_path: Path) -> None:
    card.show()
    (tmp_path / "broken.png").write_bytes(b"no picture")
    drop(child(card, DropZone, "liveDropZone"), files(tmp_path / "broken.png"))
    moment = child(card, QLabel, "liveMoment")
    qtbot.waitUntil(lambda: "broken.png" in moment.text())
    card.show_sight(_sight(8, problem="mine.png is damaged."))
    assert "step 8" in moment.text() and "mine.png is damaged." in moment.text()


def test_kernels_are_in_colour_or_by_size() -> None:
    noise = np.random.default_rng(0).normal(size=(4, 3, 5, 5)).astype(np.float32)
    assert filter_tiles(noise).values.shape == (4, 5, 5, 3)
    deep = filter_tiles(np.repeat(noise, 2, axis=1)).values
    assert deep.shape == (4, 5, 5) and deep.min() >= 0
    pixels = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
    colour = picture_of(pixels).pixelColor(2, 1)
    assert (colour.red(), colour.green(), colour.blue()) == tuple(pixels[:, 1, 2])


def test_a_real_run_is_seen_and_costs_nothing_on_another_page(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls: list[Control] = []
    original = Control.look

    def look(self: Control, wanted: Look | None) -> None:
        controls.append(self)
        original(self, wanted)

    monkeypatch.setattr(Control, "look", look)
    child(window, QSpinBox, "epochsSpin").setValue(2000)
    child(window, QAbstractButton, "startButton").click()
    moment = child(window, QLabel, "liveMoment")
    qtbot.waitUntil(lambda: "step" in moment.text(), timeout=60_000)
    assert child(window, QWidget, "liveCard").isVisible()
    assert controls[-1].wanted_look is not None
    child(window, QAbstractButton, "navRuns").click()
    assert controls[-1].wanted_look is None
    child(window, QAbstractButton, "navTrain").click()
    before = moment.text()
    qtbot.waitUntil(lambda: moment.text() != before, timeout=30_000)
    child(window, QAbstractButton, "stopButton").click()
    status = child(window, QLabel, "trainStatus")
    qtbot.waitUntil(lambda: status.text().startswith("Stopped"), timeout=30_000)
