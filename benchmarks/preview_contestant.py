"""Contestant: the augmentation panel, whose sliders are moved faster than a hand moves them.

Run as: preview_contestant.py. An order names a preset and the part of it that is moved.
"""

import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QSlider

from benchmarks.answering import Answer, Answers
from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS
from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.data.augmentation_panel import AugmentationPanel
from cnn_desktop.ui.pages.data.session import DatasetSession
from cnn_desktop.ui.theme import apply_theme

SIDE = 224
_PICTURES, _CLASSES = 64, 4
_WINDOW = 1160, 720
"""What a maximised window of 1440×900 leaves for the panel, about."""
_TICK = 10
_HAND = 5
"""Milliseconds between two moves of the slider; a mouse reports every 8."""


class Moved:
    """The panel over random pictures of 224×224, in which somebody moves a slider."""

    def __init__(self, folder: Path) -> None:
        _write_pictures(folder)
        self._session = DatasetSession()
        settings = Settings(architecture="mobilenet_v2")
        self._panel = AugmentationPanel(AppContext(SettingsStore(settings, None)), self._session)
        self._panel.resize(*_WINDOW)
        self._panel.show()
        self._session.open(str(folder))
        _wait(lambda: self._panel.view.frames_painted > 0)

    def run(self, preset: str, field: str, seconds: float) -> Answer:
        """Move the slider of `field` up and down for so long: frames a second, and the event loop's delays in ms."""
        self._panel.controls.write(AUGMENTATION_PRESETS[preset])
        slider = self._panel.findChild(QSlider, f"{field}Slider")
        assert slider is not None
        delays: list[float] = []
        began = ticked = time.perf_counter()
        first = self._panel.view.frames_painted

        def tick() -> None:
            nonlocal ticked
            now = time.perf_counter()
            delays.append(round(1000 * (now - ticked) - _TICK, 2))
            ticked = now

        def move() -> None:
            turn = time.perf_counter() - began  # up and down once a second
            slider.setValue(round(slider.maximum() * (0.1 + 0.4 * (1 - math.cos(2 * math.pi * turn)))))

        timers = [_timer(_TICK, tick), _timer(_HAND, move)]
        _wait(lambda: time.perf_counter() - began >= seconds)
        for timer in timers:
            timer.stop()
        frames = self._panel.view.frames_painted - first
        return {"rate": frames / (time.perf_counter() - began), "delays": delays}


def _timer(milliseconds: int, call: Callable[[], object]) -> QTimer:
    timer = QTimer(interval=milliseconds, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(call)
    timer.start()
    return timer


def _wait(condition: Callable[[], bool]) -> None:
    loop = QEventLoop()
    timer = _timer(_TICK, lambda: loop.quit() if condition() else None)
    loop.exec()
    timer.stop()


def _write_pictures(folder: Path) -> None:
    random = np.random.default_rng(0)
    for number in range(_PICTURES):
        place = folder / f"class {number % _CLASSES}"
        place.mkdir(parents=True, exist_ok=True)
        coarse = Image.fromarray(random.integers(0, 256, (14, 14, 3), dtype=np.uint8))
        coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(place / f"{number}.png")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    answers = Answers()
    app = QApplication([])
    apply_theme(app, "light")
    answers.serve({}, Moved(Path.home() / "pictures").run)
    os._exit(0)  # nothing is kept, so nothing needs an orderly end
