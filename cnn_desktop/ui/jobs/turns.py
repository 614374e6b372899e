"""How long a thread may keep the interpreter while another one waits for it."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

_SHORT = 0.0003
"""The window asks for the interpreter again at every few calls into Qt: with 100,000 pictures open and two busy jobs it
stood still for 77 ms at a millisecond, and for 33 ms at this; at Python's own 5 ms for up to 130."""
_LONG = 0.005
"""Python's own. A training gives the interpreter away by itself, at every operation of torch; short turns cost it a
twentieth of its throughput and more."""


def take_short_turns() -> None:
    """From now on, let the window come between what jobs do."""
    sys.setswitchinterval(_SHORT)


@contextmanager
def long_turns() -> Generator[None]:
    """While a training runs, let it finish what it does; afterwards turns are what they were."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_LONG)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
