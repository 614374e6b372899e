"""Measures what the window costs: its run, with the charts shown and hidden, and the same run headless take turns."""

import os
from contextlib import ExitStack
from pathlib import Path

from benchmarks.answering import Answer
from benchmarks.contestant import Contestant, interleaved
from benchmarks.machine import machine
from benchmarks.pictures import write_pictures
from benchmarks.places import PICTURES
from benchmarks.throughput import WARM_UP_SECONDS, Setting
from benchmarks.window_result import WindowResult, summed_up


def measure(setting: Setting, rounds: int, seconds: float, home: Path) -> WindowResult:
    """Let the two train in turns; the headless one takes over the settings that the window ended up with.

    Raises:
        RuntimeError: one of them ended.
    """
    write_pictures(PICTURES, setting.dataset)
    arguments = [setting.architecture, setting.dataset, str(setting.batch_size)]
    with ExitStack() as stack:
        window = stack.enter_context(Contestant("window", ["benchmarks.window_contestant", *arguments], home))
        run_dir = str(home / "headless-run")
        module = ["benchmarks.headless_contestant", window.facts["config"], run_dir]
        headless = stack.enter_context(Contestant("headless", module, home))
        turns = {
            "headless": (headless, {"seconds": seconds}),
            "shown": (window, {"seconds": seconds, "shown": True, "delays": False}),
            "hidden": (window, {"seconds": seconds, "shown": False, "delays": False}),
            "delays": (window, {"seconds": seconds, "shown": True, "delays": True}),
        }
        for contestant, order in turns.values():
            contestant.run(**order | {"seconds": WARM_UP_SECONDS})
        answers = interleaved(turns, rounds)
    return WindowResult(
        machine=machine(),
        architecture=setting.architecture,
        batch_size=setting.batch_size,
        platform=os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        seconds=seconds,
        headless=_rates(answers["headless"]),
        shown=_rates(answers["shown"]),
        hidden=_rates(answers["hidden"]),
        shown_shares=_shares(answers["shown"]),
        hidden_shares=_shares(answers["hidden"]),
        delays=summed_up([delay for answer in answers["delays"] for delay in answer["delays"]]),
    )


def _rates(answers: list[Answer]) -> list[float]:
    return [round(answer["rate"], 1) for answer in answers]


def _shares(answers: list[Answer]) -> list[float]:
    return [round(answer["share"], 4) for answer in answers]
