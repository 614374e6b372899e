import math
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.widgets.chart_axis import nice_axis
from cnn_desktop.ui.widgets.chart_outline import Outline
from cnn_desktop.ui.widgets.chart_series import Points
from cnn_desktop.ui.widgets.line_chart import LineChart


def filled(count: int) -> Points:
    points = Points()
    for index in range(count):
        points.add(index, math.sin(index / 50) + (5.0 if index == 777 else 0.0))
    return points


def make_chart(qtbot: QtBot) -> LineChart:
    chart = LineChart("Loss", x_title="epoch", invitation="Press Start")
    qtbot.addWidget(chart)
    chart.add_series("step", "step", color=0, style="faint")
    chart.add_series("validation", "validation", color=1, style="markers")
    chart.resize(600, 300)
    chart.show()
    return chart


def test_reduction_keeps_one_spike_among_a_hundred_thousand() -> None:
    points = filled(100_000)
    outline = points.outline()
    assert len(outline) <= 2 * 2048
    assert max(y for _x, y in outline) == max(points.ys)
    assert min(y for _x, y in outline) == min(points.ys)
    at = next(x for x, y in outline if y == max(points.ys))
    assert abs(at - 777) < 100


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5000))
def test_reduction_never_loses_an_extreme_and_keeps_the_order(values: list[float]) -> None:
    points = Points()
    for index, value in enumerate(values):
        points.add(index, value)
    outline = points.outline()
    assert max(y for _x, y in outline) == max(values)
    assert min(y for _x, y in outline) == min(values)
    assert [x for x, _y in outline] == sorted(x for x, _y in outline)
    if len(values) <= 2048:
        assert outline[::2] == outline[1::2] == list(enumerate(values))


def test_a_bucket_keeps_the_order_of_its_extremes() -> None:
    falling, rising = Points(), Points()
    for index in range(4 * 2048):
        falling.add(index, -index)
        rising.add(index, index)
    assert [y for _x, y in falling.outline()] == sorted((y for _x, y in falling.outline()), reverse=True)
    assert [y for _x, y in rising.outline()] == sorted(y for _x, y in rising.outline())


def test_a_polygon_that_grows_is_the_one_made_at_once() -> None:
    points = Points()
    outline = Outline(points)
    for index in range(10_000):
        points.add(index, math.sin(index / 7))
        if index % 97 == 0:
            outline.polygon()
    corners = [(point.x(), point.y()) for point in outline.polygon().toList()]
    assert corners == points.outline()


def test_what_is_no_number_is_kept_but_not_drawn() -> None:
    points = Points()
    for x, y in ((0, 1.0), (1, math.nan), (2, math.inf), (3, 2.0)):
        points.add(x, y)
    assert len(points) == 4
    assert points.outline()[::2] == [(0, 1.0), (3, 2.0)]
    assert points.bounds() == (1.0, 2.0)


def test_value_under_the_cursor_is_the_last_one_before_it() -> None:
    points = filled(10)
    assert points.at(-0.1) is None
    assert points.at(3.9) == points.ys[3]
    assert points.at(99) == points.ys[9]


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (0, 1, 5, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (0, 2.31, 7, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0, 0.004, 5, ["0.000", "0.001", "0.002", "0.003", "0.004"]),
        (0, 5400, 5, ["0", "2,000", "4,000", "6,000"]),
        (-1.5, 2, 5, ["-1", "0", "1", "2"]),
    ],
)
def test_axis_has_nice_ticks(low: float, high: float, most: int, texts: list[str]) -> None:
    assert nice_axis(low, high, most).texts() == texts


@given(st.integers(2, 100_000), st.integers(2, 9))
def test_epochs_are_whole_and_end_where_the_run_does(epochs: int, most: int) -> None:
    axis = nice_axis(0.0, epochs, most, fixed_end=True, whole=True)
    assert axis.high == epochs
    assert all(tick == round(tick) for tick in axis.ticks)
    assert 1 <= len(axis.ticks) <= most


def test_chart_tells_every_point_and_its_newest_values(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    assert chart.is_empty
    assert chart.accessibleDescription() == ""
    chart.add_point("step", 0.5, 2.0)
    chart.add_point("validation", 1.0, 1.25)
    chart.refresh()
    assert chart.series("step") == [(0.5, 2.0)]
    assert chart.accessibleDescription() == "step 2.000, validation 1.250"
    chart.clear()
    assert chart.is_empty


def test_drawing_changes_with_the_data_and_the_cursor(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    empty = chart.grab().toImage()
    for index in range(100):
        chart.add_point("step", index / 10, 2 - index / 100)
    chart.refresh()
    lines = chart.grab().toImage()
    assert lines != empty
    where = QPointF(300, 150)
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        chart.mapToGlobal(where),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(chart, move)
    assert chart.cursor_x is not None
    assert 4 < chart.cursor_x < 6
    assert chart.grab().toImage() != lines
    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.cursor_x is None


def test_faint_outliers_do_not_flatten_the_clear_line(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_point("step", 0.1, 5000.0)
    chart.add_point("validation", 1.0, 0.9)
    assert chart.y_axis(5).high == 1.0


def test_a_million_points_draw_quickly(
    qtbot: QtBot, themed: QApplication, record_property: Callable[[str, object], None]
) -> None:
    chart = make_chart(qtbot)
    for index in range(1_000_000):
        chart.add_point("step", index / 1e5, math.sin(index / 50))
    chart.refresh()
    start = time.perf_counter()
    chart.grab()
    seconds = time.perf_counter() - start
    record_property("milliseconds", round(1000 * seconds, 1))
    assert seconds < 0.5  # 8 ms on an idle machine; drawing them all would take seconds


def test_chart_can_be_drawn_very_small(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_point("validation", 1.0, 0.9)
    chart.resize(40, 20)
    assert not chart.grab().isNull()
