"""Measures what is left of the training throughput beside a process that keeps one core busy."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.contention_result import ContentionResult
from benchmarks.contestant import Contestant
from benchmarks.machine import machine
from benchmarks.pictures import write_pictures
from benchmarks.places import PICTURES
from benchmarks.throughput import WARM_UP_SECONDS, Setting

_SETTLE_SECONDS = 1.0
"""Of training after the load has changed, not counted."""


def measure(setting: Setting, rounds: int, seconds: float, home: Path) -> ContentionResult:
    """Train on the idle machine and beside a busy process in turns, as the program does by default.

    Raises:
        RuntimeError: the run ended.
    """
    write_pictures(PICTURES, setting.dataset)
    arguments = [setting.architecture, setting.dataset, str(setting.batch_size), "auto"]
    rates: dict[bool, list[float]] = {False: [], True: []}
    with Contestant("ours-contention", ["benchmarks.ours", *arguments], home) as ours:
        ours.run(seconds=WARM_UP_SECONDS)
        for _round in range(rounds):
            rates[False].append(rate(ours, seconds))
            with busy_process():
                rates[True].append(rate(ours, seconds))
        precision = ours.facts["precision"]
    return ContentionResult(
        machine=machine(),
        architecture=setting.architecture,
        batch_size=setting.batch_size,
        precision=precision,
        seconds=seconds,
        idle=rates[False],
        busy=rates[True],
    )


def rate(ours: Contestant, seconds: float) -> float:
    """Pictures a second, after the run has settled."""
    ours.run(seconds=_SETTLE_SECONDS)
    answer = ours.run(seconds=seconds)
    return round(answer["images"] / answer["seconds"], 1)


@contextmanager
def busy_process() -> Iterator[None]:
    """Keep one core busy within the block."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()
