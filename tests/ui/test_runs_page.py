import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QDoubleSpinBox, QLabel, QLineEdit, QMessageBox, QSpinBox, QTextBrowser
from pytestqt.qtbot import QtBot
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import Event, RunStarted, StepsDone, TrainingStarted
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.settings import Settings
from cnn_desktop.train.runs.notes import RunNotes, read_notes, write_notes
from cnn_desktop.train.runs.run_folder import RunFolder
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.runs.page import RunsPage
from cnn_desktop.ui.pages.runs.runs_model import PLACE_ROLE, Column
from cnn_desktop.ui.widgets.line_chart import LineChart
from tests.instructions import instructions
from tests.logged_runs import finished, log_epoch, logged_run, loss_at, open_run
from tests.ui.conftest import child


@pytest.fixture
def page(qtbot: QtBot, themed: object) -> RunsPage:
    """The page of a window whose engine is there, not shown yet."""
    page = RunsPage(AppContext(SettingsStore(Settings(), None)))
    page.context.setParent(page)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.resize(1200, 800)
    page.engine_ready()
    return page


def show(page: RunsPage, qtbot: QtBot, runs: int) -> None:
    page.show()
    qtbot.waitUntil(lambda: len(page.list.model.all_rows) == runs and not page._gathering.is_running)


def names(page: RunsPage) -> list[str]:
    return [row.run.title for row in page.list.model.shown_rows]


def choose(page: RunsPage, *runs: Path) -> None:
    page.list.table.choose(runs)


def wait_for_curves(page: RunsPage, qtbot: QtBot) -> LineChart:
    qtbot.waitUntil(lambda: not page._looking.is_running)
    return page.findChildren(LineChart)[-1]


def test_an_empty_page_says_what_to_do(page: RunsPage, qtbot: QtBot) -> None:
    page.show()
    qtbot.waitUntil(lambda: "no runs yet" in page._empty.message.text())
    with qtbot.waitSignal(page.context.page_asked) as asked:
        next(button for button in page.findChildren(QAbstractButton) if button.text() == "Train one").click()
    assert asked.args == ["Train", ""]


def test_nothing_is_read_before_the_page_is_seen(page: RunsPage, qtbot: QtBot) -> None:
    logged_run()
    page.context.runs_changed.emit()
    assert not page._gathering.is_running
    show(page, qtbot, 1)


def test_the_newest_run_is_shown_with_figures_settings_and_curve(page: RunsPage, qtbot: QtBot) -> None:
    logged_run(age=50, learning_rate=0.5)
    new = logged_run(learning_rate=0.02)
    show(page, qtbot, 2)
    assert names(page)[0] == new.name
    facts = dict(page.panel.head.facts.facts)
    assert facts["Test accuracy"] == "75.0 %" and facts["Training time"] == "12 s"
    assert facts["Best validation"] == "78.3 % (epoch 3)" and facts["Epochs"] == "3, 60 steps"
    assert dict(page.panel.settings.facts)["Learning rate"] == "0.02"
    chart = wait_for_curves(page, qtbot)
    assert chart.series("1") == [(n, pytest.approx(loss_at(20 * n))) for n in (1, 2, 3)]
    page.panel.curves.horizontal.choose("step")
    page.panel.curves.view.choose("accuracy")
    chart = wait_for_curves(page, qtbot)
    assert [x for x, _y in chart.series("2")] == [20, 40, 60] and chart.x_title == "step"
    assert chart.tick_texts(chart.frame_now.y)[-1] == "100 %"


def test_cells_and_sorting_by_each_column(page: RunsPage, qtbot: QtBot) -> None:
    best = logged_run(age=300, dataset="cifar10")
    killed = logged_run(epochs=1, planned=3, outcome=None, age=200, can_go_on=True)
    never_began = logged_run(epochs=0, outcome="failed", age=100)
    show(page, qtbot, 3)
    model = page.list.model
    row = model.row_of(killed)
    assert row is not None
    texts = [model.index(row, column).data() for column in Column]
    assert texts[Column.STATE] == "interrupted, can go on" and texts[Column.TIME] == "2 s"
    assert texts[Column.BEST] == "45.0 %" and texts[Column.DEVICE] == "CPU: test · fp32"
    assert "MNIST CNN · Digits" in texts[Column.RUN] and texts[Column.CURVE].startswith("loss from")
    page.list.table.sortByColumn(Column.BEST, Qt.SortOrder.DescendingOrder)
    assert [row.path for row in model.shown_rows] == [best, killed, never_began]
    page.list.table.sortByColumn(Column.BEST, Qt.SortOrder.AscendingOrder)
    assert [row.path for row in model.shown_rows] == [killed, best, never_began], "without a figure: last"
    for column in Column:
        page.list.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        upwards = names(page)
        page.list.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        assert sorted(names(page)) == sorted(upwards)


def test_search_looks_into_names_notes_and_tags(page: RunsPage, qtbot: QtBot) -> None:
    first, second = logged_run(age=10), logged_run(dataset="cifar10")
    write_notes(first, RunNotes(text="learnt the Whole alphabet", tags=("for the talk",)))
    show(page, qtbot, 2)
    search = child(page, QLineEdit, "runsSearch")
    for text, found in (("ALPHABET", [first]), ("talk digits", [first]), ("cifar-10", [second]), ("mnist_cnn", None)):
        search.setText(text)
        assert [row.path for row in page.list.model.shown_rows] == (found or [second, first])
    search.setText("talk cifar")
    assert names(page) == [] and any(label.text().startswith("No run holds") for label in page.findChildren(QLabel))
    search.clear()
    assert len(names(page)) == 2


def test_the_selection_survives_sorting_searching_and_news(page: RunsPage, qtbot: QtBot) -> None:
    runs = [logged_run(age=age) for age in range(0, 50, 10)]
    show(page, qtbot, 5)
    choose(page, runs[1], runs[3])
    page.list.table.sortByColumn(Column.WHEN, Qt.SortOrder.AscendingOrder)
    assert {row.path for row in page.list.table.chosen_rows} == {runs[1], runs[3]}
    logged_run()
    page.context.runs_changed.emit()
    qtbot.waitUntil(lambda: len(page.list.model.all_rows) == 6)
    assert {row.path for row in page.list.table.chosen_rows} == {runs[1], runs[3]}


def test_several_runs_are_laid_over_each_other_and_compared(page: RunsPage, qtbot: QtBot) -> None:
    first, second = logged_run(learning_rate=0.1), logged_run(epochs=2, learning_rate=0.02, age=10)
    show(page, qtbot, 2)
    choose(page, first, second)
    chart = wait_for_curves(page, qtbot)
    assert [line.title for line in chart.lines] == ["A", "B"]
    assert len({(line.color, line.dash) for line in chart.lines}) == 2
    assert len(chart.series("0")) == 3 and len(chart.series("1")) == 2
    table = page.panel.comparison
    rows = {
        table.verticalHeaderItem(row).text(): [table.item(row, column).text() for column in (0, 1)]
        for row in range(table.rowCount())
    }
    assert rows["Learning rate"] == ["0.1", "0.02"] and "Optimizer" not in rows
    assert rows["Epochs done"] == ["3", "2 of 3"]
    assert table.horizontalHeaderItem(0).text().split() == ["A", "78.3", "%"]
    page.panel.curves.view.choose("train_loss")
    chart = wait_for_curves(page, qtbot)
    assert chart.series("1")[0] == (1, pytest.approx(loss_at(20)))
    assert not page.panel.notes.isVisible()
    model = page.list.model
    assert [model.index(row, 0).data(PLACE_ROLE) for row in (0, 1)] == [0, 1]
    choose(page, first)
    assert model.index(0, 0).data(PLACE_ROLE) is None


def test_notes_and_tags_are_kept(page: RunsPage, qtbot: QtBot) -> None:
    run, other = logged_run(), logged_run(age=10)
    show(page, qtbot, 2)
    notes = page.panel.notes
    notes.text.setPlainText("a second try")
    notes.tags.setText("x")
    qtbot.keyClicks(notes.tags, ", y")
    choose(page, other)
    qtbot.waitUntil(lambda: read_notes(run) == RunNotes(text="a second try", tags=("x", "y")))
    assert notes.text.toPlainText() == "" and read_notes(other) == RunNotes()
    choose(page, run)
    assert notes.tags.text() == "x, y"
    child(page, QLineEdit, "runsSearch").setText("second")
    assert names(page) == [run.name]


def test_what_is_typed_is_not_disturbed_by_news(page: RunsPage, qtbot: QtBot) -> None:
    folder = open_run(epochs=1)
    show(page, qtbot, 1)
    page.panel.notes.text.setPlainText("still typing")
    log_epoch(folder, 2)
    page._look_again()
    qtbot.waitUntil(lambda: page.list.model.all_rows[0].run.epochs == 2)
    assert page.panel.notes.text.toPlainText() == "still typing"
    page.shutdown()
    assert read_notes(folder.path).text == "still typing"
    folder.close()


def test_a_run_that_trains_is_followed_only_while_the_page_is_seen(page: RunsPage, qtbot: QtBot) -> None:
    page._timer.setInterval(50)
    folder = open_run(epochs=1, planned=4)
    show(page, qtbot, 1)
    assert page.list.model.index(0, Column.STATE).data() == "running"
    assert not page.actions_.delete.isEnabled() and not page.actions_.go_on.isEnabled()
    log_epoch(folder, 2)
    qtbot.waitUntil(lambda: page.list.model.all_rows[0].run.epochs == 2)
    chart = wait_for_curves(page, qtbot)
    qtbot.waitUntil(lambda: len(chart.series("1")) == 2)
    page.hide()
    log_epoch(folder, 3)
    qtbot.wait(200)
    assert page.list.model.all_rows[0].run.epochs == 2
    folder.close()
    page.show()
    qtbot.waitUntil(lambda: page.list.model.index(0, Column.STATE).data() == "interrupted")


def test_repeat_go_on_predict_and_folder(page: RunsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    run = logged_run(outcome="stopped", can_go_on=True, learning_rate=0.03)
    (run / "model.cnnmodel").touch()
    show(page, qtbot, 1)
    asked: list[object] = []
    page.context.page_asked.connect(lambda *args: asked.append(args))
    page.context.repeat_asked.connect(asked.append)
    page.context.go_on_asked.connect(asked.append)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    child(page, QAbstractButton, "repeatRunButton").click()
    repeated = asked.pop()
    assert isinstance(repeated, RunConfig)
    assert repeated.recipe.learning_rate == 0.03 and repeated.run_dir is None
    child(page, QAbstractButton, "goOnRunButton").click()
    assert asked == [("Train", ""), ("Train", ""), run]
    for action in (page.actions_.predict, page.actions_.inspect, page.actions_.folder):
        action.trigger()
    assert asked[3:] == [("Predict", str(run)), ("Inspect", str(run))]
    assert opened == [str(run)]


def test_repeating_a_run_fills_the_train_page(window: MainWindow, qtbot: QtBot) -> None:
    logged_run(planned=7, learning_rate=0.03, batch_size=48)
    child(window, QAbstractButton, "navRuns").click()
    button = child(window, QAbstractButton, "repeatRunButton")
    qtbot.waitUntil(button.isVisible)
    button.click()
    assert child(window, QAbstractButton, "navTrain").isChecked()
    qtbot.waitUntil(lambda: child(window, QSpinBox, "epochsSpin").value() == 7)
    assert child(window, QSpinBox, "batchSizeSpin").value() == 48
    assert child(window, QDoubleSpinBox, "learningRateSpin").value() == 0.03


def test_report_opens_to_read(page: RunsPage, qtbot: QtBot) -> None:
    run = logged_run()
    (run / "report.md").write_text("# All about it\n\nIt **learnt**.")
    show(page, qtbot, 1)
    page.actions_.report.trigger()
    qtbot.waitUntil(lambda: page.findChild(QTextBrowser) is not None)
    text = page.findChild(QTextBrowser)
    assert text is not None and "It learnt." in text.toPlainText()
    text.window().close()


def test_export_writes_what_tensorboard_reads(page: RunsPage, qtbot: QtBot) -> None:
    runs = [logged_run(), logged_run(age=10)]
    show(page, qtbot, 2)
    choose(page, *runs)
    page.actions_.export.trigger()
    message = child(page, QLabel, "runsBannerMessage")
    qtbot.waitUntil(lambda: "tensorboard --logdir" in message.text())
    assert str(runs_dir()) in message.text()
    for run in runs:
        assert len(EventAccumulator(str(run)).Reload().Scalars("step/loss")) == 60


def test_a_run_started_in_the_window_writes_events_where_that_is_wanted(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn_desktop.ui.pages.train import engine

    folder = open_run(epochs=0, planned=1)

    def train(*_arguments: object) -> Iterator[Event]:
        yield RunStarted(str(folder.path), "digits", "mnist_cnn")
        yield TrainingStarted("CPU", "fp32", ("a",), 1, 1, 1, 1, 1, 2, 2, 0, 1, 1, True)
        yield StepsDone(2, (0.5, 0.25), 0.5, 0.1, 1.0, 1.0, 0.0, None, None)
        yield finished(folder, "done", 1)

    monkeypatch.setattr(engine, "train", train)
    start = child(window, QAbstractButton, "startButton")
    for is_wanted in (False, True):
        if is_wanted:
            follow = window.findChild(QAction, "followRuns")
            assert follow is not None
            follow.trigger()
        start.click()
        qtbot.waitUntil(lambda: child(window, QLabel, "trainStatus").text().startswith("Done"), timeout=20_000)
        qtbot.waitUntil(start.isEnabled)
        assert bool(list(folder.path.glob("events.out.tfevents*"))) is is_wanted
    folder.close()
    assert [event.value for event in EventAccumulator(str(folder.path)).Reload().Scalars("step/loss")] == [0.5, 0.25]


@pytest.fixture
def trash(home: Path) -> Path:
    """The desktop's trash on Linux; its parent is there on every desktop."""
    (home / ".local" / "share").mkdir(parents=True, exist_ok=True)
    return home / ".local" / "share" / "Trash"


@pytest.mark.skipif(os.name == "nt", reason="the trash of the person who runs the tests would be used")
def test_runs_go_to_the_trash_and_come_back(page: RunsPage, qtbot: QtBot, trash: Path) -> None:
    runs = [logged_run(age=age) for age in (0, 10, 20)]
    folder = open_run()
    show(page, qtbot, 4)
    choose(page, *runs[:2], folder.path)
    page.list.table.setFocus()
    qtbot.keyClick(page.list.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(page.list.model.all_rows) == 2)
    assert not runs[0].exists() and folder.path.exists() and runs[2].exists()
    assert {file.name for file in (trash / "files").iterdir()} == {run.name for run in runs[:2]}
    assert child(page, QLabel, "runsBannerMessage").text() == "2 runs are in the trash."
    child(page, QAbstractButton, "undoDelete").click()
    qtbot.waitUntil(lambda: len(page.list.model.all_rows) == 4)
    assert {row.path for row in page.list.table.chosen_rows} == set(runs[:2])
    assert list((trash / "files").iterdir()) == [] == list((trash / "info").iterdir())
    folder.close()


def _answer(text: str) -> None:
    def click() -> None:
        from PySide6.QtWidgets import QApplication

        box = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible())
        next(button for button in box.buttons() if button.text().replace("&", "") == text).click()

    QTimer.singleShot(300, click)


@pytest.mark.parametrize(("answer", "is_left"), [("Keep", True), ("Delete for good", False)])
def test_without_a_trash_it_is_asked(
    page: RunsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: str, is_left: bool
) -> None:
    from cnn_desktop.ui.pages.runs import trash

    class NoTrash:
        def __init__(self, name: str) -> None: ...

        def moveToTrash(self) -> bool:
            return False

    monkeypatch.setattr(trash, "QFile", NoTrash)
    run = logged_run()
    show(page, qtbot, 1)
    asked: list[None] = []
    ask = page._away._ask_to_delete
    monkeypatch.setattr(page._away, "_ask_to_delete", lambda runs: (_answer(answer), ask(runs), asked.append(None)))
    page.actions_.delete.trigger()
    qtbot.waitUntil(lambda: bool(asked) and not page._working.is_running)
    assert run.exists() is is_left


def test_a_run_that_began_meanwhile_is_never_thrown_away(page: RunsPage, qtbot: QtBot) -> None:
    run = logged_run(outcome="stopped")
    show(page, qtbot, 1)
    folder = RunFolder(run)
    page.actions_.delete.trigger()
    qtbot.waitUntil(lambda: not page._working.is_running)
    assert run.exists()
    folder.close()


def test_damaged_runs_are_told_with_their_reasons(page: RunsPage, qtbot: QtBot) -> None:
    good, broken = logged_run(), logged_run()
    (broken / "config.json").write_text("{}")
    show(page, qtbot, 1)
    assert names(page) == [good.name]
    button = child(page, QAbstractButton, "damagedRuns")
    assert button.isVisible() and button.text().startswith("1 run can't be read")
    button.click()
    assert child(page, QAbstractButton, "runsBannerDetails").isVisible()
    assert str(broken) in page.banner._details


@pytest.mark.parametrize("name", ["ä 字 🎈", "<b>bold & co", os.fsdecode(b"\xff\xfe"), "x" * 250])
def test_names_of_any_kind_are_shown(page: RunsPage, qtbot: QtBot, name: str) -> None:
    run = logged_run().rename(runs_dir() / name)
    show(page, qtbot, 1)
    wait_for_curves(page, qtbot)
    page.grab()
    assert page.list.table.chosen_rows[0].path == run
    if name.isprintable():
        assert page.panel.head.folder.text() == name


def test_a_thousand_runs_stall_nothing(page: RunsPage, qtbot: QtBot) -> None:
    import shutil

    first = logged_run(epochs=12, planned=12)
    for number in range(999):
        copy = runs_dir() / f"copy-{number:03d}"
        copy.mkdir()
        for file in ("config.json", "metrics.jsonl"):
            shutil.copy(first / file, copy / file)
    page.resize(1200, 800)
    show(page, qtbot, 1000)
    table, search = page.list.table, child(page, QLineEdit, "runsSearch")
    steps = [
        lambda: search.setText("copy-1"),
        lambda: search.setText("digits"),
        lambda: table.sortByColumn(Column.BEST, Qt.SortOrder.AscendingOrder),
        lambda: table.sortByColumn(Column.RUN, Qt.SortOrder.AscendingOrder),
        lambda: table.verticalScrollBar().setValue(20_000),
        table.viewport().repaint,
        lambda: page.list.model.replace_rows(page.list.model.all_rows[:3]),
    ]
    work = [instructions(step) for step in steps]
    assert max(work) < 1_000_000, work  # about 30 ms; sorting compares a thousand runs some ten thousand times
