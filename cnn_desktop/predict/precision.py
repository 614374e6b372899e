"""Automatic precision for answers: fp32, unless another makes a difference that a person notices."""

import threading
import time
from collections.abc import Callable

import torch
from torch import nn

from cnn_desktop.core.language import _
from cnn_desktop.models.device import ComputePrecision, dtype_of, synchronize
from cnn_desktop.models.precision_memory import (
    PrecisionChoice,
    Seconds,
    measurement_key,
    precision_candidates,
    recalled,
    remember,
)

GAIN = 1.5
"""So many times as fast as fp32 must another precision be…"""
SAVED_SECONDS = 0.02
"""…and so much sooner must the answer to one picture be there, to be worth its rounding.

bf16 moved the probabilities of SqueezeNet and MobileNetV2 on 100 photos by up to 0.07 and 0.2; 9 and 42 of them got
other classes among their ten best, most often the tenth.
"""

_NOTEWORTHY = 0.001
"""Seconds. What is less isn't said."""

_MEMORY = "answering-precision"
_measuring = threading.Lock()
"""Two that measure at once would measure each other."""
_ROUNDS = 7
_SECONDS = 0.6

Stopwatch = Callable[[ComputePrecision], float]
"""Answers one picture in a precision, and says how many seconds it took."""


def measured_precision(
    architecture: str,
    input_shape: tuple[int, int, int],
    device: torch.device,
    stopwatch: Callable[[], Stopwatch],
) -> PrecisionChoice:
    """The precision in which a network should answer on `device`, for the setting `auto`.

    What there is to choose from is fp32 and what `choose_precision` knows the device to have natively; both answer one
    picture, in turns, for half a second or little more. The quickest of each, which other programs disturbed least, are
    kept in the cache folder by device, architecture, size of pictures, and versions.

    Args:
        architecture: the network's name.
        input_shape: (channels, height, width) of its pictures.
        device: where it computes.
        stopwatch: makes what is measured with, where that is needed.
    """
    candidates = precision_candidates(device)
    if len(candidates) == 1:
        return PrecisionChoice("fp32", _("fp32: no other precision is known to be faster on this device."))
    key = measurement_key(device, architecture, 1, input_shape[1:])
    with _measuring:
        seconds = recalled(_MEMORY, key)
        if set(seconds) != set(candidates):
            seconds = _quickest(stopwatch(), candidates)
            remember(_MEMORY, key, seconds)
    return decide(seconds)


def decide(seconds: Seconds) -> PrecisionChoice:
    """fp32, or another precision where that is `GAIN` times as fast and saves `SAVED_SECONDS`."""
    others: Seconds = {precision: taken for precision, taken in seconds.items() if precision != "fp32"}
    fastest = min(others, key=others.__getitem__)
    exact, rounded = seconds["fp32"], seconds[fastest]
    if exact >= GAIN * rounded and exact - rounded >= SAVED_SECONDS:
        text = _("{precision}: measured here, a picture takes {rounded:.0f} ms, in fp32 {exact:.0f} ms.")
        choice = fastest
    elif exact - rounded >= _NOTEWORTHY:
        text = _("fp32: measured here, {precision} would save {saved:.0f} of {exact:.0f} ms, too little for rounding.")
        choice = "fp32"
    else:
        text = _("fp32: measured here, {precision} would answer no sooner.")
        choice = "fp32"
    milliseconds = {"exact": 1000 * exact, "rounded": 1000 * rounded, "saved": 1000 * (exact - rounded)}
    return PrecisionChoice(choice, text.format(precision=fastest, **milliseconds))


def _quickest(stopwatch: Stopwatch, candidates: tuple[ComputePrecision, ...]) -> Seconds:
    for precision in candidates:
        stopwatch(precision)  # what the first takes longer isn't the precision's
    taken: dict[ComputePrecision, list[float]] = {precision: [] for precision in candidates}
    for _round in range(_ROUNDS):
        for precision in candidates:
            taken[precision].append(stopwatch(precision))
        if sum(map(sum, taken.values())) >= _SECONDS:
            break
    return {precision: min(times) for precision, times in taken.items()}


class ForwardStopwatch:
    """A stopwatch over forward passes of a blank picture.

    Args:
        module_in: the network, ready to answer in a precision.
        input_shape: (channels, height, width) of its pictures.
        device: where it computes.
    """

    def __init__(
        self,
        module_in: Callable[[ComputePrecision], nn.Module],
        input_shape: tuple[int, int, int],
        device: torch.device,
    ) -> None:
        self._module_in = module_in
        self._blank = torch.zeros(1, *input_shape, device=device).contiguous(memory_format=torch.channels_last)
        self._device = device

    def __call__(self, precision: ComputePrecision) -> float:
        """Answer once, and wait until the device is done."""
        module, batch = self._module_in(precision), self._blank.to(dtype_of(precision))
        synchronize(self._device)
        began = time.perf_counter()
        with torch.inference_mode():
            module(batch)
        synchronize(self._device)
        return time.perf_counter() - began
