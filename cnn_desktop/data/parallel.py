"""Work on many pictures by threads: Pillow releases the interpreter while it decodes and resizes."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def thread_count() -> int:
    """Threads worth having for decoding: one for each processor that this process may use, 16 at most."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 16)


def in_order(function: Callable[[T], R], items: Iterable[T], ahead: int) -> Generator[R]:
    """`function` of every item, in their order, worked out by threads for at most `ahead` items that wait to be taken.

    Close the generator to stop early (`contextlib.closing`): what runs is waited for, what waits is dropped, and no
    thread is left. What `function` raises is raised here.
    """
    waiting: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(thread_count(), thread_name_prefix="pictures")
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
