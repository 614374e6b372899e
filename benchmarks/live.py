"""Measures what watching a training costs it: the live view, and the snapshots for the time machine."""

from contextlib import ExitStack
from pathlib import Path

from benchmarks.answering import Answer
from benchmarks.contestant import Contestant, interleaved
from benchmarks.live_result import LiveResult
from benchmarks.machine import machine
from benchmarks.pictures import write_pictures
from benchmarks.places import PICTURES
from benchmarks.throughput import WARM_UP_SECONDS, Setting
from benchmarks.window_result import summed_up
from cnn_desktop.core.config import RunConfig


def measure(setting: Setting, rounds: int, seconds: float, home: Path) -> LiveResult:
    """Let one run in the window train with the live view and without, and two headless ones with and without snapshots.

    Raises:
        RuntimeError: one of them ended.
    """
    write_pictures(PICTURES, setting.dataset)
    arguments = [setting.architecture, setting.dataset, str(setting.batch_size)]
    with ExitStack() as stack:
        window = stack.enter_context(Contestant("live-window", ["benchmarks.window_contestant", *arguments], home))
        config = RunConfig.from_json(Path(window.facts["config"]).read_bytes())
        turns = {
            name: (window, {"seconds": seconds, "shown": True, "delays": delays, "live": live})
            for name, live, delays in (
                ("watched", True, False),
                ("unwatched", False, False),
                ("watched delays", True, True),
                ("unwatched delays", False, True),
            )
        }
        for name, megabytes in (("kept", config.snapshot_megabytes), ("bare", 0)):
            file = home / f"{name}.json"
            file.write_text(config.changed(snapshot_megabytes=megabytes, run_dir=None).to_json(), "utf-8")
            module = ["benchmarks.headless_contestant", str(file), str(home / f"{name}-run")]
            turns[name] = (stack.enter_context(Contestant(f"live-{name}", module, home)), {"seconds": seconds})
        for contestant, order in turns.values():
            contestant.run(**order | {"seconds": WARM_UP_SECONDS})
        answers = interleaved(turns, rounds)
    return LiveResult(
        machine=machine(),
        architecture=setting.architecture,
        batch_size=setting.batch_size,
        seconds=seconds,
        watched=_rates(answers["watched"]),
        unwatched=_rates(answers["unwatched"]),
        kept=_rates(answers["kept"]),
        bare=_rates(answers["bare"]),
        watched_delays=_delays(answers["watched delays"]),
        unwatched_delays=_delays(answers["unwatched delays"]),
    )


def _rates(answers: list[Answer]) -> list[float]:
    return [round(answer["rate"], 1) for answer in answers]


def _delays(answers: list[Answer]) -> list[float]:
    return summed_up([delay for answer in answers for delay in answer["delays"]])
