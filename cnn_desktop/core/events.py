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
    batch_size: int
    parts: int
    """In how many parts a batch is computed, one after the other."""
    is_exact: bool
    """Whether an interrupted run that goes on ends with the same bits as an uninterrupted one."""


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
    gradient_norm: float | None
    """Over all weights that learn, of the latest of these steps for which it was computed, before clipping; or None."""
    device_memory: int | None
    """Bytes that training takes: on a GPU what torch has allocated there, else what the program has in memory."""


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
class RateChanged(Event):
    """From the update after `step` on, the schedule runs at another height, as the person asked."""

    step: int
    learning_rate: float
    """That of the next update."""


@dataclass(frozen=True)
class LayersUnfrozen(Event):
    """From the update after `step` on, only the first `frozen` layers keep their weights."""

    step: int
    frozen: int
    trainable_parameters: int


@dataclass(frozen=True)
class OutOfMemory(Event):
    """The step after `step` found too little memory; nothing of it is kept. It can be computed in more parts."""

    step: int
    part_size: int
    """Pictures that were computed at once."""
    proposed_part_size: int


@dataclass(frozen=True)
class PartsChanged(Event):
    """From the update after `step` on, a batch is computed in so many parts."""

    step: int
    parts: int


@dataclass(frozen=True)
class NotSaved(Event):
    """A checkpoint couldn't be written; the last good one is kept, and training goes on with its state in memory."""

    step: int
    message: str


@dataclass(frozen=True)
class RunMoved(Event):
    """After `step` the run is kept in another folder; the message is a sentence that says why and where."""

    step: int
    run_dir: str
    message: str


@dataclass(frozen=True)
class EndedEarly(Event):
    """Training ends after `step`, before its last one; the reason is a sentence."""

    step: int
    reason: str


@dataclass(frozen=True)
class Paused(Event):
    """Training holds still after `step`."""

    step: int
    device_freed: bool = False


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


@dataclass(frozen=True)
class RateTried(Event):
    """One update of a search for a learning rate."""

    rate: float
    loss: float
    smoothed: float
    """The loss as an average over the latest updates."""


@dataclass(frozen=True)
class RateFound(Event):
    """The last event of a search for a learning rate."""

    rate: float | None
    """What to train with; None where nothing can be suggested."""
    reason: str


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, tuple):
        return [_finite(part) for part in value]  # pyright: ignore[reportUnknownVariableType]
    return value
