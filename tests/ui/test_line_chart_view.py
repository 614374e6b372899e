"""Axes, zoom and cursor of a line chart, by mouse and by keyboard."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.chart_axis import log_axis, nice_axis
from cnn_desktop.ui.widgets.line_chart import LineChart


@pytest.fixture
def chart(qtbot: QtBot, themed: QApplication) -> LineChart:
    chart = LineChart("Loss", x_title="epoch")
    qtbot.addWidget(chart)
    chart.add_series("step", "step", color=0, style="line")
    numbers = np.arange(1, 1001)
    chart.add_points("step", numbers / 100, 10 / numbers)
    chart.resize(600, 300)
    chart.show()
    return chart


def at(chart: LineChart, x: float) -> QPointF:
    return QPointF(chart.frame_now.x_pixel(x), chart.frame_now.plot.center().y())


def mouse(chart: LineChart, kind: QEvent.Type, where: QPointF, button: Qt.MouseButton) -> None:
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(chart, QMouseEvent(kind, where, chart.mapToGlobal(where), button, button, none))


def move(chart: LineChart, where: QPointF) -> None:
    mouse(chart, QEvent.Type.MouseMove, where, Qt.MouseButton.NoButton)


def wheel(chart: LineChart, where: QPointF, turns: int) -> None:
    none = Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        where,
        chart.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(chart, turn)


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (0, 1, 5, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (0, 2.31, 7, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0, 0.004, 5, ["0.000", "0.001", "0.002", "0.003", "0.004"]),
        (0, 5400, 5, ["0", "2,000", "4,000", "6,000"]),
        (-1.5, 2, 5, ["-2", "-1", "0", "1", "2"]),
        (0.43, 0.47, 5, ["0.43", "0.44", "0.45", "0.46", "0.47"]),
        (0, 3e-5, 4, ["0", "1e-5", "2e-5", "3e-5"]),
    ],
)
def test_axis_has_nice_ticks(low: float, high: float, most: int, texts: list[str]) -> None:
    assert nice_axis(low, high, most).texts() == texts


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(3, 9))
def test_an_axis_holds_its_range_with_few_ticks(low: float, span: float, most: int) -> None:
    axis = nice_axis(low, low + span, most)
    assert axis.low <= low + 1e-6 * span + 1e-9 * abs(low)
    assert axis.high >= (low + span) - 1e-6 * span - 1e-9 * abs(low)
    assert 2 <= len(axis.ticks) <= most


@given(st.integers(2, 100_000), st.integers(2, 9))
def test_epochs_are_whole_and_end_where_the_run_does(epochs: int, most: int) -> None:
    axis = nice_axis(0.0, epochs, most, keeps_ends=True, whole=True)
    assert axis.high == epochs
    assert all(tick == round(tick) for tick in axis.ticks)
    assert 1 <= len(axis.ticks) <= most


@given(st.floats(1e-12, 1e6), st.floats(1.02, 1e12), st.integers(3, 9))
def test_a_logarithmic_axis_has_ticks_inside_it(low: float, factor: float, most: int) -> None:
    axis = log_axis(low, low * factor, most)
    assert len(axis.ticks) <= most
    assert all(axis.low * 0.999 <= tick <= axis.high * 1.001 for tick in axis.ticks)
    assert axis.share(axis.value(0.3)) == pytest.approx(0.3)
    assert axis.shares(np.array([axis.value(0.3), 0.0, -1.0]))[0] == pytest.approx(0.3)
    assert np.isnan(axis.shares(np.array([0.0, -1.0]))).all()


def test_decades_read_well() -> None:
    assert log_axis(1e-7, 10, 9).texts() == ["1e-7", "1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1", "10"]
    assert log_axis(0.4, 2.5, 7).texts() == ["0.5", "1", "2"]


def test_the_fixed_range_holds_until_one_zooms_in(qtbot: QtBot, themed: QApplication) -> None:
    chart = LineChart("Accuracy", x_title="epoch", is_share=True)
    qtbot.addWidget(chart)
    chart.add_series("validation", "validation", color=1, style="markers")
    chart.add_points("validation", (1, 2, 3), (0.91, 0.92, 0.93))
    assert (chart.frame_now.y.low, chart.frame_now.y.high) == (0.0, 1.0)
    assert chart.tick_texts(chart.frame_now.y)[-1] == "100 %"
    chart.zoom_to(1, 3)
    assert chart.frame_now.y.low > 0.85
    texts = chart.tick_texts(chart.frame_now.y)
    assert "92.0 %" in texts and len(set(texts)) == len(texts)


def test_faint_outliers_do_not_flatten_the_clear_line(qtbot: QtBot, themed: QApplication) -> None:
    chart = LineChart("Loss", x_title="epoch")
    qtbot.addWidget(chart)
    chart.add_series("step", "step", color=0, style="faint")
    chart.add_series("validation", "validation", color=1, style="line")
    chart.add_point("step", 0.1, 5000.0)
    chart.add_point("validation", 1.0, 0.9)
    assert chart.frame_now.y.high == 1.0
    chart.zoom_to(0.05, 1.0)
    assert chart.frame_now.y.high >= 5000.0


def test_the_wheel_zooms_about_the_cursor(chart: LineChart) -> None:
    where = at(chart, 4.0)
    wheel(chart, where, 3)
    x = chart.frame_now.x
    assert x.high - x.low == pytest.approx(10 / 1.25**3)
    assert chart.frame_now.x_at(where.x()) == pytest.approx(4.0, abs=0.02)
    wheel(chart, where, -30)
    assert (chart.frame_now.x.low, chart.frame_now.x.high) == (0.0, 10.0)
    assert chart.view.part is None


def test_a_drag_chooses_a_part_and_a_double_click_shows_all(chart: LineChart) -> None:
    left = Qt.MouseButton.LeftButton
    start, end = at(chart, 2.0), at(chart, 6.0)
    mouse(chart, QEvent.Type.MouseButtonPress, end, left)
    move(chart, start)
    assert chart.band is not None
    assert not chart.grab().isNull()
    mouse(chart, QEvent.Type.MouseButtonRelease, start, left)
    assert chart.frame_now.x.low == pytest.approx(2.0, abs=0.02)
    assert chart.frame_now.x.high == pytest.approx(6.0, abs=0.02)
    assert chart.frame_now.y.high < 0.1  # what is seen fits, not what lies outside
    mouse(chart, QEvent.Type.MouseButtonDblClick, start, left)
    assert (chart.frame_now.x.low, chart.frame_now.x.high) == (0.0, 10.0)


def test_a_click_is_no_drag(chart: LineChart) -> None:
    left = Qt.MouseButton.LeftButton
    mouse(chart, QEvent.Type.MouseButtonPress, at(chart, 2.0), left)
    mouse(chart, QEvent.Type.MouseButtonRelease, at(chart, 2.0) + QPointF(2, 0), left)
    assert chart.view.part is None


def test_zoom_shows_every_point_of_a_long_run(chart: LineChart) -> None:
    chart.clear()
    chart.set_x_end(1_000_000)
    values = np.ones(1_000_000)
    values[500_003] = 2.0
    chart.add_points("step", np.arange(1_000_000), values)
    chart.zoom_to(500_000, 500_010)
    frame = chart.frame_now
    columns = frame.columns(frame.plot.left(), frame.plot.right(), 1)
    xs, ys = next(iter(chart.lines)).outline(columns)
    assert xs.tolist() == list(range(499_999, 500_012))
    assert xs[ys.argmax()] == 500_003


def test_the_mouse_moves_the_cursor_and_takes_it_away(chart: LineChart, qtbot: QtBot) -> None:
    before = chart.grab().toImage()
    with qtbot.waitSignal(chart.cursor_moved) as told:
        move(chart, at(chart, 5.0))
    assert told.args == [pytest.approx(5.0, abs=0.05)]
    assert chart.grab().toImage() != before
    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.cursor_x is None
    assert chart.grab().toImage() == before


def test_the_keyboard_does_what_the_mouse_does(chart: LineChart, qtbot: QtBot) -> None:
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_x == pytest.approx(5.0)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_x == pytest.approx(5.2)
    for _press in range(4):
        qtbot.keyClick(chart, Qt.Key.Key_Plus)
    low, high = chart.frame_now.x.low, chart.frame_now.x.high
    assert high - low == pytest.approx(10 / 1.25**4)
    assert low < 5.2 < high
    qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert chart.frame_now.x.low > low
    for _press in range(60):
        qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.cursor_x is not None
    assert chart.cursor_x < low  # the part moved along
    qtbot.keyClick(chart, Qt.Key.Key_Minus)
    qtbot.keyClick(chart, Qt.Key.Key_0)
    assert (chart.view.part, chart.cursor_x) == (None, None)


def test_a_logarithmic_y_axis_shows_the_small(chart: LineChart) -> None:
    linear = chart.grab().toImage()
    chart.add_point("step", 10.1, 0.0)  # can't be drawn, and doesn't spoil the axis
    chart.set_y_log(True)
    y = chart.frame_now.y
    assert y.is_log
    assert y.low == pytest.approx(0.009)
    assert y.high == pytest.approx(11)
    assert chart.grab().toImage() != linear
    chart.set_y_log(False)
    assert not chart.frame_now.y.is_log


def test_a_logarithmic_x_axis_fits_the_points_and_zooms(qtbot: QtBot, themed: QApplication) -> None:
    chart = LineChart("Loss", x_title="learning rate", x_log=True)
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    assert not chart.grab().isNull()
    chart.add_series("loss", "loss", color=0, style="line")
    rates = np.logspace(-7, 1, 100)
    chart.set_points("loss", rates, (np.log10(rates) + 2) ** 2)
    frame = chart.frame_now
    assert (frame.x.low, frame.x.high) == pytest.approx((1e-7, 10))
    assert frame.x_at(frame.plot.center().x()) == pytest.approx(1e-3)
    assert chart.x_text(0.00123) == "0.00123"
    chart.add_mark(0.0, "nowhere on this axis")
    chart.set_cursor(0.0)
    assert not chart.grab().isNull()
    wheel(chart, frame.plot.center(), 5)
    zoomed = chart.frame_now.x
    assert math.log10(zoomed.high / zoomed.low) == pytest.approx(8 / 1.25**5)
    assert not chart.grab().isNull()


def accent_pixels(chart: LineChart) -> int:
    image, plot = chart.grab().toImage(), chart.frame_now.plot.toAlignedRect()
    accent = QColor(colors().accent)
    return sum(image.pixelColor(x, plot.bottom() - y) == accent for x in range(600) for y in range(-3, 20))


def test_a_zoomed_chart_says_the_way_back(chart: LineChart) -> None:
    assert accent_pixels(chart) == 0
    chart.zoom_to(1, 9)
    assert accent_pixels(chart) > 5
    chart.reset_zoom()
    assert accent_pixels(chart) == 0


def test_the_keyboard_sees_where_it_is_and_the_mouse_needs_not(chart: LineChart) -> None:
    chart.setFocus(Qt.FocusReason.MouseFocusReason)
    assert accent_pixels(chart) == 0
    chart.clearFocus()
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    assert accent_pixels(chart) > 200
    chart.clearFocus()
    assert accent_pixels(chart) == 0
