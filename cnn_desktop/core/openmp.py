"""The threads that torch computes with on processors."""

import os

_SPIN_COUNT = 1000


def wait_briefly() -> None:
    """Let those threads give up their core soon after they run out of work; call it before torch is first imported.

    GNU's OpenMP, which torch brings on Linux, lets a thread that waits for the others turn on the spot 300,000 times
    before it sleeps. Beside any other busy process that is wasted where it is needed most: one thread waits for
    another that has no core, because the waiting one sits on it. After a thousand turns, some microseconds, the short
    waits of an idle machine are over too. What the person has set stays.
    """
    if not os.environ.keys() & {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"}:
        os.environ["GOMP_SPINCOUNT"] = str(_SPIN_COUNT)
