import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.widgets.layer_tree import Layer, LayerTree
from cnn_desktop.ui.widgets.map_grid import Cell, MapGrid
from cnn_desktop.ui.widgets.map_tiles import MapTiles, number_text
from cnn_desktop.ui.widgets.tile_layout import TileRules, fit_tiles


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 700),
    st.tuples(st.integers(1, 224), st.integers(1, 224)),
    st.tuples(st.integers(60, 1500), st.integers(60, 900)),
)
def test_tiles_lie_inside_apart_and_are_found_again(count: int, shape: tuple[int, int], space: tuple[int, int]) -> None:
    rules = TileRules()
    layout = fit_tiles(count, shape, space, rules)
    assert layout.width <= space[0]
    assert layout.tile_width <= rules.largest
    for index in {0, count // 2, count - 1}:
        left, top = layout.corner(index)
        hit = layout.at(left + layout.tile_width / 2, top + layout.tile_height / 2)
        assert hit is not None
        assert hit[0] == index
        assert layout.at(left + layout.tile_width + 1, top) is None or layout.gap < 2
    assert layout.at(-1, 0) is None
    assert layout.at(layout.width + 1, 0) is None


def test_everything_is_seen_at_once_where_it_fits() -> None:
    layout = fit_tiles(64, (16, 16), (520, 440), TileRules())
    assert layout.height <= 440
    assert (layout.columns, layout.tile_width % 16) == (8, 0)


@pytest.fixture
def maps() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(12, 5, 4)).astype(np.float32)


@pytest.fixture
def grid(qtbot: QtBot, maps: np.ndarray) -> MapGrid:
    grid = MapGrid("map {number}")
    qtbot.addWidget(grid)
    grid.resize(500, 300)
    grid.show()
    grid.show_tiles(MapTiles(maps))
    return grid


def centre_of(grid: MapGrid, cell: Cell) -> QPointF:
    area = grid.tile_rect(cell.tile)
    height, width = grid.tiles.shape if grid.tiles else (1, 1)
    return QPointF(
        area.left() + (cell.column + 0.5) * area.width() / width, area.top() + (cell.row + 0.5) * area.height() / height
    )


def test_the_grid_has_a_tile_a_map(grid: MapGrid) -> None:
    assert grid.count == grid.tile_count == 12


def test_every_cell_is_found_and_says_its_own_number(grid: MapGrid, maps: np.ndarray) -> None:
    for tile in range(12):
        for row in range(5):
            for column in range(4):
                cell = Cell(tile, row, column)
                assert grid.cell_at(centre_of(grid, cell)) == cell
                assert number_text(float(maps[tile, row, column])) in grid.text_at(cell)
    assert float(number_text(float(maps[3, 2, 1]))) == pytest.approx(float(maps[3, 2, 1]), abs=5e-5)


def test_a_cell_is_drawn_in_the_colour_of_its_number(grid: MapGrid, maps: np.ndarray) -> None:
    drawn = grid.grab().toImage()
    low, high = (np.unravel_index(place, maps.shape) for place in (maps.argmin(), maps.argmax()))
    darkest = drawn.pixelColor(centre_of(grid, Cell(*map(int, low))).toPoint())
    brightest = drawn.pixelColor(centre_of(grid, Cell(*map(int, high))).toPoint())
    assert (darkest.red(), darkest.green(), darkest.blue()) == (0x44, 0x01, 0x54)
    assert (brightest.red(), brightest.green(), brightest.blue()) == (0xFD, 0xE7, 0x25)


def test_a_click_selects_and_arrows_go_on(qtbot: QtBot, grid: MapGrid) -> None:
    with qtbot.waitSignal(grid.selected) as selected:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.tile_rect(5).center().toPoint())
    assert selected.args == [5]
    with qtbot.waitSignal(grid.selected) as selected:
        QTest.keyClick(grid, Qt.Key.Key_Right)
    assert selected.args == [6]
    QTest.keyClick(grid, Qt.Key.Key_Left)
    QTest.keyClick(grid, Qt.Key.Key_Left)
    assert grid.current == 4
    for _times in range(20):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert 4 <= grid.current < 12


def test_hovering_points_at_cells_and_leaving_at_none(qtbot: QtBot, grid: MapGrid) -> None:
    with qtbot.waitSignal(grid.pointed) as pointed:
        QTest.mouseMove(grid, centre_of(grid, Cell(7, 4, 3)).toPoint())
    assert pointed.args == [Cell(7, 4, 3)]


def test_in_one_enlarged_map_the_arrows_go_through_cells(qtbot: QtBot, maps: np.ndarray) -> None:
    grid = MapGrid("map {number}", TileRules(largest=4096, gap=0))
    qtbot.addWidget(grid)
    grid.resize(300, 300)
    grid.show()
    grid.show_tiles(MapTiles(maps).one(3))
    grid.mark(Cell(0, 0, 0))
    with qtbot.waitSignal(grid.pointed) as pointed:
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert pointed.args == [Cell(0, 1, 0)]
    QTest.keyClick(grid, Qt.Key.Key_Up)
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert grid.cell == Cell(0, 0, 0)
    assert number_text(float(maps[3, 0, 0])) in grid.accessibleDescription()


def test_an_enlarged_map_keeps_its_colours(maps: np.ndarray) -> None:
    together = MapTiles(maps)
    assert together.one(3).scale.low.item() == together.scale.low.item()
    each = MapTiles(maps, per_tile=True)
    assert each.one(3).scale.high.item() == maps[3].max()


def test_many_maps_scroll_instead_of_vanishing(qtbot: QtBot) -> None:
    grid = MapGrid("map {number}")
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    area.setWidget(grid)
    area.resize(300, 200)
    area.show()
    grid.show_tiles(MapTiles(np.zeros((1280, 7, 7), dtype=np.float32)))
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert grid.tile_rect(0).width() >= 20
    assert grid.tile_rect(1279).bottom() <= grid.height()
    grid.show_tiles(MapTiles(np.zeros((4, 7, 7), dtype=np.float32)))
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)


def test_without_maps_the_grid_says_why(grid: MapGrid) -> None:
    grid.show_tiles(None, "Nothing here")
    assert grid.count == 0
    assert grid.cell_at(QPointF(10, 10)) is None
    assert not grid.grab().isNull()


def test_red_green_and_blue_are_shown_as_colour() -> None:
    kernels = np.zeros((2, 1, 1, 3), dtype=np.float32)
    kernels[0, 0, 0] = (1, -1, 0)
    tiles = MapTiles(kernels)
    assert tiles.is_rgb
    assert tiles.text(0, 0, 0) == "red 1.0000, green -1.0000, blue 0.0000"


@pytest.mark.parametrize(
    ("value", "text"), [(2.81341, "2.8134"), (0.0, "0.0000"), (-1.5e-7, "-1.500e-07"), (123456.0, "1.235e+05")]
)
def test_numbers_read_well(value: float, text: str) -> None:
    assert number_text(value) == text


LAYERS = [Layer("conv1", "conv 3×3, 32", (32, 6, 6)), Layer("features.1", "relu", (32, 6, 6)), Layer("fc", "", (10,))]


def test_picker_and_list_are_one_choice(qtbot: QtBot) -> None:
    tree = LayerTree()
    qtbot.addWidget(tree)
    with qtbot.waitSignal(tree.layer_chosen) as chosen:
        tree.show_layers(LAYERS)
    assert chosen.args == ["conv1"]
    assert [tree.picker.itemData(row) for row in range(3)] == ["conv1", "features.1", "fc"]
    with qtbot.waitSignal(tree.layer_chosen) as chosen:
        tree.view.setCurrentIndex(tree.view.model().index(2, 0))
    assert chosen.args == ["fc"]
    assert tree.picker.currentData() == "fc"
    with qtbot.waitSignal(tree.layer_chosen):
        tree.picker.setCurrentIndex(1)
    assert tree.view.currentIndex().row() == 1
    with qtbot.waitSignal(tree.layer_chosen) as chosen:
        tree.show_layers(LAYERS[:2])
    assert chosen.args == ["features.1"]


def test_shapes_are_written_as_people_do() -> None:
    assert [layer.shape_text for layer in LAYERS] == ["32×6×6", "32×6×6", "10"]


def test_the_first_layer_of_a_block_stands_below_the_blocks_name(qtbot: QtBot) -> None:
    tree = LayerTree()
    qtbot.addWidget(tree)
    tree.resize(260, 300)
    blocks = [("conv1", ""), ("layer1.0.conv1", "layer1.0"), ("layer1.0.sum", "layer1.0"), ("fc", "")]
    tree.show_layers([Layer(name, "conv 3×3", (8, 4, 4), block) for name, block in blocks])
    tree.show()
    heights = [tree.view.visualRect(tree.view.model().index(row, 0)).height() for row in range(4)]
    assert heights[1] > heights[0] == heights[2] == heights[3]
    assert Layer("layer1.0.conv1", "", (8, 4, 4), "layer1.0").label == "conv1"
    assert not tree.grab().isNull()
    assert [tree.picker.itemData(row) for row in range(4)] == [name for name, _block in blocks]


def test_very_many_numbers_are_laid_out_at_once() -> None:
    layout = fit_tiles(100_000, (1, 1), (600, 400), TileRules(smallest=9, largest=40, gap=2))
    assert (layout.columns, layout.tile_width) == (54, 9)
