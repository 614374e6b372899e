"""Measures how fast whole batches are augmented beside torchvision's `transforms.v2` on one picture after the other."""

from pathlib import Path

from benchmarks.augmentation_contestant import BATCH, RECIPES, SIDE
from benchmarks.augmentation_result import AugmentationResult, Rates
from benchmarks.contestant import Contestant, interleaved
from benchmarks.machine import machine


def measure(rounds: int, seconds: float, home: Path) -> AugmentationResult:
    """Both ways on every recipe, in turns.

    Raises:
        RuntimeError: a contestant ended.
    """
    rates: dict[str, Rates] = {}
    with (
        Contestant("augmentation-ours", ["benchmarks.augmentation_contestant", "ours"], home) as ours,
        Contestant("augmentation-v2", ["benchmarks.augmentation_contestant", "v2"], home) as theirs,
    ):
        for title in RECIPES:
            order = {"recipe": title, "seconds": seconds}
            turns = {
                "batched": (ours, order),
                "single": (theirs, order),
            }
            for contestant, _order in turns.values():
                contestant.run(**order | {"seconds": min(1.0, seconds)})
            answers = interleaved(turns, rounds)
            found = {name: [round(answer["rate"]) for answer in answers[name]] for name in turns}
            rates[title] = Rates.model_validate(found)
    return AugmentationResult(machine=machine(), side=SIDE, batch_size=BATCH, seconds=seconds, rates=rates)
