"""How OpenMP's threads should wait: throughput on the idle machine and beside a busy process, way by way.

    python -m benchmarks.contention --rounds 7 --seconds 2

All ways take turns. It is what the program's default (`cnn_desktop/core/openmp.py`) was chosen by.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.busy_neighbour import busy_process, rate
from benchmarks.contestant import Contestant
from benchmarks.pictures import write_pictures
from benchmarks.places import PICTURES
from benchmarks.results import table
from benchmarks.throughput import SETTINGS, Setting
from benchmarks.throughput_result import GOALS_BATCH
from benchmarks.waiting_contestant import WAYS

_ARCHITECTURES = ("mnist_cnn", "cifar_vgg6")

Rates = dict[str, dict[bool, list[float]]]
"""Pictures a second of each way, beside a busy process or not."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=_ARCHITECTURES, help="one architecture; else both")
    parser.add_argument("--way", action="append", choices=list(WAYS), help="may be given several times; else all")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of a turn")
    options = parser.parse_args()
    wanted = [options.only] if options.only else _ARCHITECTURES
    for setting in SETTINGS:
        if setting.architecture in wanted and setting.batch_size == GOALS_BATCH:
            rates = _measure(setting, options.way or list(WAYS), options.rounds, options.seconds)
            print(f"`{setting.architecture}`, batch {setting.batch_size}, {options.rounds} rounds\n")
            print(table(["way", "idle", "best", "beside a busy process", "best", "kept"], _rows(rates)), flush=True)


def _measure(setting: Setting, ways: list[str], rounds: int, seconds: float) -> Rates:
    write_pictures(PICTURES, setting.dataset)
    arguments = [setting.architecture, setting.dataset, str(setting.batch_size), "auto"]
    rates: Rates = {way: {False: [], True: []} for way in ways}
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        contestants = {
            way: stack.enter_context(
                Contestant(f"waiting-{number}", ["benchmarks.waiting_contestant", way, *arguments], home)
            )
            for number, way in enumerate(ways)
        }
        for _round in range(rounds):
            for way, contestant in contestants.items():
                rates[way][False].append(rate(contestant, seconds))
                with busy_process():
                    rates[way][True].append(rate(contestant, seconds))
    return rates


def _rows(rates: Rates) -> Iterator[list[str]]:
    for way, by_load in rates.items():
        idle, busy = (statistics.median(by_load[is_busy]) for is_busy in (False, True))
        figures = idle, max(by_load[False]), busy, max(by_load[True])
        yield [way, *(f"{figure:,.0f}" for figure in figures), f"{busy / idle:.0%}"]


if __name__ == "__main__":
    main()
