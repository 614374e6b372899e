"""Measure how fast and how well the program trains, and write it down in `benchmarks/RESULTS.md`.

Each part leaves small files in `benchmarks/results`, and the page is made of all that lie there: a long measurement can
be made in pieces. Pictures are random unless CNN_DESKTOP_DATA names a folder of datasets, which accuracy needs.

    python -m benchmarks                                      everything but accuracy and fine-tuning
    python -m benchmarks throughput --only cifar_vgg6 --rounds 7 --seconds 5
    python -m benchmarks accuracy --minutes 9                 for nine minutes; again, to go on
    python -m benchmarks report                               the page again
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import (
    accuracy,
    augmentation,
    batch,
    busy_neighbour,
    decoding,
    fine_tuning,
    inspecting,
    latency,
    live,
    long_run,
    preview,
    profiling,
    throughput,
    window,
)
from benchmarks.places import REPORT, RESULTS
from benchmarks.report import goals_table, report
from benchmarks.results import Result
from benchmarks.stolen import CoreTime, stolen_share
from benchmarks.throughput_result import GOALS_BATCH
from cnn_desktop.core.files import write_atomic

Job = tuple[str, Callable[..., Result | None]]
"""What is measured, and how; it takes `home`, a folder of its own."""

_BY_DEFAULT = (
    "throughput",
    "profiling",
    "window",
    "live",
    "contention",
    "long_run",
    "augmentation",
    "preview",
    "decoding",
    "batch",
    "latency",
    "inspecting",
)
_PARTS = (*_BY_DEFAULT, "accuracy", "fine_tuning", "report")
_ROUNDS = {
    "throughput": 7,
    "window": 20,
    "live": 20,
    "contention": 7,
    "long_run": 5,
    "augmentation": 7,
    "preview": 7,
    "decoding": 7,
    "batch": 5,
    "latency": 5,
    "inspecting": 9,
}
_WITHOUT_NETWORK: dict[str, Callable[..., Result]] = {
    "long_run": long_run.measure,
    "augmentation": augmentation.measure,
    "preview": preview.measure,
    "batch": batch.measure,
    "inspecting": inspecting.measure,
}
_WINDOW_AND_CONTENTION = ("mnist_cnn", "cifar_vgg6")


def main() -> None:
    """Measure what was asked for, one thing after the other, and write the page."""
    for what, measure in _jobs(_options()):
        print(f"{what} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="cnn-desktop-benchmark-", ignore_cleanup_errors=True) as home:
            began = CoreTime.now()
            result = measure(home=Path(home))
        if result is not None:
            result.machine["stolen"] = stolen_share(began, CoreTime.now())
            result.save(RESULTS)
            print(result.text(), goals_table(result.verdicts()), sep="\n", flush=True)
    write_atomic(REPORT, report(RESULTS))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="part", type=_part, help=", ".join(_PARTS))
    parser.add_argument("--only", action="append", metavar="ARCHITECTURE", help="may be given several times")
    parser.add_argument("--batch-size", type=int, help="only settings of this batch size")
    parser.add_argument("--rounds", type=int, help=f"turns for each contestant; else {_ROUNDS}")
    parser.add_argument("--seconds", type=float, default=3.0, help="of a turn; else 3")
    parser.add_argument("--minutes", type=float, default=1e6, help="after which accuracy's runs are left for later")
    parser.add_argument("--without-keras", action="store_true", help="where it can't be installed")
    options = parser.parse_args()
    options.parts = options.parts or _BY_DEFAULT
    return options


def _part(name: str) -> str:
    # not argparse's own `choices`, which refuses that none is named
    if name not in _PARTS:
        raise argparse.ArgumentTypeError(f"no part is called {name!r}; choose from {', '.join(_PARTS)}")
    return name


def _jobs(options: argparse.Namespace) -> Iterator[Job]:
    turns = {part: {"rounds": options.rounds or rounds, "seconds": options.seconds} for part, rounds in _ROUNDS.items()}
    yield from _trainings(options, turns)
    for part, measure in _WITHOUT_NETWORK.items():
        if part in options.parts:
            yield part.capitalize().replace("_", " "), partial(measure, **turns[part])
    yield from _uses(options, turns)
    if "accuracy" in options.parts:
        deadline = time.monotonic() + 60 * options.minutes
        for trial in accuracy.TRIALS:
            if not options.only or trial.architecture in options.only:
                yield f"Accuracy of {trial.architecture}", partial(accuracy.measure, trial, deadline)
    if "fine_tuning" in options.parts:
        yield f"Fine-tuning of {fine_tuning.ARCHITECTURE}", fine_tuning.measure


def _uses(options: argparse.Namespace, turns: dict[str, dict[str, float]]) -> Iterator[Job]:
    """How soon pictures are read and answered."""
    if "decoding" in options.parts:
        for side in decoding.SIDES:
            yield f"Decoding to {side} pixels", partial(decoding.measure, side, **turns["decoding"])
    if "latency" in options.parts:
        for subject in latency.SUBJECTS:
            if not options.only or subject.network in options.only:
                yield f"Latency of {subject.network}", partial(latency.measure, subject, **turns["latency"])


def _trainings(options: argparse.Namespace, turns: dict[str, dict[str, float]]) -> Iterator[Job]:
    """What is measured on a network while it trains."""
    for setting in throughput.SETTINGS:
        is_wanted = not options.only or setting.architecture in options.only
        if not is_wanted or options.batch_size not in (None, setting.batch_size):
            continue
        name = f"{setting.architecture}, batch {setting.batch_size}"
        if "throughput" in options.parts:
            with_keras = not options.without_keras
            measure = partial(throughput.measure, setting, with_keras=with_keras, **turns["throughput"])
            yield f"Throughput of {name}", measure
        if "profiling" in options.parts and setting.batch_size == GOALS_BATCH:
            for precision in profiling.PRECISIONS:
                yield f"Profile of {name} in {precision}", partial(profiling.measure, setting, precision)
        if setting.architecture in _WINDOW_AND_CONTENTION and setting.batch_size == GOALS_BATCH:
            if "window" in options.parts:
                yield f"The window's cost for {name}", partial(window.measure, setting, **turns["window"])
            if "live" in options.parts:
                yield f"Watching {name}", partial(live.measure, setting, **turns["live"])
            if "contention" in options.parts:
                yield f"Contention for {name}", partial(busy_neighbour.measure, setting, **turns["contention"])


if __name__ == "__main__":
    main()
