"""What a line chart keeps, tells and draws."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from typing_extensions import override

from cnn_desktop.ui.theme import apply_theme
from cnn_desktop.ui.widgets.chart_cursor import cursor_rows
from cnn_desktop.ui.widgets.chart_frame import ChartFrame
from cnn_desktop.ui.widgets.chart_outline import Columns, Numbers, column_extremes
from cnn_desktop.ui.widgets.line_chart import LineChart
from tests.instructions import instructions


class CountingChart(LineChart):
    """Notes what it was asked to paint."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted = [*getattr(self, "painted", []), event.region().boundingRect()]
        super().paintEvent(event)


def make_chart(qtbot: QtBot, kind: type[LineChart] = LineChart) -> LineChart:
    chart = kind("Loss", x_title="epoch", invitation="Press Start")
    qtbot.addWidget(chart)
    chart.add_series("step", "step", color=0, style="faint")
    chart.add_mean("train", "train", of="step", color=0)
    chart.add_series("validation", "validation", color=1, style="markers")
    chart.resize(600, 300)
    chart.show()
    qtbot.waitExposed(chart)
    return chart


def waves(count: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.arange(first, first + count)
    return numbers / 1000, 1.5 + np.sin(numbers / 50) + 0.2 * np.cos(numbers * 7.3)


def picture(chart: LineChart) -> QImage:
    return chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_reduction_keeps_one_spike_among_a_hundred_thousand() -> None:
    xs, ys = waves(100_000)
    ys[777] = 9.0
    few_x, few_y = column_extremes(xs, ys, Columns(0.0, 100.0, 500))
    assert len(few_x) <= 4 * 500
    assert few_y.max() == 9.0
    assert few_y.min() == ys.min()
    assert abs(few_x[few_y.argmax()] - 0.777) <= 0.2


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=1, max_size=300), st.integers(1, 40), st.booleans())
def test_reduction_keeps_the_extremes_of_every_column(values: list[float], count: int, is_log: bool) -> None:
    ys = np.array(values)
    columns = Columns(1.0, len(values) + 1.0, count, is_log)
    xs = np.arange(1.0, len(values) + 1)
    few_x, few_y = column_extremes(xs, ys, columns)
    assert (np.diff(few_x) >= 0).all()
    edges = [-math.inf, *columns.inner_edges(), math.inf]
    for low, high in itertools.pairwise(edges):
        there = ys[(xs >= low) & (xs < high) & np.isfinite(ys)]
        left = few_y[(few_x >= low) & (few_x < high)]
        assert len(there) == 0 or (left.min(), left.max()) == (there.min(), there.max())


def test_what_is_no_number_is_kept_but_not_drawn(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_points("step", (0, 1, 2, 3), (1.0, math.nan, math.inf, 2.0))
    assert len(chart.series("step")) == 4
    assert chart.frame_now.y.high == 2.0
    assert not chart.grab().isNull()


@given(st.integers(1, 400), st.integers(1, 50))
def test_a_mean_is_that_of_the_last_points_inside_its_window(count: int, window: int) -> None:
    from cnn_desktop.ui.widgets.chart_series import MeanSeries

    mean = MeanSeries("mean", "mean", 0, "line")
    ys = np.cos(np.arange(count) * 1.7)
    mean.points.extend(np.arange(1, count + 1) / 64, ys)
    mean.window = window / 64
    expected = [ys[max(0, end - window) : end].mean() for end in range(1, count + 1)]
    assert mean.values(np.arange(count)) == pytest.approx(expected)
    assert mean.value(-1) == pytest.approx(expected[-1])


def test_chart_tells_every_point_and_its_newest_values(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    assert chart.is_empty
    chart.add_point("step", 0.5, 2.0)
    chart.add_point("step", 0.6, 1.0)
    chart.set_window("train", 1.0)
    chart.add_point("validation", 1.0, 1.25)
    chart.hide()
    chart.show()
    assert chart.series("step") == [(0.5, 2.0), (0.6, 1.0)]
    assert chart.series("train") == [(0.5, 2.0), (0.6, 1.5)]
    assert chart.accessibleDescription() == "step 1.000, train 1.500, validation 1.250"
    assert [entry.text for entry in chart.frame_now.legend] == ["", "1.500", "1.250"]
    chart.clear()
    assert chart.is_empty
    assert chart.series("train") == []


def test_bounds_are_measured_anew_after_the_points_were_taken_away(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_points("step", (1, 2), (90.0, 80.0))
    assert chart.frame_now.y.high >= 90
    chart.clear()
    chart.add_points("step", (1, 2, 3), (0.5, 0.6, 0.7))
    assert chart.frame_now.y.high <= 1


def test_growing_piece_by_piece_draws_the_same_as_all_at_once(qtbot: QtBot, themed: QApplication) -> None:
    piecewise, whole = make_chart(qtbot), make_chart(qtbot)
    for chart in (piecewise, whole):
        chart.set_window("train", 0.03)
        chart.add_points("step", *waves(20))
        chart.grab()
    for first in range(20, 9000, 45):
        piecewise.add_points("step", *waves(45, first))
        if first % 900 == 20:
            piecewise.add_point("validation", first / 1000, 1 + first / 9000)
            whole.add_point("validation", first / 1000, 1 + first / 9000)
        piecewise.grab()
    whole.add_points("step", *waves(45 * 200, 20))
    one, other = picture(piecewise), picture(whole)
    grey = [image.convertToFormat(QImage.Format.Format_Grayscale8) for image in (one, other)]
    values = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in grey]
    # The edge of a mean may differ a little, since it is sampled at other places where a strip is drawn.
    assert (abs(values[0] - values[1]) > 64).mean() < 0.005


def test_only_the_strip_with_new_points_is_painted(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot, CountingChart)
    assert isinstance(chart, CountingChart)
    chart.add_points("step", *waves(5000))
    chart.refresh()
    qtbot.wait(50)
    chart.painted.clear()
    chart.add_points("step", *waves(300, 5000))
    chart.refresh()
    qtbot.waitUntil(lambda: len(chart.painted) == 1)
    area = chart.painted[0]
    plot = chart.frame_now.plot
    strip = QRectF(chart.frame_now.x_pixel(5.0), plot.top(), 20, plot.height())
    assert area.contains(strip.toAlignedRect())
    assert area.bottom() <= plot.bottom() + 8
    assert area.left() > plot.left() + plot.width() / 3


def test_all_is_painted_where_the_axes_change(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot, CountingChart)
    assert isinstance(chart, CountingChart)
    chart.add_points("step", *waves(500))
    chart.refresh()
    qtbot.wait(50)
    chart.painted.clear()
    chart.add_point("validation", 0.6, 40.0)
    chart.refresh()
    qtbot.waitUntil(lambda: chart.rect() in chart.painted)


def test_a_chart_that_cannot_be_seen_is_not_drawn(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot, CountingChart)
    assert isinstance(chart, CountingChart)
    chart.grab()
    chart.hide()
    chart.painted.clear()
    before = chart._picture.pixmap.cacheKey()
    chart.add_points("step", *waves(5000))
    chart.refresh()
    qtbot.wait(30)
    assert chart.painted == []
    assert chart._picture.pixmap.cacheKey() == before
    chart.show()
    qtbot.waitUntil(lambda: bool(chart.painted))
    assert chart._picture.pixmap.cacheKey() != before


def test_every_kind_of_line_leaves_its_own_trace(qtbot: QtBot, themed: QApplication) -> None:
    chart = LineChart("Runs", x_title="epoch", shows_legend=False)
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    seen = []
    for style, dash in (("faint", 0), ("line", 0), ("line", 1), ("line", 2), ("line", 3), ("markers", 0)):
        chart.add_series("run", "run", color=0, style=style, dash=dash)  # pyright: ignore[reportArgumentType]
        chart.set_points("run", np.arange(11), np.arange(11) ** 2)
        seen.append(picture(chart))
        chart.remove_series("run")
    assert all(one != other for number, one in enumerate(seen) for other in seen[:number])


def test_dark_and_light_are_drawn_anew(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_points("step", *waves(500))
    light = picture(chart)
    apply_theme(themed, "dark")
    dark = picture(chart)
    apply_theme(themed, "light")
    assert dark.pixelColor(2, 150).lightness() < 80 < light.pixelColor(2, 150).lightness()
    assert picture(chart) == light


def test_an_empty_chart_says_what_it_is_told_to(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    before = picture(chart)
    chart.set_invitation("The dataset is not on this machine yet.")
    assert picture(chart) != before


def test_the_cursor_tells_every_line_and_the_marks_beside_it(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_points("step", (1, 2, 3), (3.0, 2.0, 1.0))
    chart.set_window("train", 10)
    chart.add_point("validation", 2.5, 0.5)
    chart.add_mark(2.0, "learning rate changed to 0.001")
    chart.set_x_end(4)
    without = picture(chart)
    rows = cursor_rows(chart, chart.frame_now, 2.001)
    assert [(name, value) for _dot, name, value in rows] == [
        ("epoch", "2.001"),
        ("step", "2.000"),
        ("train", "2.500"),
        ("learning rate changed to 0.001", ""),
    ]
    assert [name for _dot, name, _value in cursor_rows(chart, chart.frame_now, 3.5)] == [
        "epoch",
        "step",
        "train",
        "validation",
    ]
    beside_marker = 2.5 - 4 * 4 / chart.frame_now.plot.width()  # four pixels before it
    assert ("validation", "0.500") in [row[1:] for row in cursor_rows(chart, chart.frame_now, beside_marker)]
    chart.set_cursor(2.0)
    assert picture(chart) != without


def test_a_mark_can_carry_a_label(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_points("step", *waves(4000))
    bare = picture(chart)
    chart.add_mark(2.0, "suggested")
    marked = picture(chart)
    chart.clear_marks()
    assert picture(chart) == bare
    chart.add_mark(2.0, "suggested", label="0.003")
    assert len({bare.cacheKey(), marked.cacheKey()}) == 2
    assert bare != marked != picture(chart)


def test_tools_stand_in_the_row_of_the_x_title(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    tool = QPushButton("log")
    chart.add_tool(tool)
    tool.show()
    for width in (600, 260):
        chart.resize(width, 300)
        frame = chart.frame_now
        assert tool.geometry().right() < width
        assert tool.geometry().top() > frame.plot.bottom()
        assert tool.geometry().bottom() < 300


def test_no_more_of_a_million_points_are_drawn_than_columns_can_show(
    qtbot: QtBot, themed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    polygon, drawn = ChartFrame.polygon, []

    def noted(frame: ChartFrame, xs: Numbers, ys: Numbers) -> QPolygonF:
        drawn.append(len(xs))
        return polygon(frame, xs, ys)

    monkeypatch.setattr(ChartFrame, "polygon", noted)
    chart = make_chart(qtbot)
    chart.set_window("train", 5.0)
    chart.add_points("step", *waves(1_000_000))
    chart.grab()  # some of numpy is imported when it is first called
    chart.resize(620, 300)
    drawn.clear()
    assert instructions(chart.grab) < 50_000
    assert 600 < max(drawn) <= 4 * 620
    drawn.clear()
    chart.add_points("step", *waves(2000, 1_000_000))
    assert instructions(chart.refresh) < 50_000
    assert 0 < max(drawn) <= 4 * 620


def test_chart_can_be_drawn_very_small(qtbot: QtBot, themed: QApplication) -> None:
    chart = make_chart(qtbot)
    chart.add_point("validation", 1.0, 0.9)
    chart.set_cursor(0.5)
    chart.resize(40, 20)
    assert not chart.grab().isNull()
    assert chart.focusPolicy() & Qt.FocusPolicy.TabFocus
