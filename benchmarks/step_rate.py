"""Training pictures a second out of a run's own events."""

from collections.abc import Iterable
from typing import Any


def step_rate(events: Iterable[dict[str, Any]], batch_size: int) -> float:
    """Over the steps alone: pauses, validation and the writing of checkpoints aren't counted.

    Args:
        events: as they stand in `metrics.jsonl`; those between a resume and the next pause.
        batch_size: pictures a step.
    """
    steps = [event for event in events if event["event"] == "steps_done" and event["throughput"]]
    images = sum(len(event["losses"]) * batch_size for event in steps)
    return images / sum(len(event["losses"]) * batch_size / event["throughput"] for event in steps)
