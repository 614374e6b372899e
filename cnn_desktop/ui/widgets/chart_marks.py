"""Moments along a chart's x axis that are worth a sign."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A thin line at `x`: `text` is told under the cursor, `label` stands beside the line."""

    x: float
    text: str
    label: str = ""


def near(marks: Iterable[Mark], low: float, high: float) -> list[Mark]:
    """Those between two x."""
    return [mark for mark in marks if low <= mark.x <= high]
