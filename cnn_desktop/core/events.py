"""What a run reports: frozen dataclasses of plain numbers, one JSON object each in `metrics.jsonl` and `--json`."""

import math
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["done", "stopped", "failed"]


@dataclass(frozen=True)
class Event:
    """Something that a run reports."""

    def to_json(self) -> dict[str, Any]:
        """The event as JSON values, its name under `event`; what isn't finite becomes null."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()
        return {"event": name} | {key: _finite(value) for key, value in asdict(self).items()}


@dataclass(frozen=True)
class RunStarted(Event):
    """The run folder exists; data comes next."""

    run_dir: str
    dataset: str
    architecture: str


@dataclass(frozen=True)
class Preparing(Event):
    """Work before the first step, such as reading pictures: `done` of `total`."""

    what: str
    done: int
    total: int


@dataclass(frozen=True)
class Notice(Event):
    """A sentence that the person should see; the run goes on."""

    message: str


@dataclass(frozen=True)
class TrainingStarted(Event):
    """Data and network are on the device."""

    device: str
    precision: str
    classes: tuple[str, ...]
    train_images: int
    validation_images: int
    test_images: int
    parameters: int
    epochs: int
    steps_per_epoch: int
    total_steps: int
    first_step: int
    """Steps already done when a run goes on; else 0."""


@dataclass(frozen=True)
class StepsDone(Event):
    """What happened since the last of these: a loss for each step, the last of which is `step` (counted from 1)."""

    step: int
    losses: tuple[float, ...]
    accuracy: float
    """Share of right answers over these steps' training pictures."""
    learning_rate: float
    throughput: float
    """Training pictures a second over these steps."""
    seconds: float
    """Training time so far, pauses left out."""
    seconds_left: float


@dataclass(frozen=True)
class EpochDone(Event):
    """One pass over the training split; validation figures are None where there is no validation part."""

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    throughput: float
    seconds: float
    is_best: bool


@dataclass(frozen=True)
class Paused(Event):
    """Training holds still after `step`."""

    step: int


@dataclass(frozen=True)
class Resumed(Event):
    """Training goes on after `step`."""

    step: int


@dataclass(frozen=True)
class CheckpointSaved(Event):
    """All that is needed to go on after `step` is safely on disk."""

    step: int
    path: str


@dataclass(frozen=True)
class RunFinished(Event):
    """The last event of every run."""

    outcome: Outcome
    run_dir: str
    message: str
    steps: int
    test_accuracy: float | None
    test_loss: float | None
    best_epoch: int | None
    best_validation_accuracy: float | None
    train_seconds: float
    throughput: float
    model_file: str | None


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, tuple):
        return [_finite(part) for part in value]  # pyright: ignore[reportUnknownVariableType]
    return value
