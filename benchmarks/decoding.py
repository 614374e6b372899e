"""Measures decoding and resizing alone: ours in the first and in later epochs, and torchvision's, take turns."""

from contextlib import ExitStack
from pathlib import Path

from benchmarks.contestant import Contestant, interleaved
from benchmarks.decoding_contestant import BATCH
from benchmarks.decoding_result import Contender, DecodingResult
from benchmarks.machine import machine
from benchmarks.photos import COUNT, SIZE, are_real, write_photos
from benchmarks.places import PICTURES

SIDES = (128, 64)

_WARM_UP_SECONDS = 0.5


def measure(side: int, rounds: int, seconds: float, home: Path) -> DecodingResult:
    """Let all contenders read the same files in turns.

    Raises:
        RuntimeError: a contestant ended.
    """
    photos = write_photos(PICTURES)
    with ExitStack() as stack:
        children = {way: stack.enter_context(_start(way, photos, side, home / way)) for way in Contender}
        for child in children.values():
            child.run(seconds=_WARM_UP_SECONDS)
        answers = interleaved({way: (child, {"seconds": seconds}) for way, child in children.items()}, rounds)
        threads = children[Contender.FIRST].facts["threads"]
    rates = {way: [answer["images"] / answer["seconds"] for answer in answers[way]] for way in Contender}
    return DecodingResult(
        machine=machine(),
        side=side,
        batch_size=BATCH,
        pictures=f"{COUNT:,} JPEGs of {SIZE[0]}×{SIZE[1]} made of {'real photos' if are_real() else 'random waves'}",
        threads=threads,
        seconds=seconds,
        rates={way.value: [round(rate, 1) for rate in found] for way, found in rates.items()},
    )


def _start(way: str, photos: Path, side: int, home: Path) -> Contestant:
    home.mkdir()  # of its own, for the cache lies there
    return Contestant(f"decoding-{way}", ["benchmarks.decoding_contestant", way, str(photos), str(side)], home)
