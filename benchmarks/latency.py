"""Measures how soon a picture has its ten best classes: the plain way and ours, in its precision and in fp32."""

import shutil
import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.answering import Answer
from benchmarks.contestant import Contestant, interleaved
from benchmarks.large_photos import SIZE, write_large_photos
from benchmarks.latency_result import EXACT, OURS, PLAIN, Agreement, LatencyResult
from benchmarks.machine import machine
from benchmarks.photos import are_real, real_photos
from benchmarks.pictures import real_data
from benchmarks.places import PICTURES, WEIGHTS
from cnn_desktop.models.archs import architectures

BATCH = 64
_LATER = 5
_ROUNDING = "bf16"


@dataclass(frozen=True)
class Subject:
    """A network, and where in the folder of real data its published weights lie, if they do."""

    network: str
    real_file: str = ""


SUBJECTS = (Subject("vgg16"), Subject("mobilenet_v2", "models/mobilenet_v2-imagenet-dequant.pth"))


def measure(subject: Subject, rounds: int, seconds: float, home: Path) -> LatencyResult:
    """Let all ways answer the same pictures in turns, which last as long as they do, whatever `seconds` says.

    Raises:
        RuntimeError: a contestant ended.
    """
    folder = write_large_photos(PICTURES)
    weights, kind = weights_of(subject.network, subject.real_file)
    with ExitStack() as stack:
        plain, ours = (stack.enter_context(_start(way, subject, weights, home / way)) for way in ("plain", "ours"))
        order: Answer = {"what": "time", "folder": str(folder), "later": _LATER, "batch_size": BATCH}
        turns = {way: (plain if way == PLAIN else ours, {**order, "precision": way}) for way in (PLAIN, OURS, EXACT)}
        for contestant, first in turns.values():
            contestant.run(**{**first, "later": 1, "batch_size": 1})
        answers = interleaved(turns, rounds)
        agreements = _agreements(plain, ours, folder) if subject.real_file and are_real() else []
        threads = ours.facts["threads"]
    return LatencyResult(
        machine=machine(),
        network=subject.network,
        weights=kind,
        pictures=f"JPEGs of {SIZE[0]}×{SIZE[1]} made of {'real photos' if are_real() else 'random waves'}",
        threads=threads,
        batch_size=BATCH,
        precision=answers[OURS][-1]["precision"],
        reason=answers[OURS][-1]["reason"],
        seconds={way: _by_stage(answers[way]) for way in turns},
        agreements=agreements,
    )


def _start(way: str, subject: Subject, weights: Path, home: Path) -> Contestant:
    home.mkdir()  # of its own, for the cache lies there
    arguments = ["benchmarks.latency_contestant", way, subject.network, str(weights)]
    return Contestant(f"latency-{way}-{subject.network}", arguments, home)


def weights_of(network: str, real_file: str = "") -> tuple[Path, str]:
    """A file in the layout of the published ones, and what it holds; random ones where real ones aren't there."""
    root = real_data()
    if root is not None and real_file and (root / real_file).is_file():
        return root / real_file, "ImageNet weights"
    file = WEIGHTS / f"{network}.pth"
    if not file.is_file():
        torch.manual_seed(0)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".part")
        torch.save(architectures[network].build(1000, 3, (224, 224)).state_dict(), partial)
        partial.replace(file)
    return file, "random weights in the layout of the published ones"


def _by_stage(answers: list[Answer]) -> dict[str, list[float]]:
    stages = {stage: [round(answer[stage], 4) for answer in answers] for stage in ("ready", "first", "batch")}
    return stages | {"later": [round(statistics.median(answer["later"]), 4) for answer in answers]}


def _agreements(plain: Contestant, ours: Contestant, large: Path) -> list[Agreement]:
    samples = PICTURES / "samples"
    shutil.rmtree(samples, ignore_errors=True)
    samples.mkdir(parents=True)
    for photo in real_photos():
        (samples / photo.name).symlink_to(photo)
    found: list[Agreement] = []
    for folder, title in ((samples, "photos as they are"), (large, "photos of 12 megapixels")):
        usual = plain.run(what="answers", folder=str(folder), precision="fp32")["found"]
        for precision in (EXACT, _ROUNDING):
            said = ours.run(what="answers", folder=str(folder), precision=precision)["found"]
            found.append(Agreement.between(title, precision, usual, said))
    return found
