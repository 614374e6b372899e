"""Scenarios for `drive_window` in which something goes wrong: kills, steps that hang, a second start."""

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel

from tests.e2e.drive_window import (
    Scenario,
    answer_close_question,
    click,
    drive,
    enabled,
    find,
    pause_for,
    points,
    seen,
    start_training,
    window,
)


def killed_while_training() -> Scenario:
    """The process dies at once, as when the power fails."""
    yield from start_training(5000)
    yield pause_for(1)  # by now more than the first checkpoint is there
    os.kill(os.getpid(), signal.SIGKILL)


def go_on_after_a_crash() -> Scenario:
    """Take the offer, train a little further, stop."""
    yield lambda: find("offerBanner").isVisible()
    seen["crash"] = find("crashBannerMessage", QLabel).text() if find("crashBanner").isVisible() else ""
    seen["offer"] = find("offerBannerMessage", QLabel).text()
    click("offerGoOnButton")
    yield lambda: points("lossChart", "train") > 3
    click("stopButton")
    yield enabled("startButton")
    seen["status"] = find("trainStatus", QLabel).text()
    window().close()


def close_during_a_step_that_hangs() -> Scenario:
    """A step blocks for longer than anybody waits; the window is closed meanwhile."""
    yield from start_training(5000)
    from cnn_desktop.train.updating import Updater

    Updater.update = lambda *_args: time.sleep(60)  # pyright: ignore[reportAttributeAccessIssue]
    yield pause_for(0.5)
    QTimer.singleShot(200, answer_close_question)
    began = time.monotonic()
    window().close()
    seen["seconds_to_close"] = time.monotonic() - began
    seen["closed"] = not window().isVisible()
    print(json.dumps(seen))  # the process doesn't come back to where the others print theirs


def memory_runs_out() -> Scenario:
    """Whole batches no longer fit; the person agrees to halves, and the real trainer goes on with them."""
    yield from start_training(5000)
    import torch

    from cnn_desktop.train.updating import Updater

    update = Updater.update

    def update_in_little_memory(updater: Updater, pixels: torch.Tensor, *args: Any) -> Any:
        if updater.parts == 1 and len(pixels) == 128:  # an epoch's last batch is smaller, and fits
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8192 bytes.")
        return update(updater, pixels, *args)

    Updater.update = update_in_little_memory
    yield lambda: find("memoryBanner").isVisible()
    seen["question"] = find("memoryBannerMessage", QLabel).text()
    before = points("lossChart", "step")
    yield pause_for(0.5)
    seen["points_while_asking"] = points("lossChart", "step") - before
    click("memoryGoOnButton")
    yield lambda: points("lossChart", "step") > before + 3
    click("stopButton")
    yield enabled("startButton")
    window().close()


def second_start() -> Scenario:
    """The program is started once more while its window is minimized."""
    yield enabled("startButton")
    window().showMinimized()
    yield pause_for(0.1)
    with subprocess.Popen([sys.executable, "-m", "cnn_desktop"], stdout=subprocess.PIPE, text=True) as second:
        yield lambda: second.poll() is not None
        assert second.stdout is not None
        seen["second"] = {"code": second.returncode, "says": second.stdout.read().strip()}
    seen["is_minimized"] = bool(window().windowState() & Qt.WindowState.WindowMinimized)
    window().close()


def told_to_end_while_training() -> Scenario:
    """The desktop's session ends: nobody is there to be asked."""
    yield from start_training(5000)
    os.kill(os.getpid(), signal.SIGTERM)
    yield lambda: not window().isVisible()


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        killed_while_training,
        go_on_after_a_crash,
        close_during_a_step_that_hangs,
        memory_runs_out,
        second_start,
        told_to_end_while_training,
    )
}

if __name__ == "__main__":
    code = drive(SCENARIOS[sys.argv[1]]())
    print(json.dumps(seen))
    sys.exit(code)
