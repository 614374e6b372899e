"""The curves of a run, for one chart or laid over those of others."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cnn_desktop.train.runs.metrics_log import Measured, MetricsLog
from cnn_desktop.train.runs.run_folder import METRICS

Figure = Literal["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]
Horizontal = Literal["epoch", "step", "seconds"]

_MOST_SAMPLES = 600


@dataclass(frozen=True)
class RunCurves:
    """What a run measured on its way."""

    steps: tuple[Measured, ...]
    """Of training batches, at most a few hundred, evenly spread."""
    epochs: tuple[Measured, ...]
    steps_per_epoch: int | None

    def line(
        self, figure: Figure, horizontal: Horizontal, source: Literal["steps", "epochs"] = "epochs"
    ) -> list[tuple[float, float]]:
        """A figure as (x, y), what isn't a number left out; x in epochs, steps or seconds of training."""
        points = self.steps if source == "steps" else self.epochs
        return [
            (x, y)
            for point in points
            if (y := getattr(point, figure)) is not None and (x := self._x(point, horizontal)) is not None
        ]

    def _x(self, point: Measured, horizontal: Horizontal) -> float | None:
        if horizontal == "epoch":
            return point.step / self.steps_per_epoch if self.steps_per_epoch else None
        return point.step if horizontal == "step" else point.seconds


class CurveReader:
    """Reads the curves of runs, and of one that goes on only what was added; threads take turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logs: dict[Path, MetricsLog] = {}

    def read(self, runs: Sequence[Path]) -> dict[Path, RunCurves]:
        """The curves of each of `runs`; those of others are forgotten.

        Raises:
            OSError: a file is there and can't be read.
        """
        with self._lock:
            self._logs = {run: self._logs.get(run) or MetricsLog(run / METRICS, _MOST_SAMPLES) for run in runs}
            for log in self._logs.values():
                log.follow()
            return {run: _curves(log) for run, log in self._logs.items()}


def _curves(log: MetricsLog) -> RunCurves:
    return RunCurves(tuple(log.samples), tuple(log.epochs), log.steps_per_epoch)
