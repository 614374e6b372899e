"""Automatic precision: the one that trains a network fastest on a device, measured once and remembered."""

import copy
import time
from collections.abc import Callable, Generator
from dataclasses import replace

import torch

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.language import _
from cnn_desktop.models.described import identity
from cnn_desktop.models.device import ComputePrecision, synchronize
from cnn_desktop.models.precision_memory import (
    PrecisionChoice,
    Seconds,
    measurement_key,
    precision_candidates,
    recalled,
    remember,
)
from cnn_desktop.train.control import Control
from cnn_desktop.train.shortage import free_memory, is_out_of_memory
from cnn_desktop.train.task import Task
from cnn_desktop.train.updating import Updater

GAIN = 1.05
"""So many times as fast as fp32 must another precision be to be worth its rounding."""

_MEASURING = _("Measuring precision")
_ROUNDS = 20
_SECONDS = 1.0
_MOST_PIXELS = {"cpu": 1 << 19, "cuda": 1 << 21}
"""In a batch: ten photos of 224×224 keep a processor busy, a GPU needs some forty."""

Stopwatch = Callable[[ComputePrecision], float]
"""Makes one update in a precision, and says how many seconds it took."""

_MEMORY = "precision"


def measured_precision(
    task: Task, control: Control, stopwatch: Stopwatch | None = None
) -> Generator[Preparing, None, PrecisionChoice]:
    """The precision in which `task` trains fastest on its device, for the setting `auto`.

    What there is to choose from is fp32 and what `choose_precision` knows the device to have natively. Measured are
    whole updates (forward, loss, backward, optimizer), in turns, for a second at most after one of each to warm up (of
    a network that is slower than that, those count), on random pictures and a copy of the network: neither the task nor
    a run's random numbers change. The quickest of each, which other programs disturbed least, are kept in the cache
    folder by device, architecture, size of pictures and batch, and versions.

    Args:
        task: what is to be trained; its own precision doesn't matter.
        control: a stop cancels.
        stopwatch: takes the place of real updates.

    Raises:
        CancelledError: stopped.
    """
    candidates = precision_candidates(task.device)
    if len(candidates) == 1:
        reason = _("No other precision is known to be faster than fp32 on this device.")
        return PrecisionChoice("fp32", reason)
    key = _key(task)
    seconds = recalled(_MEMORY, key)
    if set(seconds) != set(candidates):
        seconds = yield from _measured(task, control, candidates, stopwatch)
        if seconds is None:
            reason = _("Memory was too short to measure; {precision} is native to this device.")
            return PrecisionChoice(candidates[-1], reason.format(precision=candidates[-1]))
        remember(_MEMORY, key, seconds)
    return decide(seconds)


def decide(seconds: Seconds) -> PrecisionChoice:
    """The fastest of at least two precisions; fp32 where no other is `GAIN` times as fast."""
    others: Seconds = {precision: taken for precision, taken in seconds.items() if precision != "fp32"}
    fastest = min(others, key=others.__getitem__)
    factor = seconds["fp32"] / seconds[fastest]
    if factor >= GAIN:
        reason = _("Measured here: {precision} trains this network {factor:.1f} times as fast as fp32.")
        return PrecisionChoice(fastest, reason.format(precision=fastest, factor=factor))
    reason = _("Measured here: {precision} would train this network only {factor:.2f} times as fast as fp32.")
    return PrecisionChoice("fp32", reason.format(precision=fastest, factor=factor))


def _measured(
    task: Task, control: Control, candidates: tuple[ComputePrecision, ...], stopwatch: Stopwatch | None
) -> Generator[Preparing, None, Seconds | None]:
    """Seconds of an undisturbed update in each of `candidates`; None where memory ran out."""
    yield Preparing(_MEASURING, 0, 0)
    try:
        return (yield from _quickest(stopwatch or _Updates(task, candidates), control, candidates))
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
    free_memory(task.device)
    return None


def _quickest(
    stopwatch: Stopwatch, control: Control, candidates: tuple[ComputePrecision, ...]
) -> Generator[Preparing, None, Seconds]:
    # The first update pays for what the others find ready, so fp32 isn't it; a slow network's first ones must do.
    first: Seconds = {precision: stopwatch(precision) for precision in reversed(candidates)}
    if sum(first.values()) >= _SECONDS:
        return first
    taken: dict[ComputePrecision, list[float]] = {precision: [] for precision in candidates}
    for done in range(_ROUNDS):
        yield Preparing(_MEASURING, done, _ROUNDS)
        if control.stop_requested:
            raise CancelledError
        for precision in candidates:
            taken[precision].append(stopwatch(precision))
        if sum(map(sum, taken.values())) >= _SECONDS:
            break
    return {precision: min(times) for precision, times in taken.items()}


class _Updates:
    """A stopwatch over real updates of a copy of the task's network, at a learning rate of zero."""

    def __init__(self, task: Task, candidates: tuple[ComputePrecision, ...]) -> None:
        # An average of the weights takes as long in each precision, and parts say nothing that one of them doesn't.
        recipe = task.recipe.changed(accumulation=1, ema_decay=0.0)
        module = copy.deepcopy(task.module).train()
        copied = replace(task, config=task.config.changed(recipe=recipe), module=module)
        self._updaters = {precision: Updater(replace(copied, precision=precision)) for precision in candidates}
        self._device = task.device
        count, seen = _batch_size(task), task.preprocessing
        generator = torch.Generator().manual_seed(0)
        shape = (count, seen.height, seen.width, seen.channels)
        pixels = torch.randint(256, shape, dtype=torch.uint8, generator=generator)
        labels = torch.randint(len(task.dataset.classes), (count,), generator=generator)
        self._batch = pixels.to(task.device).permute(0, 3, 1, 2), labels.to(task.device)

    def __call__(self, precision: ComputePrecision) -> float:
        """Update once, and wait until the device is done."""
        synchronize(self._device)
        began = time.perf_counter()
        self._updaters[precision].update(*self._batch, step=0, rate=0.0)
        synchronize(self._device)
        return time.perf_counter() - began


def _batch_size(task: Task) -> int:
    """Pictures that are computed at once, or as many as can be measured quickly; two, as batch norm needs, at least."""
    at_once = -(-task.recipe.batch_size // task.recipe.accumulation)
    most = _MOST_PIXELS.get(task.device.type, _MOST_PIXELS["cpu"])
    return max(2, min(at_once, most // (task.preprocessing.height * task.preprocessing.width)))


def _key(task: Task) -> str:
    size = task.preprocessing.height, task.preprocessing.width
    return measurement_key(task.device, identity(task.config), _batch_size(task), size)
