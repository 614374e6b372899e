"""What the Train page does when a run needs the person: after a crash, without memory, unsaved, failed, ended early."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QDoubleSpinBox, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CheckpointError, DivergedError, TrainingError
from cnn_desktop.core.events import Event
from cnn_desktop.core.paths import settings_file
from cnn_desktop.core.settings import Settings, load_settings
from cnn_desktop.train.control import Control
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.train import TrainPage
from cnn_desktop.ui.pages.train.run_panel import RunPanel
from cnn_desktop.ui.widgets.line_chart import LineChart
from tests.ui.conftest import child
from tests.ui.example_runs import killed_run
from tests.ui.fake_training import FakeTraining


class Recorder:
    """A trainer that notes what it is asked, and what became of it."""

    def __init__(self, pretend: FakeTraining) -> None:
        self.pretend = pretend
        self.asked: list[tuple[RunConfig, Path | None]] = []
        self.events: list[Event] = []

    def __call__(self, config: RunConfig, control: Any, resume_from: Path | None) -> Iterator[Event]:
        self.asked.append((config, resume_from))
        for event in self.pretend(config, control, resume_from):
            self.events.append(event)
            yield event

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a pretended trainer in the place of the real one."""

    def put(**faults: Any) -> Recorder:
        from cnn_desktop.ui.pages.train import engine

        recorder = Recorder(FakeTraining(**faults))
        monkeypatch.setattr(engine, "train", recorder)
        return recorder

    return put


def click(window: QWidget, name: str) -> None:
    button = child(window, QAbstractButton, name)
    assert button.isVisible() and button.isEnabled(), name
    button.click()


def message(window: QWidget, banner: str) -> str:
    return child(window, QLabel, f"{banner}Message").text()


def shows(window: QWidget, banner: str) -> bool:
    return child(window, QWidget, banner).isVisible()


def status(window: QWidget) -> str:
    return child(window, QLabel, "trainStatus").text()


# ---- after a crash


@pytest.fixture
def killed(home: Path) -> Path:
    return killed_run()


@pytest.fixture
def reopened(killed: Path, window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window at the start after a crash."""
    qtbot.waitUntil(lambda: shows(window, "offerBanner"), timeout=20_000)
    return window


def test_a_killed_run_is_offered_and_goes_on(reopened: MainWindow, killed: Path, qtbot: QtBot, pretend: Any) -> None:
    assert message(reopened, "offerBanner") == (
        "Digits · MNIST CNN stopped in epoch 4 of 10 when the program ended unexpectedly."
    )
    train = pretend(first_step=20)
    click(reopened, "offerGoOnButton")
    qtbot.waitUntil(lambda: status(reopened).startswith("Done"), timeout=10_000)
    assert [folder for _config, folder in train.asked] == [killed]
    assert train.asked[0][0].seed == 1234
    assert not shows(reopened, "offerBanner")


def test_the_curves_of_a_run_that_goes_on_are_whole(reopened: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(first_step=30, epochs=10)
    click(reopened, "offerGoOnButton")
    qtbot.waitUntil(lambda: status(reopened).startswith("Done"), timeout=10_000)
    losses = child(reopened, LineChart, "lossChart")
    assert [round(x) for x, _y in losses.series("validation")] == list(range(1, 11))
    steps = [round(10 * x) for x, _y in losses.series("step")]
    assert steps[0] < 3 and steps == sorted(steps), "what came after the checkpoint happens again, and is drawn once"
    pretend()
    click(reopened, "startButton")
    qtbot.waitUntil(lambda: len(losses.series("validation")) == 4, timeout=10_000)


def test_not_now_is_not_asked_again(reopened: MainWindow, killed: Path, qtbot: QtBot) -> None:
    click(reopened, "offerDeclineButton")
    assert not shows(reopened, "offerBanner")
    assert reopened.context.settings.settings.runs_left == (killed.name,)
    from cnn_desktop.core.progress import no_progress
    from cnn_desktop.ui.pages.train.going_on import newest_killed_run

    assert newest_killed_run((), no_progress) is not None
    assert newest_killed_run((killed.name,), no_progress) is None


def test_not_now_is_remembered_even_by_a_program_that_crashes_next(
    killed: Path, qtbot: QtBot, themed: Any, home: Path
) -> None:
    window = MainWindow(SettingsStore(Settings(), settings_file()))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: shows(window, "offerBanner"), timeout=20_000)
    click(window, "offerDeclineButton")
    assert load_settings(settings_file())[0].runs_left == (killed.name,)


def test_the_folder_can_be_shown_and_the_offer_stays(
    reopened: MainWindow, killed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn_desktop.ui.pages.train import run_banners

    opened: list[str] = []
    monkeypatch.setattr(run_banners.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    click(reopened, "offerFolderButton")
    assert opened == [str(killed)]
    assert shows(reopened, "offerBanner")


def test_another_run_takes_the_offer_back(reopened: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend()
    click(reopened, "startButton")
    assert not shows(reopened, "offerBanner")
    qtbot.waitUntil(lambda: status(reopened).startswith("Done"), timeout=10_000)


@pytest.mark.parametrize("how", ["stopped", "done", "failed", "no checkpoint"])
def test_only_a_run_that_was_killed_and_can_go_on_is_offered(home: Path, how: str) -> None:
    from cnn_desktop.core.progress import no_progress
    from cnn_desktop.ui.pages.train.going_on import newest_killed_run

    folder = killed_run(with_checkpoint=how != "no checkpoint")
    if how != "no checkpoint":
        with (folder / "metrics.jsonl").open("a") as lines:
            lines.write(json.dumps({"event": "run_finished", "outcome": how}) + "\n")
    assert newest_killed_run((), no_progress) is None


def test_going_on_needs_a_run(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.findChildren(TrainPage)[0].go_on(tmp_path)
    qtbot.waitUntil(lambda: shows(window, "banner"), timeout=10_000)
    assert "isn't the folder of a run" in message(window, "banner")


# ---- out of memory


def test_memory_that_runs_out_is_asked_about_and_the_run_goes_on(
    window: MainWindow, qtbot: QtBot, pretend: Any
) -> None:
    train = pretend(memory_ends_at=5)
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "memoryBanner"), timeout=10_000)
    assert message(window, "memoryBanner") == (
        "Not enough memory for 128 pictures at once. Go on with 64 at a time? "
        "The result is nearly the same, and each step takes a little longer."
    )
    assert status(window) == "Waiting for your answer"
    assert not child(window, QWidget, "memoryBannerClose").isVisible(), "the question can't be left open"
    assert child(window, QPushButton, "memoryGoOnButton").text() == "Go on with 64"
    click(window, "memoryGoOnButton")
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)
    assert "PartsChanged" in train.names()
    assert not shows(window, "memoryBanner")


@pytest.mark.parametrize("button", ["memoryStopButton", "stopButton"])
def test_without_consent_the_run_stops(window: MainWindow, qtbot: QtBot, pretend: Any, button: str) -> None:
    train = pretend(memory_ends_at=5)
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "memoryBanner"), timeout=10_000)
    click(window, button)
    qtbot.waitUntil(lambda: status(window).startswith("Stopped"), timeout=10_000)
    assert "PartsChanged" not in train.names()
    assert not shows(window, "memoryBanner")


def test_a_person_on_another_page_is_told_of_the_question(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(memory_ends_at=5)
    click(window, "startButton")
    window.show_page("Predict")
    qtbot.waitUntil(lambda: shows(window, "banner"), timeout=10_000)
    assert "waits for your answer" in message(window, "banner")


# ---- saving that fails


def test_what_is_not_saved_is_said_until_it_is(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(epochs=1000, pause=0.05, unsaved_at=(2,), saved_at=(30,))
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "unsavedBanner"), timeout=10_000)
    assert "12 MB" in message(window, "unsavedBanner")
    assert "Training goes on" in message(window, "unsavedBanner")
    qtbot.waitUntil(lambda: not shows(window, "unsavedBanner"), timeout=10_000)
    assert status(window).startswith("Epoch")


def test_a_run_that_can_not_be_saved_is_kept_where_the_person_says(
    window: MainWindow, qtbot: QtBot, pretend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    pretend(epochs=1000, pause=0.05, unsaved_at=(2,))
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "unsavedBanner"), timeout=10_000)
    click(window, "keepElsewhereButton")
    qtbot.waitUntil(lambda: not shows(window, "unsavedBanner"), timeout=10_000)
    panel = window.findChild(RunPanel)
    assert panel is not None and panel.run_dir == str(tmp_path / "run")


def test_a_window_whose_run_could_not_be_saved_stays_open(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn_desktop.ui.pages.train import engine

    def train(config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
        yield from FakeTraining(epochs=1000, pause=0.01)(config, control, resume_from)
        raise CheckpointError("Stopped, but the state could not be saved.")

    monkeypatch.setattr(engine, "train", train)
    monkeypatch.setattr(MainWindow, "_may_stop", lambda _self: True)
    click(window, "startButton")
    qtbot.waitUntil(lambda: status(window).startswith("Epoch"), timeout=10_000)
    assert not window.close()
    assert window.isVisible()
    assert "could not be saved" in message(window, "endingBanner")
    assert window.close(), "a person who has read it may leave"


# ---- failures


def test_a_divergence_offers_to_start_again_with_a_smaller_rate(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    train = pretend(fail_at=25, saved_at=(20,), failure=DivergedError("The loss is no longer a number.", 0.00025))
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "endingBanner"), timeout=10_000)
    assert message(window, "endingBanner") == "The training failed: The loss is no longer a number."
    assert child(window, QPushButton, "goOnButton").text() == "Go on from step 20 with rate 0.00025"
    assert child(window, QPushButton, "startAgainButton").text() == "Start again with rate 0.00025"
    pretend_again = FakeTraining()
    train.pretend = pretend_again
    click(window, "startAgainButton")
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)
    assert train.asked[1][0].recipe.learning_rate == 0.00025
    assert train.asked[1][1] is None
    assert child(window, QDoubleSpinBox, "learningRateSpin").value() == 0.00025
    assert not shows(window, "endingBanner")


def test_a_divergence_offers_to_go_on_with_a_smaller_rate(
    window: MainWindow, killed: Path, qtbot: QtBot, pretend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.ui.fake_training.RUN_DIR", str(killed))
    train = pretend(fail_at=25, saved_at=(20,), failure=DivergedError("The loss is no longer a number.", 0.00025))
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "endingBanner"), timeout=10_000)
    train.pretend = FakeTraining(first_step=20)
    click(window, "goOnButton")
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)
    assert train.asked[1][1] == killed
    assert "RateChanged" in train.names()


def test_another_failure_offers_to_go_on_from_the_checkpoint(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(fail_at=25, saved_at=(20,), failure=TrainingError("The folder of pictures is gone."))
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "endingBanner"), timeout=10_000)
    assert child(window, QPushButton, "goOnButton").text() == "Go on from step 20"
    assert window.findChild(QPushButton, "startAgainButton") is None
    assert child(window, QWidget, "startButton").isEnabled()


def test_a_failure_without_a_checkpoint_still_lets_start(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(fail_at=3, failure=SystemExit("a library wanted to leave"))
    click(window, "startButton")
    qtbot.waitUntil(lambda: shows(window, "endingBanner"), timeout=10_000)
    assert "a library wanted to leave" in message(window, "endingBanner")
    assert child(window, QWidget, "endingBannerDetails").isVisible()
    assert window.findChild(QPushButton, "goOnButton") is None
    assert child(window, QWidget, "startButton").isEnabled()


def test_a_failure_is_said_on_other_pages_too(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(fail_at=3, failure=TrainingError("The disk is full."))
    click(window, "startButton")
    window.show_page("Inspect")
    qtbot.waitUntil(lambda: shows(window, "banner"), timeout=10_000)
    assert "The disk is full." in message(window, "banner")


# ---- pause, end, stop


def test_a_stopped_run_can_go_on_from_the_page(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(epochs=1000, pause=0.005)
    click(window, "startButton")
    qtbot.waitUntil(lambda: status(window).startswith("Epoch"), timeout=10_000)
    click(window, "stopButton")
    qtbot.waitUntil(lambda: shows(window, "endingBanner"), timeout=10_000)
    assert message(window, "endingBanner").startswith("Stopped at step ")
    assert child(window, QWidget, "endingBanner").property("tone") == "calm"
    assert child(window, QPushButton, "goOnButton").isVisible()


def test_end_now_measures_and_makes_the_model(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(epochs=1000, pause=0.005)
    click(window, "startButton")
    qtbot.waitUntil(lambda: status(window).startswith("Epoch"), timeout=10_000)
    assert "go on later" in child(window, QPushButton, "stopButton").toolTip()
    assert "test pictures" in child(window, QPushButton, "finishButton").toolTip()
    click(window, "finishButton")
    qtbot.waitUntil(lambda: status(window).startswith("Done"), timeout=10_000)
    assert child(window, QLabel, "testValue").text() == "84.2 %"
    assert not shows(window, "endingBanner")


def test_a_pause_can_free_a_device_with_memory_of_its_own(
    window: MainWindow, qtbot: QtBot, pretend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn_desktop.ui.pages.train import engine

    monkeypatch.setattr(engine, "has_memory_of_its_own", lambda _device: True)
    pretend(epochs=1000, pause=0.005)
    click(window, "startButton")
    qtbot.waitUntil(lambda: status(window).startswith("Epoch"), timeout=10_000)
    more = child(window, QAbstractButton, "pauseMoreButton")
    assert more.isVisible() and more.isEnabled()
    (action,) = more.menu().actions()  # pyright: ignore[reportAttributeAccessIssue]
    assert action.text() == "Pause and free the device"
    action.trigger()
    qtbot.waitUntil(lambda: status(window).startswith("Paused, device free"), timeout=10_000)
    assert not more.isEnabled()
    click(window, "pauseButton")
    qtbot.waitUntil(lambda: status(window).startswith("Epoch"), timeout=10_000)


def test_a_processor_has_nothing_to_free(window: MainWindow, qtbot: QtBot, pretend: Any) -> None:
    pretend(epochs=1000, pause=0.005)
    click(window, "startButton")
    qtbot.waitUntil(lambda: status(window).startswith("Epoch"), timeout=10_000)
    assert not child(window, QWidget, "pauseMoreButton").isVisible()
