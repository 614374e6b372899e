"""What happens between a changed setting and the start: schedule, checks, estimate, search for a rate."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtWidgets import QAbstractButton, QApplication, QDoubleSpinBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CancelledError
from cnn_desktop.core.events import Event, Preparing, RateFound, RateTried
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.settings import Settings
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.train.control import Control
from cnn_desktop.train.planning.estimate import Estimate
from cnn_desktop.train.planning.problem import Problem
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.train.estimate_card import estimate_text
from cnn_desktop.ui.pages.train.finder_dialog import FinderDialog
from cnn_desktop.ui.pages.train.network_plan import Labels, NetworkPlan, rate_points
from cnn_desktop.ui.pages.train.preparation import Preparation
from cnn_desktop.ui.pages.train.settings_card import SettingsCard
from cnn_desktop.ui.widgets.curve_view import CurveView
from tests.ui.conftest import child
from tests.ui.test_train_settings import DIGITS, LARGE, SMALL, choose

_MEASURED = Estimate((), "bf16", "Measured here.", 10, 10, 240.0, 2400.0, 1000.0, 1_200_000_000, 16_000_000_000)
_PLAN = NetworkPlan(
    Dataset("digits", "Digits", ("a", "b"), 1, (8, 8), {"train": Labels(np.zeros(1000))}), (8, 8), 1, (), {}, 0
)


class FakeEngine(ModuleType):
    """What the Train page asks of the engine, with answers of ours."""

    rate_points = staticmethod(rate_points)

    def __init__(self) -> None:
        super().__init__("engine")
        self.checked: list[RunConfig] = []
        self.controls: list[Control] = []
        self.problems: tuple[Problem, ...] = ()
        self.refusal: Exception | None = None
        self.estimate = _MEASURED
        self.may_end = threading.Event()
        self.ended = threading.Event()

    def start_choices(self, progress: Progress) -> list[Any]:
        return []

    def check(self, config: RunConfig, progress: Progress) -> tuple[Problem, ...]:
        self.checked.append(config)
        if self.refusal is not None:
            raise self.refusal
        return self.problems

    def measure(self, config: RunConfig, control: Control, progress: Progress) -> Estimate:
        self.controls.append(control)
        progress(1, 4)
        try:
            while not self.may_end.wait(0.01):
                if control.stop_requested:
                    raise CancelledError
        finally:
            self.ended.set()
        return self.estimate

    def find_rate(self, config: RunConfig, control: Control) -> Iterator[Event]:
        self.controls.append(control)
        yield Preparing("Opening digits", 0, 0)
        for step in range(30):
            rate = 1e-7 * 10 ** (step / 4)
            yield RateTried(rate, 2.4 - step / 20, 2.4 - step / 25)
        try:
            while not self.may_end.wait(0.01):
                yield Preparing("Waiting", 0, 0)
                if control.stop_requested:
                    raise CancelledError
        finally:
            self.ended.set()
        yield RateFound(0.003, "The loss falls fastest there.")


class Bench:
    """A settings card with its preparation."""

    def __init__(self) -> None:
        self.engine = FakeEngine()
        self.card = SettingsCard()
        self.context = AppContext(SettingsStore(Settings(), None))
        self.preparation = Preparation(self.card, self.context)
        self.card.show_choices([DIGITS], [SMALL, LARGE], (), "digits", "small")
        self.card.show_state("idle")
        self.card.show()
        self.preparation.use_engine(self.engine)
        self.preparation.show_plan(_PLAN)

    def text(self, name: str) -> str:
        return child(self.card, QLabel, name).text()

    def click(self, name: str) -> None:
        child(self.card, QAbstractButton, name).click()

    def finder(self) -> FinderDialog:
        return child(self.card, FinderDialog, "rateFinder")


@pytest.fixture
def bench(qtbot: QtBot, themed: QApplication) -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.engine.may_end.set()
    bench.preparation.shutdown()
    bench.card.close()
    shiboken6.delete(bench.card)


def test_the_schedule_is_drawn_anew_with_every_change(bench: Bench) -> None:
    curve = child(bench.card, CurveView, "scheduleCurve")
    assert {rate for _epoch, rate in curve.line} == {SMALL.recipe.learning_rate}
    choose(bench.card, "schedulePicker", "cosine")
    child(bench.card, QSpinBox, "epochsSpin").setValue(4)
    child(bench.card, QDoubleSpinBox, "warmupSpin").setValue(1)
    assert curve.line == rate_points(bench.card.config(), _PLAN.dataset)
    assert curve.line[-1][0] == pytest.approx(4, abs=0.1)
    assert max(curve.line, key=lambda point: point[1])[0] == pytest.approx(1, abs=0.1)


def test_problems_follow_the_last_change_and_only_some_stop_a_start(bench: Bench, qtbot: QtBot) -> None:
    told: list[bool] = []
    bench.preparation.problems_changed.connect(lambda: told.append(bench.preparation.has_problem))
    bench.engine.problems = (Problem("It would fail.", stops=True), Problem("It might mislead.", stops=False))
    before = len(bench.engine.checked)
    for epochs in range(2, 8):
        child(bench.card, QSpinBox, "epochsSpin").setValue(epochs)
    qtbot.waitUntil(lambda: bench.text("planProblem") == "It would fail.")
    assert len(bench.engine.checked) == before + 1
    assert bench.engine.checked[-1].recipe.epochs == 7
    assert bench.text("planWarnings") == "It might mislead."
    assert told[-1]
    bench.engine.problems = bench.engine.problems[1:]
    child(bench.card, QSpinBox, "epochsSpin").setValue(3)
    qtbot.waitUntil(lambda: not told[-1])
    assert not child(bench.card, QLabel, "planProblem").isVisible()
    assert child(bench.card, QLabel, "planWarnings").isVisible()


def test_a_refusal_stops_a_start_too(bench: Bench, qtbot: QtBot) -> None:
    bench.engine.refusal = BadInputError("This machine has no device “mps”.")
    child(bench.card, QSpinBox, "epochsSpin").setValue(3)
    qtbot.waitUntil(lambda: bench.preparation.has_problem)
    assert bench.text("planProblem") == "This machine has no device “mps”."


def test_many_problems_leave_room_for_the_fields(bench: Bench) -> None:
    bench.card.estimate.show_problems([Problem(f"Warning {number}.", stops=False) for number in range(9)])
    assert bench.text("planWarnings").splitlines() == ["Warning 0.", "Warning 1.", "Warning 2.", "And 6 more."]
    assert "Warning 8." in child(bench.card, QLabel, "planWarnings").toolTip()


def test_time_and_memory_are_measured_when_asked_for(bench: Bench, qtbot: QtBot) -> None:
    assert not bench.engine.controls
    bench.click("estimateButton")
    qtbot.waitUntil(lambda: bench.text("estimateText") == "Measuring… 25 %")
    bench.engine.estimate = replace(_MEASURED, problems=(Problem("Memory is short.", stops=False),))
    bench.engine.may_end.set()
    expected = "About 4 min an epoch, 40 min in all · 1.2 GB of 16 GB free · bf16"
    qtbot.waitUntil(lambda: bench.text("estimateText") == expected)
    assert bench.text("planWarnings") == "Memory is short."
    child(bench.card, QSpinBox, "batchSizeSpin").setValue(8)
    assert bench.text("estimateText") == "How long, how much memory?"


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(lambda bench: child(bench.card, QSpinBox, "epochsSpin").setValue(3), id="a change"),
        pytest.param(lambda bench: bench.click("estimateButton"), id="Cancel"),
        pytest.param(lambda bench: bench.preparation.cancel(), id="Start"),
    ],
)
def test_measuring_ends_at_once(bench: Bench, qtbot: QtBot, stop: Callable[[Bench], None]) -> None:
    bench.click("estimateButton")
    qtbot.waitUntil(lambda: bool(bench.engine.controls))
    stop(bench)
    assert bench.text("estimateText") == "How long, how much memory?"
    assert bench.engine.ended.wait(5)


def test_a_run_begins_only_when_nothing_measures_any_more(bench: Bench, qtbot: QtBot) -> None:
    still_measuring: list[bool] = []

    def train(*_args: object) -> Iterator[Event]:
        still_measuring.append(not bench.engine.ended.is_set())
        yield Preparing("Reading", 0, 0)

    bench.click("estimateButton")
    qtbot.waitUntil(lambda: bool(bench.engine.controls))
    bench.preparation.cancel()
    list(bench.preparation.then(train)(bench.card.config(), Control(), None))
    assert still_measuring == [False]


def test_a_run_that_cannot_start_is_not_measured() -> None:
    assert estimate_text(Estimate((Problem("No.", stops=True),))) == "Not measured, since this run can't start."


def test_the_finder_draws_suggests_and_fills_the_field_in(bench: Bench, qtbot: QtBot) -> None:
    bench.click("findRateButton")
    finder = bench.finder()
    qtbot.waitUntil(lambda: len(finder.chart.line) == 30)
    use = child(finder, QAbstractButton, "useRateButton")
    assert not use.isEnabled()
    bench.engine.may_end.set()
    qtbot.waitUntil(use.isEnabled)
    assert finder.chart.mark == (0.003, "0.003")
    assert child(finder, QLabel, "finderStatus").text() == "The loss falls fastest there."
    assert use.text() == "Use 0.003"
    use.click()
    assert bench.card.config().recipe.learning_rate == 0.003


def test_closing_the_finder_ends_the_search(bench: Bench, qtbot: QtBot) -> None:
    before = bench.card.config()
    bench.click("findRateButton")
    finder = bench.finder()
    qtbot.waitUntil(lambda: bool(finder.chart.line))
    child(finder, QAbstractButton, "closeFinderButton").click()
    assert bench.engine.ended.wait(5)
    assert bench.card.config() == before


def test_a_search_that_fails_says_so(bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_rate(config: RunConfig, control: Control) -> Iterator[Event]:
        yield RateTried(1e-7, 2.4, 2.4)
        raise BadInputError("There are no training pictures; choose another dataset.")

    monkeypatch.setattr(bench.engine, "find_rate", find_rate)
    bench.click("findRateButton")
    status = child(bench.finder(), QLabel, "finderStatus")
    qtbot.waitUntil(lambda: status.text().startswith("There are no training pictures"))
    assert not child(bench.finder(), QAbstractButton, "useRateButton").isEnabled()
