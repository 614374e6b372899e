"""What is said about a run before it starts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that would fail or mislead later."""

    sentence: str
    """What it is, and the way out."""
    stops: bool
    """Whether the run would fail, so that it mustn't start."""
