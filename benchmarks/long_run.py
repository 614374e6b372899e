"""Measures whether a long run costs more to watch than a short one."""

import math
import os
from contextlib import ExitStack
from pathlib import Path

from benchmarks.contestant import Contestant, interleaved
from benchmarks.long_run_result import LongRunResult
from benchmarks.machine import machine

_RATE = 1000
"""Steps a second, more than any network here trains at."""
_BEHIND = (5_000, 100_000, 1_000_000)
"""Steps that have been shown before."""
_WARM_UP_SECONDS = 1.0


def measure(rounds: int, seconds: float, home: Path) -> LongRunResult:
    """Watch runs of different lengths go on, in turns; nothing is trained.

    Raises:
        RuntimeError: one of them ended.
    """
    ahead = math.ceil(1.25 * _RATE * (rounds * seconds + _WARM_UP_SECONDS))
    with ExitStack() as stack:
        turns = {}
        for behind in _BEHIND:
            module = ["benchmarks.long_run_contestant", str(behind), str(ahead), str(_RATE)]
            contestant = stack.enter_context(Contestant(f"long-run-{behind}", module, home))
            turns[str(behind)] = (contestant, {"seconds": seconds})
        answers = interleaved(turns, rounds)
    return LongRunResult(
        machine=machine(),
        platform=os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        seconds=seconds,
        rate=_RATE,
        shares={steps: [round(answer["share"], 4) for answer in taken] for steps, taken in answers.items()},
        longest={steps: round(max(answer["longest"] for answer in taken), 1) for steps, taken in answers.items()},
    )
