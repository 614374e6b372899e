"""What watching a run costs: processor time of the window's thread, in milliseconds a second.

    python -m tests.ui.ui_cost --points 1000000 --rate 1000 --seconds 10

Feeds the Train page's right side as a trainer would, five looks a second, after a long run that lies behind it.
Thread time is what counts: on two cores the window competes with training for one of them.
"""

import argparse
import json
import math
import os
import random
import time
from dataclasses import dataclass

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from cnn_desktop.core.events import EpochDone, Event, RunStarted, StepsDone, TrainingStarted
from cnn_desktop.ui.pages.train.run_panel import RunPanel

_LOOKS_PER_SECOND = 5
_READS_PER_LOOK = 2
_STEPS_PER_EPOCH = 1000


@dataclass(frozen=True)
class Cost:
    """Processor milliseconds of the window's thread for each second, and how long single looks took."""

    points: int
    milliseconds_per_second: float
    longest_look: float
    whole_redraw: float


class Feed:
    """Events of a run whose loss falls."""

    def __init__(self, total: int) -> None:
        self.step = 0
        self._total = total
        self._noise = random.Random(0)

    def start(self) -> list[Event]:
        """What comes before the first step."""
        epochs = math.ceil(self._total / _STEPS_PER_EPOCH)
        return [
            RunStarted("/runs/fake", "digits", "mnist_cnn"),
            TrainingStarted(
                device="CPU",
                precision="bf16",
                classes=("a", "b"),
                train_images=128_000,
                validation_images=10_000,
                test_images=10_000,
                parameters=30_230,
                epochs=epochs,
                steps_per_epoch=_STEPS_PER_EPOCH,
                total_steps=self._total,
                first_step=0,
                batch_size=128,
                parts=1,
                is_exact=True,
            ),
        ]

    def steps(self, count: int) -> list[Event]:
        """The next `count` steps in one report, and the epoch that ends among them."""
        level = 0.4 + 2 * math.exp(-4 * self.step / self._total)
        losses = tuple(level + self._noise.gauss(0, 0.15) for _step in range(count))
        epoch = self.step // _STEPS_PER_EPOCH
        self.step += count
        share = self.step / self._total
        steps = StepsDone(
            step=self.step,
            losses=losses,
            accuracy=0.9 - 0.6 * math.exp(-4 * share) + self._noise.gauss(0, 0.02),
            learning_rate=1e-3 * (1 - share),
            throughput=128_000 + self._noise.gauss(0, 3000),
            seconds=share * 1000,
            seconds_left=(1 - share) * 1000,
            gradient_norm=1 + abs(self._noise.gauss(0, 0.3)),
            device_memory=int(1.2e9 + self._noise.gauss(0, 1e6)),
        )
        if self.step // _STEPS_PER_EPOCH == epoch:
            return [steps]
        figures = EpochDone(
            epoch=epoch + 1,
            step=self.step,
            train_loss=level,
            train_accuracy=0.9,
            validation_loss=level + 0.1,
            validation_accuracy=0.85,
            learning_rate=1e-3,
            throughput=128_000.0,
            seconds=share * 1000,
            is_best=True,
        )
        return [steps, figures]


def measure(points: int, rate: int, seconds: float, size: tuple[int, int] = (1080, 800)) -> Cost:
    """Show a run of which `points` steps lie behind, and go on with `rate` steps a second for so many seconds."""
    window = QWidget()
    panel = RunPanel()
    QHBoxLayout(window).addWidget(panel)
    window.resize(*size)
    window.show()
    feed = Feed(total=points + round(1.25 * rate * seconds))
    panel.begin()
    panel.take(feed.start())
    while feed.step < points:
        panel.take(feed.steps(min(500, points - feed.step)))
    _run(0.5)
    longest = 0.0

    def look() -> None:
        nonlocal longest
        began = time.thread_time()
        events = [
            e for _read in range(_READS_PER_LOOK) for e in feed.steps(rate // _LOOKS_PER_SECOND // _READS_PER_LOOK)
        ]
        made = time.thread_time()
        panel.take(events)
        longest = max(longest, time.thread_time() - made)
        nonlocal spent
        spent += made - began

    spent = 0.0
    timer = QTimer(interval=1000 // _LOOKS_PER_SECOND, timeout=look)
    timer.start()
    wall, before = time.perf_counter(), time.thread_time()
    _run(seconds)
    used, wall = time.thread_time() - before - spent, time.perf_counter() - wall
    timer.stop()
    before = time.thread_time()
    panel.grab()
    whole = time.thread_time() - before
    window.close()
    return Cost(feed.step, round(1000 * used / wall, 2), round(1000 * longest, 1), round(1000 * whole, 1))


def _run(seconds: float) -> None:
    loop = QEventLoop()  # quitting the application would close the window
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def main() -> None:
    """Measure, and print one line of JSON."""
    from cnn_desktop.ui.theme import apply_theme

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000, help="steps that lie behind")
    parser.add_argument("--rate", type=int, default=1000, help="steps a second")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--size", default="1080x800")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    apply_theme(app, "light")
    width, height = (int(side) for side in arguments.size.split("x"))
    print(json.dumps(vars(measure(arguments.points, arguments.rate, arguments.seconds, (width, height)))))


if __name__ == "__main__":
    main()
