"""How long the parts of a run take, and how much memory, measured on a sample of its pictures."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from statistics import fmean, median

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import ArraySplit
from cnn_desktop.models.device import synchronize
from cnn_desktop.train.control import Control
from cnn_desktop.train.measuring import evaluate
from cnn_desktop.train.planning.memory_growth import MemoryGrowth
from cnn_desktop.train.planning.trial import Trial, read_sample, sample_store
from cnn_desktop.train.task import Task

_MEASURING = _("Measuring time and memory")
_STEPS = 20
_SECONDS = 1.5
"""Of updates; two are made in any case, the first of which doesn't count."""
_EVALUATION_SECONDS = 0.5

Clock = Callable[[], float]
"""Seconds that only go forward."""


@dataclass(frozen=True)
class Measured:
    """What a run of one task is made of."""

    batch_size: int
    step_seconds: float
    reading_seconds: float
    """For a picture, once in a run."""
    evaluation_seconds: float
    """For a picture."""
    growth: int
    """Bytes that an update takes."""
    parts: int


def measure(task: Task, control: Control, clock: Clock) -> Generator[Preparing, None, Measured]:
    """Time updates, an evaluation and the reading of pictures on a sample; the task's network is changed.

    Raises:
        CancelledError: stopped.
        DatasetError: most of the pictures can't be read.
        TrainingError: memory doesn't suffice for a single picture.
    """
    began = clock()
    sample = yield from read_sample(task, _sample_size(task), control)
    reading = (clock() - began) / max(1, len(sample))
    trial = Trial(task, sample, control)
    growth = MemoryGrowth(trial.updater)
    step = yield from _step_seconds(trial, growth, clock)
    yield Preparing(_MEASURING, _STEPS, _STEPS + 1)
    count = round(_EVALUATION_SECONDS * 3 * trial.batch_size / max(step, 1e-9))  # forward is a third of an update
    evaluation = _evaluation_seconds(trial, max(1, min(len(sample), count)), clock)
    return Measured(trial.batch_size, step, reading, evaluation, growth.bytes, trial.updater.parts)


def _sample_size(task: Task) -> int:
    """Pictures to read: more of those that lie in memory already."""
    split, size = task.dataset.splits["train"], task.recipe.batch_size
    return min(len(split), max(size, 512) if isinstance(split, ArraySplit) else min(max(size, 32), 256))


def _step_seconds(trial: Trial, growth: MemoryGrowth, clock: Clock) -> Generator[Preparing, None, float]:
    """Seconds of an update, waiting for its batch included."""
    batches = trial.batches(_STEPS)
    taken: list[float] = []
    for step in range(_STEPS):
        yield Preparing(_MEASURING, step, _STEPS + 1)
        began = clock()
        batch = next(batches)
        if step == 0:
            with growth.watched():
                trial.update(batch, rate=0.0)
        else:
            trial.update(batch, rate=0.0)
        synchronize(trial.task.device)
        taken.append(clock() - began)
        if step and sum(taken) >= _SECONDS:
            break
    # Streamed batches come in bursts: only all of them together say how long one takes.
    return median(taken[1:]) if trial.is_held else fmean(taken[1:])


def _evaluation_seconds(trial: Trial, count: int, clock: Clock) -> float:
    """Seconds to evaluate a picture, the better of two tries."""
    task, control = trial.task, trial.control
    store = sample_store(task, count)
    taken: list[float] = []
    for _try in range(2):
        began = clock()
        if evaluate(task.module, store, task.preprocessing, task.precision, lambda: control.stop_requested) is None:
            raise CancelledError
        taken.append(clock() - began)
    return min(taken) / count
