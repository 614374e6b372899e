"""What a list of runs shows of one."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.train.runs.metrics_log import Measured, MetricsLog

RunState = Literal["running", "done", "stopped", "failed", "interrupted"]
"""`interrupted`: it ended without a word, as when the machine was switched off."""

STATE_TITLES: dict[RunState, str] = {
    "running": _("running"),
    "done": _("done"),
    "stopped": _("stopped"),
    "failed": _("failed"),
    "interrupted": _("interrupted"),
}

CURVE_POINTS = 100
_EPOCHS_FOR_A_CURVE = 12
"""With fewer, the curve is that of the steps."""


@dataclass(frozen=True)
class RunSummary:
    """The facts of a run folder."""

    path: Path
    config: RunConfig
    started: datetime
    """When its folder was made, in local time."""
    outcome: str | None
    """done, stopped, failed; None while it runs, or where it was killed."""
    message: str
    """The run's last sentence, such as why it failed; empty before."""
    is_running: bool
    """Whether a living process trains it right now."""
    epochs: int
    planned_epochs: int | None
    """None: it never came to its first step."""
    steps: int
    seconds: float
    """Training time, pauses left out."""
    device: str
    precision: str
    """Both empty where it never came to its first step."""
    best_validation_accuracy: float | None
    best_epoch: int | None
    test_accuracy: float | None
    curve: tuple[tuple[int, float], ...]
    """Training loss by step, for a thumbnail: at most `CURVE_POINTS` points."""
    has_model: bool
    can_go_on: bool
    size: int
    """Bytes on disk."""

    @property
    def title(self) -> str:
        """The folder's name, which says date, dataset, architecture and number."""
        return self.path.name

    @property
    def best_accuracy(self) -> float | None:
        """Test accuracy where it was measured, else the best on the validation part."""
        return self.best_validation_accuracy if self.test_accuracy is None else self.test_accuracy

    @property
    def was_killed(self) -> bool:
        """Whether it ended without saying how, and nobody trains it."""
        return self.outcome is None and not self.is_running

    @property
    def state(self) -> RunState:
        """In one word."""
        if self.is_running:
            return "running"
        if self.outcome in ("done", "stopped", "failed"):
            return self.outcome  # pyright: ignore[reportReturnType]
        return "interrupted"

    @property
    def state_title(self) -> str:
        """`state` in the person's language."""
        return STATE_TITLES[self.state]


def best_epoch(epochs: list[Measured]) -> tuple[int | None, float | None]:
    """The first epoch with the highest validation accuracy, counted from 1, and that accuracy."""
    best: tuple[int | None, float | None] = (None, None)
    for number, epoch in enumerate(epochs, start=1):
        accuracy = epoch.validation_accuracy
        if accuracy is not None and (best[1] is None or accuracy > best[1]):
            best = (number, accuracy)
    return best


def thumbnail(log: MetricsLog) -> tuple[tuple[int, float], ...]:
    """Training loss by step: the epochs' where there are enough of them, else that of steps."""
    points = log.epochs if len(log.epochs) >= _EPOCHS_FOR_A_CURVE else log.samples or log.epochs
    finite = [(point.step, point.train_loss) for point in points if point.train_loss is not None]
    every = -(-len(finite) // CURVE_POINTS) or 1
    return tuple(finite[every - 1 :: every])


def number_or_none(value: Any) -> float | None:
    """A number from JSON; None for what is none."""
    return float(value) if isinstance(value, int | float) else None
