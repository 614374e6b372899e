"""Measures how soon a dropped photo's maps of VGG16's 13 convolutions are drawn: ours beside plain scripts."""

import os
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from benchmarks.answering import Answer
from benchmarks.contestant import Contestant, interleaved
from benchmarks.inspecting_result import MATPLOTLIB, OURS, PAINTER, InspectingResult
from benchmarks.latency import weights_of
from benchmarks.machine import machine
from benchmarks.photos import are_real, write_photos
from benchmarks.places import PICTURES


def measure(rounds: int, seconds: float, home: Path) -> InspectingResult:
    """Let all ways draw the same photo in turns, which last as long as they do, whatever `seconds` says.

    matplotlib, which takes a minute, has one turn at the end.

    Raises:
        RuntimeError: a contestant ended.
    """
    photo = sorted(write_photos(PICTURES).rglob("*.jpg"))[0]
    order: Answer = {"picture": str(photo)}
    weights, kind = weights_of("vgg16")
    with ExitStack() as stack:

        def start(way: str) -> Contestant:
            place = home / way
            place.mkdir()
            arguments = ["benchmarks.inspecting_contestant", way, str(weights)]
            return stack.enter_context(Contestant(f"inspecting-{way}", arguments, place))

        turns = {way: (start(way), order) for way in (OURS, PAINTER)}
        for contestant, first in turns.values():
            contestant.run(**first)
        answers = interleaved(turns, rounds)
        if find_spec("matplotlib"):
            answers[MATPLOTLIB] = [start(MATPLOTLIB).run(**order)]
        threads = turns[OURS][0].facts["threads"]
    return InspectingResult(
        machine=machine(),
        weights=kind,
        photo=f"a JPEG of 500×375 made of {'a real photo' if are_real() else 'random waves'}",
        platform=os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        threads=threads,
        maps=answers[OURS][0]["maps"],
        seconds={way: [round(answer["seconds"], 4) for answer in taken] for way, taken in answers.items()},
    )
