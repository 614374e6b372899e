"""What a run will take, measured on a few real batches before it starts."""

import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, TrainingError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.data.batches import stays_in_memory
from cnn_desktop.data.dataset import SplitName
from cnn_desktop.data.memory import available_memory
from cnn_desktop.models.architecture import require_pretrained
from cnn_desktop.models.described import trainable
from cnn_desktop.models.device import ComputePrecision, arithmetic, choose_device
from cnn_desktop.models.weights import pretrained_is_present
from cnn_desktop.train.control import Control
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.planning.checks import problems
from cnn_desktop.train.planning.problem import Problem
from cnn_desktop.train.planning.timing import Clock, Measured, measure
from cnn_desktop.train.setup import prepare
from cnn_desktop.train.task import Task

_SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")


@dataclass(frozen=True)
class Estimate:
    """What a run will take; None where something stops it, so that nothing was measured."""

    problems: tuple[Problem, ...]
    """What stops it first, then what misleads."""
    precision: ComputePrecision | None = None
    precision_reason: str = ""
    """A sentence where the precision was measured, else empty."""
    parameters: int | None = None
    trainable_parameters: int | None = None
    seconds_per_epoch: float | None = None
    """Validation included."""
    seconds: float | None = None
    """The whole run: reading the pictures, all epochs, the test; less where it ends early."""
    throughput: float | None = None
    """Training pictures a second."""
    memory_bytes: int | None = None
    """Needed on the device at the peak of an update: weights, pictures held there, and what an update takes."""
    free_bytes: int | None = None
    """To be had on the device before."""

    @property
    def is_stopped(self) -> bool:
        """Whether the run mustn't start."""
        return any(problem.stops for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return asdict(self)


def estimate(
    config: RunConfig, control: Control, clock: Clock = time.perf_counter
) -> Generator[Preparing, None, Estimate]:
    """Find out what the run of `config` will take, and what stands against it.

    Updates, an evaluation and the reading of pictures are timed on a sample, with a network that is thrown away
    afterwards. Nothing is written but what `measured_precision` remembers, and no weights are downloaded: others of the
    same sizes take their place. Neither may a run be going on in this process: both draw from the same random numbers.

    Args:
        config: the run.
        control: a stop cancels.
        clock: seconds that only go forward.

    Raises:
        CancelledError: stopped.
    """
    try:
        device = choose_device(config.device)
        with arithmetic(device, config.deterministic):
            result = yield from _estimated(config, device, control, clock)
    except (BadInputError, TrainingError) as error:
        return Estimate((Problem(str(error), stops=True),))
    if device.type == "cuda":
        torch.cuda.empty_cache()
    return result


def _estimated(
    config: RunConfig, device: torch.device, control: Control, clock: Clock
) -> Generator[Preparing, None, Estimate]:
    free = available_memory(device)
    task = yield from prepare(_without_download(config), control)
    found = (*_download(config), *problems(task))
    learning = [parameter.numel() for parameter in task.module.parameters() if parameter.requires_grad]
    facts = Estimate(
        problems=found,
        precision=task.precision,
        precision_reason=task.precision_reason,
        parameters=sum(parameter.numel() for parameter in task.module.parameters()),
        trainable_parameters=sum(learning),
    )
    if facts.is_stopped:
        return facts
    measured = yield from measure(task, control, clock)
    needed = _bytes_held(task) + measured.growth
    epoch, whole = _durations(task, measured)
    return replace(
        facts,
        problems=(*found, *_shortage(task, measured.parts, needed, free)),
        seconds_per_epoch=epoch,
        seconds=whole,
        throughput=measured.batch_size / measured.step_seconds,
        memory_bytes=needed,
        free_bytes=free,
    )


def _durations(task: Task, measured: Measured) -> tuple[float, float]:
    """Seconds of an epoch, validation included, and of the run."""
    counts = {name: _count(task, name) for name in _SPLITS}
    plan = Plan(task.config, counts["train"])
    validation = counts["validation"] * measured.evaluation_seconds
    updates = plan.total_steps * measured.step_seconds
    reading = sum(counts.values()) * measured.reading_seconds
    test = counts["test"] * measured.evaluation_seconds
    return (
        plan.steps_per_epoch * measured.step_seconds + validation,
        reading + updates + plan.epochs * validation + test,
    )


def _count(task: Task, name: SplitName) -> int:
    split = task.dataset.splits.get(name)
    return 0 if split is None else len(split)


def _bytes_held(task: Task) -> int:
    """Weights, and the pictures that lie on the device all the time."""
    seen, total = task.preprocessing, sum(tensor.nbytes for tensor in task.module.state_dict().values())
    for name in ("train", "validation"):
        split = task.dataset.splits.get(name)
        if split is not None and stays_in_memory(split, seen, task.device):
            total += len(split) * seen.height * seen.width * seen.channels
    return total


def _shortage(task: Task, parts: int, needed: int, free: int) -> Iterator[Problem]:
    size = task.recipe.batch_size
    if parts > task.recipe.accumulation:
        sentence = _("A batch of {size} needs more memory than there is; computed in {parts} parts it fits.")
        yield Problem(sentence.format(size=size, parts=parts), stops=False)
    elif needed > free:
        sentence = _(
            "Training needs about {needed} of memory, and {free} is free: compute a batch in {parts} parts, or choose "
            "a smaller batch or smaller pictures."
        )
        amounts = {"needed": bytes_text(needed), "free": bytes_text(free), "parts": 2 * parts}
        yield Problem(sentence.format(**amounts), stops=False)


def _download(config: RunConfig) -> Iterator[Problem]:
    if _lacks_weights(config):
        published = require_pretrained(trainable(config))
        sentence = _("The pretrained weights will be downloaded first ({size}).")
        yield Problem(sentence.format(size=bytes_text(published.bytes)), stops=False)


def _without_download(config: RunConfig) -> RunConfig:
    """The same run, but with fresh weights where the published ones aren't there."""
    if not _lacks_weights(config):
        return config
    published = require_pretrained(trainable(config))
    return config.changed(pretrained=False, image_size=config.image_size or published.preprocessing.height)


def _lacks_weights(config: RunConfig) -> bool:
    return config.pretrained and config.start_from is None and not pretrained_is_present(config.architecture)
