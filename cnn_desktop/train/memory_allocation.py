"""How the C library keeps memory while a network trains."""

import contextlib
import ctypes
import platform
from collections.abc import Generator

# From glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -2, -3, -4

_KEEPING = {_MMAP_MAX: 0, _TRIM_THRESHOLD: 2**31 - 1, _TOP_PAD: 64 << 20}
"""Nothing is asked of the system by itself, the end of the heap is kept, and so are whole heaps of other threads (which
glibc unmaps unless less than `_TOP_PAD` would then be left; no such heap is larger than 64 MiB)."""
_USUAL = {_MMAP_MAX: 65536, _MMAP_THRESHOLD: 32 << 20, _TRIM_THRESHOLD: 64 << 20, _TOP_PAD: 128 << 10}
"""What glibc's own adjustment, which ends with the first setting, comes to in a process that frees large tensors."""


@contextlib.contextmanager
def freed_memory_kept() -> Generator[None]:
    """Within the block keep freed memory for what is allocated next; at its end give all of it back to the system.

    Every step of a training frees large tensors and allocates the same sizes again. glibc gives them back to the system
    in between, which clears each page anew: tens of thousands a step for a batch of small pictures. The whole process
    is affected. Nothing happens where the C library isn't glibc.
    """
    library = _glibc()
    if library is None:
        yield
        return
    _set(library, _KEEPING)
    try:
        yield
    finally:
        give_freed_memory_back()


def give_freed_memory_back() -> None:
    """End what `freed_memory_kept` began, where it has: to be called early when memory runs out."""
    library = _glibc()
    if library is not None:
        _set(library, _USUAL)
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None


def _set(library: ctypes.CDLL, settings: dict[int, int]) -> None:
    for name, value in settings.items():
        library.mallopt(name, value)
