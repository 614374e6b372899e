"""What bounds a training step: the operators of the program's own run by their share of the time.

    python -m benchmarks.profile_step cifar_vgg6 --precision bf16 --batch-size 128

The table goes to stdout and into `benchmarks/results`.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.answering import Answer
from benchmarks.contestant import Contestant
from benchmarks.machine import machine
from benchmarks.pictures import write_pictures
from benchmarks.places import PICTURES, RESULTS
from benchmarks.results import table
from benchmarks.throughput import SETTINGS
from cnn_desktop.core.files import write_atomic

_SHOWN = 20


def main() -> None:
    """Read the arguments, profile, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("architecture", choices=sorted({setting.architecture for setting in SETTINGS}))
    parser.add_argument("--precision", default="auto", choices=["auto", "fp32", "bf16", "fp16"])
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=50, help="so many are profiled, or a few more; else 50")
    options = parser.parse_args()
    dataset = next(setting.dataset for setting in SETTINGS if setting.architecture == options.architecture)
    write_pictures(PICTURES, dataset)
    module = ["benchmarks.profiled_contestant", options.architecture, dataset, str(options.batch_size)]
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        Contestant("profiled", [*module, options.precision], Path(home)) as ours,
    ):
        answer = ours.run(steps=options.steps)
    what = f"`{options.architecture}`, batch {options.batch_size}, {ours.facts['precision']}"
    text = profile_text(what, ours.facts["device"], answer)
    print(text)
    name = f"profile-{options.architecture}-{options.batch_size}-{ours.facts['precision']}.md"
    write_atomic(RESULTS / name, text)


def profile_text(what: str, device: str, answer: Answer) -> str:
    """The operators that take most of the time themselves, as a Markdown page."""
    facts, steps = machine(), answer["steps"]
    operators = sorted(answer["operators"], key=lambda operator: operator["seconds"], reverse=True)
    total = sum(operator["seconds"] for operator in operators)
    rows = [
        [
            f"`{operator['name']}`",
            f"{operator['seconds'] / total:.1%}",
            f"{1000 * operator['seconds'] / steps:.3f}",
            f"{operator['calls'] / steps:.1f}",
        ]
        for operator in operators[:_SHOWN]
    ]
    rows.append(["all", "100%", f"{1000 * total / steps:.3f}", ""])
    about = f"{device}; torch {facts['versions']['torch']}, {facts['program']}, {facts['date']}; over {steps} steps."
    header = ["operator", "share", "ms a step", "calls a step"]
    return f"# One step of {what}\n\n{about}\n\n{table(header, rows)}"


if __name__ == "__main__":
    main()
