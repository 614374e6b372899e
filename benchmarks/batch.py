"""Measures a thousand photos through MobileNetV2: ours, a plain loop and a loader with workers take turns."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from benchmarks.batch_result import BatchResult, Contender
from benchmarks.contestant import Contestant, interleaved
from benchmarks.machine import machine
from benchmarks.photos import real_photos, write_photos
from benchmarks.pictures import real_data
from benchmarks.places import PICTURES

COUNT = 1000


def measure(rounds: int, home: Path, **_others: float) -> BatchResult:
    """Let all contenders answer for the same files in turns.

    Raises:
        RuntimeError: a contestant ended.
    """
    photos = _write_thousand(PICTURES)
    with ExitStack() as stack:
        children = {way: stack.enter_context(_start(way, photos, home / way)) for way in Contender}
        for child in children.values():
            child.run(count=64)
        answers = interleaved({way: (child, {"count": COUNT}) for way, child in children.items()}, rounds)
        precision = children[Contender.OURS].facts["precision"]
    tops = {way: answers[way][0]["tops"] for way in Contender}
    ours = (Contender.OURS, Contender.ROUNDED)
    return BatchResult(
        machine=machine(),
        pictures=f"{COUNT:,} JPEGs, {'real photos' if real_photos() else 'random waves'}",
        weights="the published weights" if _weights() else "random weights",
        precision=precision,
        rates={way.value: [round(COUNT / answer["seconds"], 1) for answer in answers[way]] for way in Contender},
        same_best={way.value: _agreement(tops[way], tops[Contender.LOOP], 1) for way in ours},
        same_ten={way.value: _agreement(tops[way], tops[Contender.LOOP], 10) for way in ours},
    )


def _agreement(one: list[list[str]], other: list[list[str]], count: int) -> float:
    """The share of photos with the same `count` best classes."""
    same = [set(mine[:count]) == set(theirs[:count]) for mine, theirs in zip(one, other, strict=True)]
    return sum(same) / len(same)


def _start(way: str, photos: Path, home: Path) -> Contestant:
    home.mkdir()  # of its own, for the journal lies there
    return Contestant(f"batch-{way}", ["benchmarks.batch_contestant", way, str(photos), str(_weights() or "")], home)


def _weights() -> Path | None:
    root = real_data()
    file = root / "models" / "mobilenet_v2-imagenet-dequant.pth" if root else None
    return file if file and file.is_file() else None


def _write_thousand(folder: Path) -> Path:
    """A folder of `COUNT` photos: the real samples under several names, or else of waves."""
    real = real_photos()
    source = real or sorted(write_photos(folder).rglob("*.jpg"))
    place = folder / ("thousand-real" if real else "thousand-waves")
    place.mkdir(parents=True, exist_ok=True)
    for number in range(COUNT):
        target = place / f"{number:04}.jpg"
        if not target.exists():
            shutil.copyfile(source[number % len(source)], target)
            os.utime(target, (1_000_000_000, 1_000_000_000))
    return place
