"""Measures how often a second the augmentation panel shows new variants while somebody moves a slider."""

import os
from pathlib import Path

from benchmarks.contestant import Contestant, interleaved
from benchmarks.machine import machine
from benchmarks.preview_result import PreviewResult
from benchmarks.window_result import summed_up

MOVES = {"light": "crop_padding", "tutorial": "zoom", "strong": "rotation"}
"""By preset, the part whose slider is moved."""


def measure(rounds: int, seconds: float, home: Path) -> PreviewResult:
    """Move a slider in each preset, in turns.

    Raises:
        RuntimeError: the panel's process ended.
    """
    with Contestant("preview", ["benchmarks.preview_contestant"], home) as panel:
        turns = {
            preset: (panel, {"preset": preset, "field": field, "seconds": seconds}) for preset, field in MOVES.items()
        }
        for _panel, order in turns.values():
            panel.run(**order | {"seconds": 1.0})
        answers = interleaved(turns, rounds)
    return PreviewResult(
        machine=machine(),
        platform=os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        seconds=seconds,
        rates={preset: [round(answer["rate"], 1) for answer in answers[preset]] for preset in MOVES},
        delays=summed_up([delay for preset in MOVES for answer in answers[preset] for delay in answer["delays"]]),
    )
