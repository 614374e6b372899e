"""The charts of a run, its tiles, its smoothing, and the marks of what happened."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from benchmarks.made_run import MadeRun
from cnn_desktop.core.events import (
    EndedEarly,
    LayersUnfrozen,
    NotSaved,
    PartsChanged,
    Paused,
    RateChanged,
    Resumed,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.ui.pages.train.curves import Curves
from cnn_desktop.ui.pages.train.moments import moment_of
from cnn_desktop.ui.widgets.figure_tile import FigureTile
from cnn_desktop.ui.widgets.line_chart import LineChart
from tests.ui.conftest import child


@pytest.fixture
def curves(qtbot: QtBot, themed: QApplication) -> Curves:
    """The curves of a run of 4,000 steps, 1,000 an epoch, after its first 1,500."""
    curves = Curves()
    qtbot.addWidget(curves)
    curves.resize(700, 600)
    curves.show()
    feed = MadeRun(4000)
    started = feed.start()[1]
    assert isinstance(started, TrainingStarted)
    curves.begin(started)
    for _report in range(150):
        for event in feed.steps(10):
            if isinstance(event, StepsDone):
                curves.charts.add_steps([event])
                curves.show_steps(event)
            else:
                curves.charts.add_epoch(event)  # pyright: ignore[reportArgumentType]
    curves.charts.refresh()
    return curves


def chart(curves: Curves, name: str) -> LineChart:
    return child(curves, LineChart, name)


def test_every_step_has_its_loss_and_every_report_its_figures(curves: Curves) -> None:
    losses = chart(curves, "lossChart").series("step")
    assert len(losses) == 1500
    assert losses[0][0] == 0.001
    assert losses[-1][0] == 1.5
    assert [x for x, _y in chart(curves, "lossChart").series("validation")] == [1.0]
    assert [x for x, _y in chart(curves, "accuracyChart").series("validation")] == [1.0]
    for name, line in (
        ("accuracyChart", "step"),
        ("learningRateChart", "rate"),
        ("gradientNormChart", "step"),
        ("throughputChart", "step"),
        ("memoryChart", "memory"),
    ):
        assert len(chart(curves, name).series(line)) == 150, name
        assert chart(curves, name).frame_now.x.high == 4.0
    assert 1.1 < chart(curves, "memoryChart").series("memory")[-1][1] < 1.3


def test_charts_say_what_their_axes_mean(curves: Curves) -> None:
    for shown in curves.charts.all:
        assert shown.x_title == "epoch"
        assert shown.accessibleName()
        unit_is_told = shown.y_title or shown.title or shown.tick_texts(shown.frame_now.y)[-1].endswith("%")
        assert unit_is_told, shown.objectName()


def test_a_tile_tells_its_figure_and_chooses_its_chart(curves: Curves, qtbot: QtBot) -> None:
    assert chart(curves, "accuracyChart").isVisible()
    for name, chart_name in (
        ("rate", "learningRateChart"),
        ("gradient", "gradientNormChart"),
        ("throughput", "throughputChart"),
        ("memory", "memoryChart"),
        ("accuracy", "accuracyChart"),
    ):
        tile = child(curves, FigureTile, f"{name}Tile")
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
        assert chart(curves, chart_name).isVisible(), name
        assert tile.isChecked()
        assert any(character.isdigit() for character in tile.figure), name
    assert child(curves, FigureTile, "memoryTile").figure == "1.2 GB"
    assert child(curves, FigureTile, "throughputTile").accessibleDescription().endswith("/s")
    curves.clear()
    assert child(curves, FigureTile, "memoryTile").figure == "–"


def test_what_was_not_measured_this_time_stays_as_it_was(curves: Curves) -> None:
    event = next(event for event in MadeRun(4000).steps(10) if isinstance(event, StepsDone))
    curves.show_steps(replace(event, gradient_norm=1.25, device_memory=2_000_000_000))
    curves.show_steps(replace(event, gradient_norm=None, device_memory=None))
    assert child(curves, FigureTile, "gradientTile").figure == "1.25"
    assert child(curves, FigureTile, "memoryTile").figure == "2.0 GB"
    curves.charts.add_steps([replace(event, step=2000, gradient_norm=None, device_memory=None)])
    assert len(chart(curves, "gradientNormChart").series("step")) == 150


def test_the_slider_smooths_loss_and_the_rest(curves: Curves) -> None:
    slider, words = child(curves, QSlider, "smoothingSlider"), child(curves, QLabel, "smoothingText")
    loss = chart(curves, "lossChart")
    raw = [y for _x, y in loss.series("step")]
    assert words.text() == "mean of 64 steps"  # a sixtieth of the run
    assert loss.series("train")[-1][1] == pytest.approx(sum(raw[-64:]) / 64)
    slider.setValue(8)
    assert words.text() == "mean of 256 steps"
    assert loss.series("train")[-1][1] == pytest.approx(sum(raw[-256:]) / 256)
    accuracies = [y for _x, y in chart(curves, "accuracyChart").series("step")]
    assert chart(curves, "accuracyChart").series("train")[-1][1] == pytest.approx(sum(accuracies[-26:]) / 26)
    slider.setValue(0)
    assert words.text() == "not smoothed"
    assert [y for _x, y in loss.series("train")] == pytest.approx(raw)


def test_the_log_button_turns_the_axis(curves: Curves) -> None:
    for name, chart_name in (("loss", "lossChart"), ("rate", "learningRateChart"), ("gradient", "gradientNormChart")):
        button = child(curves, QPushButton, f"{name}LogButton")
        button.click()
        assert chart(curves, chart_name).frame_now.y.is_log
        button.click()
        assert not chart(curves, chart_name).frame_now.y.is_log


def test_charts_tell_about_the_same_moment(curves: Curves) -> None:
    chart(curves, "lossChart").cursor_moved.emit(1.2)
    assert [shown.cursor_x for shown in curves.charts.all] == [1.2] * 6
    chart(curves, "accuracyChart").cursor_moved.emit(None)
    assert [shown.cursor_x for shown in curves.charts.all] == [None] * 6


def test_what_happened_is_marked_on_every_chart(curves: Curves) -> None:
    curves.charts.add_moment(500, "paused")
    for shown in curves.charts.all:
        assert [(mark.x, mark.text) for mark in shown.marks] == [(0.5, "paused")]
    curves.clear()
    assert not any(shown.marks for shown in curves.charts.all)


def test_every_moment_has_its_words() -> None:
    assert moment_of(RateChanged(7, 5e-4)) == (7, "learning rate changed to 0.0005")
    assert moment_of(LayersUnfrozen(8, 2, 12_345)) == (8, "12,345 parameters learn from here on")
    assert moment_of(PartsChanged(9, 4)) == (9, "each batch in 4 parts from here on")
    assert moment_of(Paused(10)) == (10, "paused")
    assert moment_of(Paused(10, device_freed=True)) == (10, "paused, device freed")
    assert moment_of(Resumed(10)) == (10, "went on")
    assert moment_of(NotSaved(11, "The disk is full.")) == (11, "not saved")
    assert moment_of(EndedEarly(12, "The loss is no longer a number.")) == (12, "The loss is no longer a number.")
    assert moment_of(MadeRun(10).steps(10)[0]) is None


def test_a_long_past_is_taken_in_at_once(qtbot: QtBot, themed: QApplication) -> None:
    curves = Curves()
    qtbot.addWidget(curves)
    feed = MadeRun(400_000)
    curves.charts.begin(feed.start()[1])  # pyright: ignore[reportArgumentType]
    past = [event for _report in range(20_000) for event in feed.steps(10) if isinstance(event, StepsDone)]
    curves.charts.add_steps(past)
    losses = chart(curves, "lossChart").series("step")
    assert len(losses) == 200_000
    assert losses[12_345] == (12.346, past[1234].losses[5])
    assert chart(curves, "learningRateChart").series("rate")[-1] == (200.0, past[-1].learning_rate)
