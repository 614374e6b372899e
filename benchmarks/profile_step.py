"""What bounds a training step: the operators of the program's own run by their share of the time.

    python -m benchmarks.profile_step cifar_vgg6 --precision bf16 --batch-size 128

The table goes to stdout and into `benchmarks/results`.
"""

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

from torch.profiler import ProfilerActivity, profile

from benchmarks.contestant import clean_environment
from benchmarks.machine import machine
from benchmarks.ours import begin
from benchmarks.pictures import write_pictures
from benchmarks.places import PICTURES, RESULTS
from benchmarks.results import table
from benchmarks.throughput import SETTINGS
from cnn_desktop.core.events import StepsDone

_WARM_STEPS = 10
_SHOWN = 20


def main() -> None:
    """Read the arguments, profile, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("architecture", choices=sorted({setting.architecture for setting in SETTINGS}))
    parser.add_argument("--precision", default="auto", choices=["auto", "fp32", "bf16", "fp16"])
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=50, help="at least so many are profiled")
    arguments = parser.parse_args()
    text, precision = profiled(arguments.architecture, arguments.precision, arguments.batch_size, arguments.steps)
    print(text)
    name = f"profile-{arguments.architecture}-{arguments.batch_size}-{precision}.md"
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / name).write_text(text)


def profiled(architecture: str, precision: str, batch_size: int, steps: int) -> tuple[str, str]:
    """The table in Markdown, and the precision that was computed in."""
    dataset = next(setting.dataset for setting in SETTINGS if setting.architecture == architecture)
    write_pictures(PICTURES, dataset)
    with tempfile.TemporaryDirectory() as folder:
        environment = clean_environment(Path(folder))
        os.environ.clear()
        os.environ.update(environment)
        run, started = begin(architecture, dataset, batch_size, precision, Path(folder) / "run")

        def go(count: int) -> int:
            done = 0
            while done < count:
                event = next(run)
                done += len(event.losses) if isinstance(event, StepsDone) else 0
            return done

        go(_WARM_STEPS)
        activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if "CUDA" in started.device else [])]
        with profile(activities=activities) as profiler:
            count = go(steps)
    facts = machine()
    heading = f"# One step of `{architecture}`, batch {batch_size}, {started.precision}\n\n"
    versions = f"torch {facts['versions']['torch']}, {facts['program']}, {facts['date']}"
    about = f"{started.device}; {versions}; over {count} steps.\n\n"
    return heading + about + _operators(profiler, count), started.precision


def _operators(profiler: Any, steps: int) -> str:
    """The operators that take most of the time themselves, without what they call."""

    def own_time(average: Any) -> float:
        """Microseconds, on the GPU where there is one."""
        return average.self_device_time_total or average.self_cpu_time_total

    averages = sorted(profiler.key_averages(), key=own_time, reverse=True)
    total = sum(own_time(average) for average in averages)
    rows = [
        [
            f"`{average.key}`",
            f"{own_time(average) / total:.1%}",
            f"{own_time(average) / steps / 1000:.3f}",
            f"{average.count / steps:.1f}",
        ]
        for average in averages[:_SHOWN]
    ]
    rows.append(["all", "100%", f"{total / steps / 1000:.3f}", ""])
    return table(["operator", "share", "ms a step", "calls a step"], rows)


if __name__ == "__main__":
    main()
