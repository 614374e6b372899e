"""Profiles some steps of the program's own run."""

from pathlib import Path

from benchmarks.contestant import Contestant
from benchmarks.machine import machine
from benchmarks.pictures import write_pictures
from benchmarks.places import PICTURES
from benchmarks.profiling_result import ProfilingResult
from benchmarks.throughput import Setting

PRECISIONS = ("auto", "fp32")
_STEPS = 100
"""Or a few more."""


def measure(setting: Setting, precision: str, home: Path) -> ProfilingResult:
    """Train under the profiler.

    Raises:
        RuntimeError: the run ended.
    """
    write_pictures(PICTURES, setting.dataset)
    arguments = [setting.architecture, setting.dataset, str(setting.batch_size), precision]
    with Contestant("profiled", ["benchmarks.profiled_contestant", *arguments], home) as ours:
        answer = ours.run(steps=_STEPS)
    return ProfilingResult.model_validate(
        {
            **answer,
            "machine": machine(),
            "architecture": setting.architecture,
            "batch_size": setting.batch_size,
            "precision": ours.facts["precision"],
        }
    )
