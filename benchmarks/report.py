"""Puts all results into one Markdown page: goals first, then the figures, then on what they were measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy_result import AccuracyResult
from benchmarks.augmentation_result import AugmentationResult
from benchmarks.batch_result import BatchResult
from benchmarks.contention_result import ContentionResult
from benchmarks.decoding_result import DecodingResult
from benchmarks.fine_tuning_result import FineTuningResult
from benchmarks.inspecting_result import InspectingResult
from benchmarks.latency_result import LatencyResult
from benchmarks.live_result import LiveResult
from benchmarks.long_run_result import LongRunResult
from benchmarks.preview_result import PreviewResult
from benchmarks.profiling_result import ProfilingResult
from benchmarks.results import Result, Verdict, table
from benchmarks.throughput_result import ThroughputResult
from benchmarks.window_result import WindowResult

PARTS: tuple[type[Result], ...] = (
    ThroughputResult,
    ProfilingResult,
    WindowResult,
    LiveResult,
    ContentionResult,
    LongRunResult,
    AugmentationResult,
    PreviewResult,
    DecodingResult,
    BatchResult,
    LatencyResult,
    InspectingResult,
    AccuracyResult,
    FineTuningResult,
)


def report(folder: Path) -> str:
    """The page over everything in `folder`."""
    by_part = {part: part.load_all(folder) for part in PARTS}
    results = [result for part in by_part.values() for result in part]
    verdicts = [verdict for result in results for verdict in result.verdicts()]
    sections = ["# Benchmarks\n", _INTRODUCTION, "## Goals\n", goals_table(verdicts)]
    for part, found in by_part.items():
        if found:
            sections += [f"## {part.title}\n", *(result.text() for result in found)]
    sections += ["## Measured on\n", _machines(results)]
    return "\n".join(sections)


def goals_table(verdicts: Sequence[Verdict]) -> str:
    """Each goal with what was measured."""
    rows = [
        (verdict.goal, verdict.wanted, verdict.figure, "met" if verdict.is_met else "**missed**")
        for verdict in verdicts
    ]
    return table(["goal", "wanted", "measured", ""], rows)


def _machines(results: Sequence[Result]) -> str:
    """The machines, once each, and when each part ran on which."""
    places: list[str] = []
    rows: list[tuple[str, ...]] = []
    for result in results:
        facts = result.machine
        place = _place(facts)
        if place not in places:
            places.append(place)
        versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
        machine = str(places.index(place) + 1)
        stolen = facts.get("stolen")
        taken = "–" if stolen is None else f"{stolen:.1%}"
        of_run = (facts["date"], taken, facts["program"], versions, f"`{facts['command']}`")
        rows.append((f"{result.part} {result.name}", machine, *of_run))
    numbered = "".join(f"{number}. {place}\n" for number, place in enumerate(places, 1))
    return f"{numbered}\n{_TAKEN}\n{table(['result', 'machine', 'date', 'taken', 'program', 'with', 'command'], rows)}"


def _place(facts: dict[str, Any]) -> str:
    parts = [facts["processor"], *([facts["device"]] if facts["device"] != facts["processor"] else [])]
    machine = f"{'; '.join(parts)} ({' '.join(facts['features'])}), {facts['memory_gib']} GiB"
    return f"{machine}, {facts['system']}, Python {facts['python']}"


_TAKEN = """\
“Taken” is the share of the computing time wanted meanwhile that the host of a virtual machine gave to its neighbours.
"""

_INTRODUCTION = """\
Written by `make bench` and `make bench-accuracy`. All contestants of a table took turns in one run, each in a process
of its own, in an order drawn anew for every round; warm-up isn't counted. Best is compared with best, and medians stand
beside. What bounds the goals that are missed stands in [BOUNDS.md](BOUNDS.md).
"""
