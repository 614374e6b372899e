"""How this number came to be: what is shown of a cell, and how the window slides."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTabBar, QToolButton
from pytestqt.qtbot import QtBot
from torch import nn

from cnn_desktop.core.settings import Settings
from cnn_desktop.explain.arithmetic import explain_cell
from cnn_desktop.explain.recording import Recording, record
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.inspect import InspectPage
from cnn_desktop.ui.pages.inspect.arithmetic.matrices import folded
from cnn_desktop.ui.pages.inspect.arithmetic.panel import ArithmeticPanel
from cnn_desktop.ui.pages.inspect.arithmetic.sliding import nearest_output, next_cell
from cnn_desktop.ui.pages.inspect.arithmetic.telling import number
from cnn_desktop.ui.pages.inspect.subject import LayerCell, Subject
from cnn_desktop.ui.widgets.map_grid import MapGrid
from tests.ui.conftest import child
from tests.ui.example_runs import example_model, example_run

CLASSES = ("ant", "bee", "cat", "dog")


class Small(nn.Module):
    """One of everything that is drawn in a way of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.mix = nn.Conv2d(6, 5, 1)
        self.wide = nn.Conv2d(5, 4, 5, stride=2)
        self.flatten = nn.Flatten()
        self.dense = nn.Linear(16, 8)
        self.head = nn.Linear(8, 4)

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        pooled = self.pool(self.relu(self.norm(self.conv(batch))))
        mixed = self.mix(pooled + pooled.sigmoid())
        return self.head(self.dense(self.flatten(self.wide(torch.cat([mixed, mixed], 2)[:, :, :7]))))


@pytest.fixture(scope="module")
def recording() -> Recording:
    torch.manual_seed(0)
    return record(Small().eval(), torch.randn(1, 3, 14, 14))


@pytest.fixture
def subject(recording: Recording) -> Subject:
    subject = Subject()
    subject.set_model("small", SimpleNamespace(classes=CLASSES))  # pyright: ignore[reportArgumentType]
    subject.set_picture(None, None, recording)
    return subject


@pytest.fixture
def panel(qtbot: QtBot, subject: Subject) -> ArithmeticPanel:
    panel = ArithmeticPanel(AppContext(SettingsStore(Settings(), None)), subject)
    qtbot.addWidget(panel)
    assert panel.tools is not None
    qtbot.addWidget(panel.tools)
    panel.resize(1000, 220)
    panel.show()
    panel.tools.show()
    return panel


def look(panel: ArithmeticPanel, layer: str, *cell: int) -> None:
    panel.subject.set_layer(layer)
    panel.subject.set_cell(LayerCell(*cell))


def texts(panel: ArithmeticPanel) -> list[str]:
    return [line.text for line in panel.board.sums.lines]


def values(panel: ArithmeticPanel) -> list[float]:
    return [float(line.value) for line in panel.board.sums.lines]


def drag_to(panel: ArithmeticPanel, row: float, column: float) -> None:
    """Press on the middle of a place of the map that the window slides over."""
    source = panel.board.source
    place, (height, width) = source.place(), (14, 14)
    x = place.left() + (column + 0.5) / width * place.width()
    y = place.top() + (row + 0.5) / height * place.height()
    QTest.mousePress(source, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    QTest.mouseRelease(source, Qt.MouseButton.LeftButton)


def test_a_convolution_is_written_out_channel_by_channel(panel: ArithmeticPanel, recording: Recording) -> None:
    look(panel, "conv", 2, 0, 5)
    patches = explain_cell(recording, "conv", (2, 0, 5)).working.patches
    assert patches is not None
    strongest = int(patches.strongest[0])
    assert panel.controls.channel.value() == strongest
    matrices = panel.board.matrices
    assert np.allclose(matrices.patch.values()[0], patches.values[strongest])
    assert np.allclose(np.multiply(matrices.patch.values(), matrices.kernel.values()), matrices.products.values())
    assert matrices.patch.content.padding == (1, 0, 0, 0)
    assert texts(panel)[:4] == [f"sum of channel {strongest}", "2 other channels", "bias", "sum"]
    own, others, bias, total, *_follows = values(panel)
    assert own + others + bias == pytest.approx(total, abs=2e-4)
    assert texts(panel)[4:] == ["after norm", "after relu"]
    assert all(line.agrees for line in panel.board.sums.lines)
    assert all(line.torch == line.value for line in panel.board.sums.lines[3:])


def test_another_input_channel_is_chosen_with_the_spin_or_a_bar(panel: ArithmeticPanel) -> None:
    look(panel, "conv", 2, 4, 5)
    total = values(panel)[3]
    for channel in (0, 2):
        panel.controls.channel.setValue(channel)
        assert texts(panel)[0] == f"sum of channel {channel}"
        assert values(panel)[3] == total
    strip = panel.board.strip
    weakest = strip.places[-1]
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.bar(2).center().toPoint())
    assert texts(panel)[0] == f"sum of channel {weakest}"
    assert panel.controls.channel.value() == weakest


def test_bars_stand_in_their_own_order_or_the_largest_first(panel: ArithmeticPanel, recording: Recording) -> None:
    look(panel, "mix", 1, 2, 2)
    patches = explain_cell(recording, "mix", (1, 2, 2)).working.patches
    assert patches is not None
    assert panel.board.strip.places == list(patches.strongest)
    child(panel, QPushButton, "sortContributions").click()
    assert panel.board.strip.places == list(range(6))


def test_channels_of_one_number_each_are_folded_into_a_matrix(panel: ArithmeticPanel) -> None:
    look(panel, "mix", 1, 2, 2)
    matrices = panel.board.matrices
    assert matrices.is_folded
    assert matrices.patch.content.shape == (1, 2, 3)
    QTest.mouseClick(matrices.kernel, Qt.MouseButton.LeftButton, pos=QPoint(8, matrices.kernel.height() - 8))
    assert texts(panel)[0] == "sum of channel 3"


def test_a_list_that_fills_no_rectangle_ends_with_blanks() -> None:
    rows, blanks = folded(np.arange(7.0))
    assert rows.shape == (2, 4) and blanks == 1
    assert list(rows.ravel()[:7]) == list(range(7))


def test_a_dense_layer_on_maps_and_one_on_numbers(panel: ArithmeticPanel) -> None:
    look(panel, "dense", 1, 0, 0)
    assert panel.board.matrices.patch.content.shape == (1, 2, 2)
    assert panel.board.source.isHidden(), "the window covers the whole map"
    look(panel, "head", 1, 0, 0)
    assert panel.board.matrices.is_folded
    assert texts(panel)[0].startswith("product of input")


def test_the_winner_of_a_pool_is_marked(panel: ArithmeticPanel, recording: Recording) -> None:
    look(panel, "pool", 3, 1, 1)
    matrices = panel.board.matrices
    assert matrices.kernel.isHidden() and matrices.products.isHidden()
    (winner,) = matrices.patch.winners
    assert matrices.patch.value(winner) == pytest.approx(recording.maps("pool")[3, 1, 1])
    assert texts(panel) == ["the largest"]


def test_an_activation_is_drawn_as_a_curve(panel: ArithmeticPanel) -> None:
    look(panel, "relu", 3, 1, 1)
    assert not panel.board.graph.isHidden() and panel.board.matrices.isHidden()
    assert texts(panel)[-1] == "max(0, x)"
    look(panel, "conv", 3, 1, 1)
    assert panel.board.graph.isHidden()


def test_the_softmax_is_shared_among_the_classes(panel: ArithmeticPanel) -> None:
    look(panel, "softmax", 1, 0, 0)
    strip = panel.board.strip
    assert [strip.text_at(place).split(":")[0] for place in sorted(strip.places)] == list(CLASSES)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert (
        panel.subject.cell is not None
        and panel.subject.cell.channel == strip.places[strip.places.index(1) + 1 if strip.places.index(1) < 3 else 3]
    )


def test_a_number_that_is_passed_on_leads_to_where_it_was_made(panel: ArithmeticPanel) -> None:
    look(panel, "cat", 2, 8, 1)
    assert panel.board.link.isVisible()
    panel.board.link.click()
    assert (panel.subject.layer, panel.subject.cell) == ("mix", (2, 1, 1))
    assert panel.board.link.isHidden()


def test_without_a_number_it_says_what_to_do(panel: ArithmeticPanel) -> None:
    panel.subject.set_layer("conv")
    assert "Click a number" in panel.message.text()
    look(panel, "conv", 2, 4, 5)
    panel.subject.set_picture(None, None, None)
    assert panel.message.isVisible() and "Drop a picture" in panel.message.text()


def test_what_is_not_written_out_says_why(panel: ArithmeticPanel) -> None:
    look(panel, "getitem", 0, 0, 0)
    assert panel.message.isVisible() and "only moves numbers" in panel.message.text()


def test_steps_go_through_the_map_row_by_row(panel: ArithmeticPanel) -> None:
    look(panel, "conv", 2, 0, 13)
    on, back = (child(panel.controls, QToolButton, name) for name in ("stepOn", "stepBack"))
    before = panel.board.matrices.patch.values()
    on.click()
    assert panel.subject.cell == (2, 1, 0)
    assert panel.board.matrices.patch.values() != before
    back.click()
    back.click()
    assert panel.subject.cell == (2, 0, 12)
    assert next_cell(LayerCell(0, 13, 13), (6, 14, 14), 1) == (0, 0, 0)
    assert next_cell(LayerCell(3, 0, 0), (4, 1, 1), 1) == (0, 0, 0)


def test_space_plays_and_leaving_stops(panel: ArithmeticPanel, qtbot: QtBot) -> None:
    look(panel, "conv", 0, 0, 0)
    seen: list[LayerCell | None] = []
    panel.subject.cell_changed.connect(lambda: seen.append(panel.subject.cell))
    panel.controls.speed_changed.emit(40)
    panel.activateWindow()
    panel.board.strip.setFocus()
    qtbot.waitUntil(panel.board.strip.hasFocus)
    QTest.keyClick(panel.board.strip, Qt.Key.Key_Space)
    assert panel.controls.play.isChecked()
    qtbot.waitUntil(lambda: len(seen) >= 4, timeout=5000)
    assert seen[:4] == [LayerCell(0, 0, column) for column in (1, 2, 3, 4)]
    panel.hide()
    count = len(seen)
    assert not panel.controls.play.isChecked()
    qtbot.wait(80)
    assert len(seen) == count


def test_the_window_is_dragged_over_the_map(panel: ArithmeticPanel) -> None:
    look(panel, "conv", 2, 4, 5)
    drag_to(panel, 9, 3)
    assert panel.subject.cell == (2, 9, 3)
    mark = panel.board.source.window_mark
    assert mark is not None and (mark.top, mark.left, mark.rows) == (8, 2, 3)
    look(panel, "pool", 2, 0, 0)
    drag_to(panel, 13, 13)
    assert panel.subject.cell == (2, 6, 6)


@pytest.mark.parametrize(
    ("stride", "before", "reach", "length"), [(1, 1, 3, 14), (2, 0, 5, 5), (2, 3, 7, 7), (3, 0, 2, 4)]
)
def test_the_nearest_window_is_the_one_whose_middle_is_there(stride: int, before: int, reach: int, length: int) -> None:
    for row in range(length):
        middle = row * stride - before + reach / 2
        assert nearest_output(middle, length=length, stride=stride, before=before, reach=reach) == row
    assert nearest_output(-50, length=length, stride=stride, before=before, reach=reach) == 0
    assert nearest_output(500, length=length, stride=stride, before=before, reach=reach) == length - 1


def test_a_hidden_panel_computes_nothing(panel: ArithmeticPanel) -> None:
    look(panel, "conv", 2, 4, 5)
    shown = panel.board.sums.lines
    panel.hide()
    look(panel, "conv", 3, 1, 1)
    assert panel.board.sums.lines == shown
    panel.show()
    assert panel.board.sums.lines != shown


def test_numbers_are_never_minus_nothing() -> None:
    assert number(-0.00001, 4) == "0.0000"
    assert number(-12345678.0, 0) == "-12345678"
    assert number(0.00001736, 8) == "1.736e-05"
    assert number(0.0, 8) == "0.0000000"


def test_on_the_page_a_click_on_a_map_is_written_out(qtbot: QtBot) -> None:
    model = example_model()
    example_run(model=model)
    page = InspectPage(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    page.engine_ready()
    panel = child(page, ArithmeticPanel, "arithmeticPanel")
    child(page, QTabBar, "layerFaces").setCurrentIndex(1)
    maps = child(page, MapGrid, "featureMapGrid")
    qtbot.waitUntil(lambda: maps.count == 32 and panel.board.isVisible(), timeout=30_000)
    inside = maps.tile_rect(5)
    QTest.mouseClick(maps, Qt.MouseButton.LeftButton, pos=(inside.topLeft() + inside.center()).toPoint() / 2)
    assert page.subject.cell is not None and page.subject.recording is not None
    channel, row, column = page.subject.cell
    assert (channel, panel.controls.what.text()) == (5, f"conv1 · map 5, cell ({row}, {column})")
    torch_says = float(page.subject.recording.maps("conv1")[page.subject.cell])
    result = next(line for line in panel.board.sums.lines if line.torch)
    assert float(result.value) == float(result.torch) == pytest.approx(torch_says, abs=1e-4)
    assert result.agrees
    page.shutdown()


def test_broken_numbers_are_shown(panel: ArithmeticPanel) -> None:
    batch = torch.randn(1, 3, 14, 14)
    batch[0, 1, 4, 4] = float("nan")
    panel.subject.set_picture(None, None, record(Small().eval(), batch))
    look(panel, "conv", 2, 4, 5)
    assert panel.board.sums.lines[0].text == "sum of channel 1"
    assert {line.value for line in panel.board.sums.lines if line.torch} == {"nan"}
    assert all(line.agrees for line in panel.board.sums.lines)
    panel.grab()
    look(panel, "softmax", 1, 0, 0)
    panel.grab()
