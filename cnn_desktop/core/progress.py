"""How long work tells how far it is, and is told to stop."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total) in the work's own unit; total 0 means not known yet.

It may raise `CancelledError`, which the work lets through after cleaning up.
"""


def no_progress(done: int, total: int) -> None:
    """Report to nobody."""
