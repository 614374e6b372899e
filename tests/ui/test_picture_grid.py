import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from cnn_desktop.data.caches import thumbnails
from cnn_desktop.data.dataset import ArraySplit, Dataset, FileSplit, PictureRef
from cnn_desktop.ui.widgets.picture_grid import PictureGrid
from cnn_desktop.ui.widgets.picture_grid.geometry import GridGeometry
from tests.instructions import instructions

COLORS = np.array([(230, 60, 60), (60, 200, 90), (70, 90, 230)], np.uint8)


def colored(count: int) -> Dataset:
    """Pictures in one colour each, which is their class."""
    labels = np.arange(count) % 3
    images = np.repeat(COLORS[labels][:, None, None, :], 8, axis=1).repeat(8, axis=2)
    split = ArraySplit(images, labels, "train")
    return Dataset("colors", "Colors", ("red", "green", "blue"), 3, (8, 8), {"train": split})


def refs(count: int) -> list[PictureRef]:
    return [PictureRef("train", index) for index in range(count)]


@pytest.fixture
def grid(qtbot: QtBot, themed: QApplication) -> Iterator[PictureGrid]:
    grid = PictureGrid("Pictures")
    qtbot.addWidget(grid)
    grid.resize(600, 440)
    grid.show()
    yield grid
    grid.shutdown()


@pytest.fixture
def filled(qtbot: QtBot, grid: PictureGrid) -> PictureGrid:
    grid.show_pictures(colored(1000), refs(1000))
    qtbot.waitUntil(lambda: all(grid.is_loaded(place) for place in grid.places_in_sight()))
    return grid


def color_of(grid: PictureGrid, place: int) -> tuple[int, int, int]:
    seen = grid.viewport().grab().toImage().pixelColor(grid.cell_rect(place).center() - QPoint(0, 12))
    return seen.red(), seen.green(), seen.blue()


def click(grid: PictureGrid, place: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifier, grid.cell_rect(place).center())


def indices(grid: PictureGrid) -> list[int]:
    return [ref.index for ref in grid.selected()]


def test_every_cell_is_found_again_at_every_width() -> None:
    for width in (100, 333, 1000):
        cells = GridGeometry.fitted(1000, width, 90, 110)
        for place in (0, 1, 499, 999):
            cell = cells.cell(place)
            assert cells.at(cell.center().x(), cell.center().y()) == place
            assert place in cells.between(cell.top(), cell.top() + 1)
            assert cell.right() < max(width, 90)
    assert GridGeometry.fitted(1000, 1000, 90, 110).at(5, 1_000_000) == -1


def test_only_what_is_in_sight_is_loaded(filled: PictureGrid, qtbot: QtBot) -> None:
    qtbot.wait(100)
    loaded = [place for place in range(1000) if filled.is_loaded(place)]
    assert set(filled.places_in_sight()) <= set(loaded)
    assert len(loaded) < 2.5 * len(filled.places_in_sight())
    assert color_of(filled, 0) == (230, 60, 60)
    assert color_of(filled, 4) == (60, 200, 90)


def test_what_was_scrolled_away_is_never_loaded(
    grid: PictureGrid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go, asked = threading.Event(), []
    original = thumbnails.ThumbnailStore.thumbnail

    def slow(self: thumbnails.ThumbnailStore, split: ArraySplit, index: int, side: int) -> np.ndarray:
        asked.append(index)
        may_go.wait(5)
        return original(self, split, index, side)

    monkeypatch.setattr(thumbnails.ThumbnailStore, "thumbnail", slow)
    grid.show_pictures(colored(100_000), refs(100_000))
    qtbot.waitUntil(lambda: bool(asked))
    bar = grid.verticalScrollBar()
    for part in (0.2, 0.5, 0.9):
        bar.setValue(int(part * bar.maximum()))
    may_go.set()
    qtbot.waitUntil(lambda: all(grid.is_loaded(place) for place in grid.places_in_sight()))
    begun_before = 3
    assert min(asked[begun_before:]) > 80_000
    assert len(asked) < 200


def test_a_hundred_thousand_cost_no_more_than_those_in_sight(grid: PictureGrid, qtbot: QtBot) -> None:
    dataset = colored(100_000)
    chosen = refs(100_000)
    bar = grid.verticalScrollBar()
    steps: list[Callable[[], object]] = [lambda: grid.show_pictures(dataset, chosen)]
    steps += [lambda part=part: bar.setValue(part * bar.maximum() // 20) for part in range(20)]
    steps += [grid.choose_all, lambda: grid.set_thumbnail_side(64)]
    work = [instructions(lambda step=step: (step(), QApplication.processEvents())) for step in steps]
    assert max(work) < 300_000, work  # ten for each of a hundred thousand would be a million


def test_other_pictures_of_the_dataset_keep_what_is_loaded(
    filled: PictureGrid, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def refuse(*_args: object) -> np.ndarray:
        raise AssertionError("loaded again")

    qtbot.wait(100)
    monkeypatch.setattr(thumbnails.ThumbnailStore, "thumbnail", refuse)
    dataset = filled.shown.dataset
    filled.show_pictures(dataset, refs(9)[::-1])
    assert color_of(filled, 0) == tuple(COLORS[8 % 3])
    assert filled.reason_at(0) == ""


def test_a_click_chooses_and_ctrl_and_shift_add(filled: PictureGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(filled.selection_changed):
        click(filled, 2)
    assert indices(filled) == [2]
    click(filled, 5, Qt.KeyboardModifier.ControlModifier)
    assert indices(filled) == [2, 5]
    click(filled, 5, Qt.KeyboardModifier.ControlModifier)
    assert indices(filled) == [2]
    click(filled, 7)
    click(filled, 3, Qt.KeyboardModifier.ShiftModifier)
    assert indices(filled) == [3, 4, 5, 6, 7]
    QTest.keyClick(filled, Qt.Key.Key_Escape)
    assert indices(filled) == []


def test_a_drawn_frame_chooses_what_it_touches(filled: PictureGrid) -> None:
    view, columns = filled.viewport(), filled.layout_of_cells.columns
    begin, end = filled.cell_rect(1).center(), filled.cell_rect(columns + 2).center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(view, end)
    assert indices(filled) == [1, 2, columns + 1, columns + 2]
    assert not filled.band.isEmpty()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    assert filled.band.isEmpty()
    assert len(indices(filled)) == 4


def test_the_right_button_chooses_what_the_menu_is_about(filled: PictureGrid) -> None:
    click(filled, 1)
    click(filled, 2, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseClick(filled.viewport(), Qt.MouseButton.RightButton, pos=filled.cell_rect(2).center())
    assert indices(filled) == [1, 2]
    QTest.mouseClick(filled.viewport(), Qt.MouseButton.RightButton, pos=filled.cell_rect(6).center())
    assert indices(filled) == [6]


def test_keys_go_everywhere_and_stay_in_sight(filled: PictureGrid) -> None:
    columns = filled.layout_of_cells.columns
    for key, place in (
        (Qt.Key.Key_Right, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 1 + columns),
        (Qt.Key.Key_Left, columns),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, 999),
        (Qt.Key.Key_Right, 999),
        (Qt.Key.Key_Home, 0),
    ):
        QTest.keyClick(filled, key)
        assert filled.current == place
        assert indices(filled) == [place]
        assert filled.viewport().rect().contains(filled.cell_rect(place))
    QTest.keyClick(filled, Qt.Key.Key_PageDown)
    assert filled.current % columns == 0
    assert filled.current >= 2 * columns
    QTest.keyClick(filled, Qt.Key.Key_PageUp)
    assert filled.current == 0
    QTest.keyClick(filled, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert indices(filled) == list(range(columns + 1))
    assert f"{columns + 1} chosen" in filled.accessibleDescription()
    QTest.keyClick(filled, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert filled.selected_count == 1000


def test_enter_and_a_double_click_open(filled: PictureGrid, qtbot: QtBot) -> None:
    filled.choose(3)
    with qtbot.waitSignal(filled.picture_opened) as opened:
        QTest.keyClick(filled, Qt.Key.Key_Return)
    assert opened.args == [PictureRef("train", 3)]
    with qtbot.waitSignal(filled.picture_opened) as opened:
        QTest.mouseDClick(filled.viewport(), Qt.MouseButton.LeftButton, pos=filled.cell_rect(6).center())
    assert opened.args == [PictureRef("train", 6)]


def test_keys_go_on_where_pictures_were_taken_out(filled: PictureGrid) -> None:
    filled.choose(5)
    filled.show_pictures(filled.shown.dataset, [ref for ref in refs(1000) if ref.index != 5])
    assert filled.selected_count == 0
    QTest.keyClick(filled, Qt.Key.Key_Right)
    assert indices(filled) == [7]


def test_ctrl_and_the_wheel_change_the_size(filled: PictureGrid, qtbot: QtBot) -> None:
    filled.verticalScrollBar().setValue(3000)
    first = filled.places_in_sight()[0]
    side = filled.thumbnail_side
    middle = QPointF(filled.viewport().rect().center())
    wheel = QWheelEvent(
        middle,
        middle,
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.waitSignal(filled.side_changed):
        QApplication.sendEvent(filled.viewport(), wheel)
    assert filled.thumbnail_side > side
    assert first in filled.places_in_sight()
    filled.set_thumbnail_side(10_000)
    assert filled.thumbnail_side == 256


def test_a_broken_picture_is_shown_as_such_and_says_why(grid: PictureGrid, qtbot: QtBot, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "teal").save(tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    split = FileSplit([tmp_path / "good.png", tmp_path / "bad.png"], np.zeros(2), tmp_path)
    grid.show_pictures(Dataset("d", "d", ("a", "b"), 3, None, {"train": split}, folder=tmp_path), refs(2))
    qtbot.waitUntil(lambda: grid.is_loaded(0) and grid.is_loaded(1))
    assert color_of(grid, 0) == (0, 128, 128)
    assert "bad.png is damaged or no picture" in grid.reason_at(1)
    place = grid.cell_rect(1).center()
    QApplication.sendEvent(grid.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, grid.viewport().mapToGlobal(place)))
    assert "bad.png is damaged or no picture" in QToolTip.text()
    QToolTip.hideText()


def test_marks_are_drawn_on_their_pictures(filled: PictureGrid) -> None:
    before = filled.viewport().grab(filled.cell_rect(1)).toImage()
    other = filled.viewport().grab(filled.cell_rect(2)).toImage()
    filled.show_pictures(filled.shown.dataset, refs(1000), {"train 1": "twice"})
    assert filled.viewport().grab(filled.cell_rect(1)).toImage() != before
    assert filled.viewport().grab(filled.cell_rect(2)).toImage() == other


def test_pictures_are_sharp_where_the_screen_has_more_pixels(
    grid: PictureGrid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(grid.viewport()), "devicePixelRatioF", lambda _self: 2.0)
    images = np.random.default_rng(0).integers(0, 256, (1, 500, 500, 3), np.uint8)
    split = ArraySplit(images, np.zeros(1), "train")
    grid.show_pictures(Dataset("d", "d", ("a", "b"), 3, (500, 500), {"train": split}), refs(1))
    qtbot.waitUntil(lambda: grid.is_loaded(0))
    tile = grid._loader.tile("train 0")
    assert tile is not None
    assert tile.image is not None
    assert tile.image.width() == 2 * grid.thumbnail_side
    assert tile.image.deviceIndependentSize().width() == grid.thumbnail_side
