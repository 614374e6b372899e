"""Running out of memory: telling it from other errors, and going on with less at once."""

import contextlib
import gc
from collections.abc import Iterator

import torch

from cnn_desktop.core.errors import TrainingError
from cnn_desktop.core.language import _
from cnn_desktop.train.memory_allocation import give_freed_memory_back

_NOT_COMPILED = "could not create a primitive"
"""What oneDNN says, which compiles its loops as it goes and needs memory for them."""
_WORDS = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "bad_alloc",
    "could not create a memory object",
    _NOT_COMPILED,
    "unable to mmap",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether `error` says that memory ran out: CUDA and MPS have types for it, processors only words."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in text for words in _WORDS)


def do_without_broken_onednn(error: BaseException) -> None:
    """Compute without oneDNN where `error` says that it couldn't compile, until `onednn_given_back` ends.

    Its compiler, Xbyak, keeps the first error that it meets in a thread: with all the memory in the world, oneDNN could
    compile nothing in this thread any more.
    """
    if _NOT_COMPILED in str(error).lower():
        torch.backends.mkldnn.enabled = False


@contextlib.contextmanager
def onednn_given_back() -> Iterator[None]:
    """Use oneDNN afterwards as before: another training has another thread, or at least another try."""
    was_enabled = torch.backends.mkldnn.enabled
    try:
        yield
    finally:
        torch.backends.mkldnn.enabled = was_enabled


def free_memory(device: torch.device) -> None:
    """Give back what a failed step left behind; to be called when its exception is gone, which keeps tensors alive."""
    gc.collect()
    give_freed_memory_back()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def can_be_freed(device: torch.device) -> bool:
    """Whether `device` has memory of its own, which others can use while a run pauses."""
    return device.type != "cpu"


def more_parts(parts: int, batch_size: int) -> int:
    """The next larger number of parts for a batch: each half as large as before.

    Raises:
        TrainingError: single pictures don't fit either.
    """
    if parts >= batch_size:
        raise TrainingError(
            _("Memory doesn't suffice for a single picture: choose smaller pictures or a smaller network.")
        )
    return min(2 * parts, batch_size)
