"""Contestant: the program's own engine under torch's profiler.

Run as: profiled_contestant.py ARCHITECTURE DATASET BATCH_SIZE PRECISION.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.answering import Answer, Answers
from benchmarks.ours import begin
from cnn_desktop.core.events import Event, StepsDone

_WARM_STEPS = 10


def main() -> None:
    """Start the run, and profile some of its steps whenever told to."""
    answers = Answers()
    architecture, dataset, batch_size, precision = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        run, started = begin(architecture, dataset, int(batch_size), precision, Path(folder) / "run")
        _go(run, _WARM_STEPS)
        facts = {"precision": started.precision, "device": started.device}
        answers.serve(facts, lambda steps: _profile(run, steps, has_gpu=started.device.startswith("CUDA")))


def _go(run: Iterator[Event], steps: int) -> int:
    """Train for so many steps or a few more; how many it were."""
    done = 0
    while done < steps:
        event = next(run)
        done += len(event.losses) if isinstance(event, StepsDone) else 0
    return done


def _profile(run: Iterator[Event], steps: int, has_gpu: bool) -> Answer:
    """Seconds and calls of each operator, without what it calls itself; on the GPU where there is one."""
    # After our own package, which tells torch's threads how to wait before torch is imported.
    from torch.profiler import ProfilerActivity, profile  # noqa: PLC0415

    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if has_gpu else [])]
    with profile(activities=activities) as profiler:
        count = _go(run, steps)
    return {"steps": count, "operators": [_operator(average, has_gpu) for average in profiler.key_averages()]}


def _operator(average: Any, has_gpu: bool) -> dict[str, Any]:
    microseconds = average.self_device_time_total if has_gpu else average.self_cpu_time_total
    return {"name": average.key, "seconds": microseconds / 1e6, "calls": average.count}


if __name__ == "__main__":
    main()
