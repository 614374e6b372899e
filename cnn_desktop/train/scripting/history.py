"""What a run did beyond its configuration: the hand's part of it, and what came out."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cnn_desktop.train.runs.run_folder import METRICS

_STEPS = '{"event": "steps_done"'
"""The lines that there are many of, and nothing to be learnt from here."""


@dataclass
class History:
    """Of a run that was made; empty for one that wasn't."""

    rates: dict[int, float] = field(default_factory=dict)
    """Learning rates that were set by hand, by the number of updates done before."""
    ended_at: int | None = None
    """After so many updates it was ended early, by hand or by its own rule."""
    steps_per_epoch: int = 0
    parts: int = 1
    """In which the last batches were computed for want of memory."""
    device: str = ""
    precision: str = ""
    is_done: bool = False
    test_accuracy: float | None = None


def read_history(run: Path) -> History:
    """What the run in the folder `run` wrote down; lines that can't be read are passed over."""
    history = History()
    for event in _events(run / METRICS):
        match event:
            case {"event": "training_started"}:
                history.device, history.precision = str(event.get("device")), str(event.get("precision"))
                history.steps_per_epoch = int(event.get("steps_per_epoch") or 0)
            case {"event": "rate_changed", "step": int(step), "learning_rate": float(rate)}:
                history.rates[step] = rate
            case {"event": "parts_changed", "parts": int(parts)}:
                history.parts = parts
            case {"event": "ended_early", "step": int(step)}:
                history.ended_at = step
            case {"event": "run_finished"}:
                history.is_done = event.get("outcome") == "done"
                history.test_accuracy = event.get("test_accuracy")
            case _:
                pass
    return history


def _events(file: Path) -> Iterator[dict[str, Any]]:
    if not file.exists():
        return
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if not line.startswith(_STEPS):
                with contextlib.suppress(ValueError):  # a last line that was cut off
                    yield json.loads(line)
