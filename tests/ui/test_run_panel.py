"""What the Train page says about a run: facts while it runs, words and ways on when it ended."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QProgressBar, QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from benchmarks.made_run import MadeRun
from cnn_desktop.core.events import (
    CheckpointSaved,
    EndedEarly,
    Event,
    Notice,
    NotSaved,
    Outcome,
    RateChanged,
    RunFinished,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.ui.jobs.train_thread import Ending
from cnn_desktop.ui.pages.train import facts_card
from cnn_desktop.ui.pages.train.run_panel import RunPanel
from cnn_desktop.ui.widgets.line_chart import LineChart
from tests.ui.conftest import child


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication) -> RunPanel:
    panel = RunPanel()
    qtbot.addWidget(panel, before_close_func=lambda _panel: panel.facts.show_finished(None))
    panel.resize(900, 700)
    panel.show()
    return panel


def start(panel: RunPanel, **changes: object) -> MadeRun:
    feed = MadeRun(4000)
    run_started, training_started = feed.start()
    assert isinstance(training_started, TrainingStarted)
    panel.begin()
    panel.take([run_started, replace(training_started, **changes)])  # pyright: ignore[reportArgumentType]
    return feed


def text(panel: RunPanel, name: str) -> str:
    return child(panel, QLabel, name).text()


def finished(outcome: Outcome = "done", run_dir: str = "", steps: int = 1500) -> RunFinished:
    return RunFinished(outcome, run_dir, "", steps, 0.842, 0.5, 7, 0.85, 124.0, 48_120.0, "model.cnnmodel")


def test_facts_follow_the_run(panel: RunPanel) -> None:
    feed = start(panel)
    events = [event for _report in range(150) for event in feed.steps(10)]
    panel.take(events)
    assert text(panel, "stepValue") == "1,500 of 4,000"
    assert text(panel, "deviceValue") == "CPU · bf16"
    assert text(panel, "exactValue") == "goes on exactly"
    assert "exactly the weights" in child(panel, QLabel, "exactValue").toolTip()
    assert text(panel, "bestValue") == "85.0 %, epoch 1"
    steps = [event for event in events if isinstance(event, StepsDone)]
    images = 128 * sum(len(event.losses) for event in steps)
    seconds = sum(128 * len(event.losses) / event.throughput for event in steps)
    assert text(panel, "throughputValue") == f"{images / seconds:,.0f}"
    assert text(panel, "trainStatus") == "Epoch 2 of 4"
    assert text(panel, "trainTimes") == "38 % · 10 min 25 s left · 6 min 15 s so far"
    assert child(panel, QProgressBar, "trainProgress").value() == 375


def test_a_device_that_is_not_exact_is_said_to_be_so(panel: RunPanel) -> None:
    start(panel, is_exact=False)
    assert text(panel, "exactValue") == "goes on, not exactly"
    assert "deterministic mode" in child(panel, QLabel, "exactValue").toolTip()


def test_the_last_checkpoint_ages(panel: RunPanel, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    now = 100.0
    monkeypatch.setattr(facts_card, "monotonic", lambda: now)
    start(panel)
    assert text(panel, "savedValue") == "–"
    panel.take([CheckpointSaved(10, "x")])
    assert text(panel, "savedValue") == "just now"
    now = 112.0
    qtbot.waitUntil(lambda: text(panel, "savedValue") == "12 s ago", timeout=5000)  # nothing else is reported
    panel.show_ending(Ending("stopped", run=finished("stopped")))
    assert text(panel, "savedValue") == "at the end"


def test_what_happened_becomes_marks_and_notices(panel: RunPanel) -> None:
    feed = start(panel)
    notice = Notice("2 pictures can't be read.")
    panel.take([*feed.steps(500), RateChanged(500, 1e-4), NotSaved(500, "The disk is full."), notice])
    chart = child(panel, LineChart, "lossChart")
    assert [(mark.x, mark.text) for mark in chart.marks] == [
        (0.5, "learning rate changed to 0.0001"),
        (0.5, "not saved"),
    ]
    assert text(panel, "runNotice") == notice.message
    assert child(panel, QLabel, "runNotice").isVisible()


def test_the_end_says_why_which_epoch_and_how_long(panel: RunPanel, tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("# My run\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "utf-8")
    feed = start(panel)
    why = "The validation loss has not improved for 5 epochs."
    events: list[Event] = [RunStarted(str(tmp_path), "digits", "mnist_cnn"), *feed.steps(1500), EndedEarly(1500, why)]
    panel.take(events)
    panel.show_ending(Ending("done", run=finished(run_dir=str(tmp_path))))
    assert text(panel, "trainStatus") == "Done · 84.2 % right on the test split"
    details = text(panel, "trainDetails")
    assert details == f"{why} The model is that of epoch 7, the best on the validation part (85.0 %). " + (
        "1,500 steps took 2 min 04 s."
    )
    assert text(panel, "testValue") == "84.2 %"
    assert text(panel, "throughputValue") == "48,120"
    for name in ("tryButton", "lookInsideButton", "reportButton"):
        assert child(panel, QPushButton, name).isVisible(), name
    seen: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        seen.append(child(dialog, QTextBrowser, "reportText").toPlainText())
        dialog.reject()

    QTimer.singleShot(50, read)
    child(panel, QPushButton, "reportButton").click()
    assert seen[0].startswith("My run")


def test_a_stopped_run_can_go_on(panel: RunPanel) -> None:
    feed = start(panel)
    panel.take([*feed.steps(1500), CheckpointSaved(1500, "x")])
    panel.show_ending(Ending("stopped", run=replace(finished("stopped"), test_accuracy=None)))
    assert text(panel, "trainStatus") == "Stopped · 85.0 % right on the validation part"
    assert text(panel, "trainDetails").startswith("Stopped as you asked; it can go on from here.")
    assert not child(panel, QPushButton, "reportButton").isVisible()  # there is no such file


def test_a_failed_run_says_what_is_kept(panel: RunPanel) -> None:
    feed = start(panel)
    panel.take([*feed.steps(100), CheckpointSaved(90, "x")])
    panel.show_ending(Ending("failed", "The pictures have vanished."))
    assert text(panel, "trainStatus") == "Failed: The pictures have vanished."
    assert text(panel, "trainDetails") == "What was learnt up to step 90 is saved in its folder."
    assert not child(panel, QPushButton, "tryButton").isVisible()


def test_a_run_that_never_began_offers_nothing(panel: RunPanel) -> None:
    panel.begin()
    panel.show_ending(Ending("stopped"))
    assert text(panel, "trainStatus") == "Stopped before the first step."
    assert not child(panel, QLabel, "trainDetails").isVisible()
    assert not child(panel, QPushButton, "tryButton").isVisible()


def test_the_ways_on_stand_below_the_words_where_there_is_no_room(panel: RunPanel, qtbot: QtBot) -> None:
    start(panel)
    panel.show_ending(Ending("done", run=finished()))
    words, button = child(panel, QLabel, "trainStatus"), child(panel, QPushButton, "tryButton")

    def is_below() -> bool:
        return button.mapTo(panel, button.rect().topLeft()).y() > words.mapTo(panel, words.rect().bottomLeft()).y()

    panel.resize(1300, 800)
    qtbot.waitUntil(lambda: not is_below(), timeout=2000)
    panel.resize(470, 612)
    qtbot.waitUntil(is_below, timeout=2000)
    assert panel.minimumSizeHint().height() <= 612
    assert panel.minimumSizeHint().width() <= 470


def test_an_empty_chart_invites_only_to_what_can_be_done(panel: RunPanel) -> None:
    chart = child(panel, LineChart, "lossChart")
    assert "Start" not in chart.invitation
    panel.show_readiness(can_start=True, why="Ready")
    assert chart.invitation.startswith("Press Start")
    panel.show_readiness(can_start=False, why="The dataset is not on this machine yet")
    assert chart.invitation.startswith("The dataset is not on this machine yet. ")
    assert "Start" not in chart.invitation
    panel.begin()
    assert "Start" not in chart.invitation


def test_a_new_run_forgets_the_last_one(panel: RunPanel) -> None:
    feed = start(panel)
    panel.take([*feed.steps(1500), EndedEarly(1500, "It was enough."), CheckpointSaved(1500, "x")])
    panel.show_ending(Ending("done", run=finished()))
    feed = start(panel)
    for name in ("stepValue", "testValue", "bestValue", "savedValue", "throughputValue"):
        assert text(panel, name) == "–", name
    assert child(panel, LineChart, "lossChart").is_empty
    panel.take(feed.steps(10))
    panel.show_ending(Ending("done", run=finished()))
    assert "enough" not in text(panel, "trainDetails")


def test_every_button_has_a_name(panel: RunPanel) -> None:
    for button in panel.findChildren(QPushButton):
        assert button.accessibleName() or button.text()
    assert all(isinstance(widget, QWidget) for widget in panel.findChildren(LineChart))
