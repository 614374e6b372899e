"""Keeps Python's garbage collector, which looks at every object there is while all threads wait, from being felt."""

import atexit
import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager

_USUAL = gc.get_threshold()


class _Pause:
    """How many threads are within `without_collections`; one process has one collector."""

    lock = threading.Lock()
    depth = 0


@contextmanager
def without_collections() -> Generator[None]:
    """Collect nothing within the block, and never look at what it leaves behind; for imports and large datasets.

    The hundreds of thousands of objects that come with torch, or with a folder of a hundred thousand pictures, would
    stop the window for a quarter of a second at each full collection. They are freed as ever when nobody holds them;
    only a circle of objects that was garbage already stays until `look_at_everything`.
    """
    with _Pause.lock:
        _Pause.depth += 1
        gc.disable()
    try:
        yield
    finally:
        with _Pause.lock:
            _Pause.depth -= 1
            gc.freeze()
            if _Pause.depth == 0:
                gc.enable()


def look_at_everything() -> None:
    """Give the collector back what was kept from it, and let it look as often as Python would."""
    gc.unfreeze()
    gc.set_threshold(*_USUAL)


atexit.register(look_at_everything)  # else modules that are torn down take what is kept from them for a leak


def look_rarely() -> None:
    """Look at all objects a tenth as often as Python would; at the young ones as often."""
    gc.set_threshold(_USUAL[0], _USUAL[1], 10 * _USUAL[2])
