"""A lock that the system takes back when its holder ends, however it ends: no stale lock survives a kill."""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import BinaryIO

_PATIENCE_SECONDS = 0.25
"""Someone who only asks holds the lock for an instant."""
_PLACE = 1 << 30
"""The byte that is locked on Windows: beyond the content, which others could no longer read otherwise."""

if sys.platform == "win32":
    import msvcrt

    def _take(stream: BinaryIO, shared: bool) -> None:
        stream.seek(_PLACE)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBRLCK if shared else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(stream: BinaryIO, shared: bool) -> None:
        fcntl.flock(stream, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


class FileLock:
    """A file that at most one holder has at a time, in this program or another."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._stream: BinaryIO | None = None

    def acquire(self, content: str) -> bool:
        """Take the lock and write `content` for people to read; False where someone else has it.

        Raises:
            OSError: the file can't be written.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            stream = self.file.open("a+b")
            if _lock(stream) and _is_at(stream, self.file):
                break
            stream.close()
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        self._stream = stream
        with contextlib.suppress(OSError):  # the lock holds on a full disk too
            stream.truncate(0)
            stream.write(content.encode())
            stream.flush()
        return True

    def release(self) -> None:
        """Give the lock back and remove its file; nothing happens where it isn't held."""
        if self._stream is None:
            return
        with contextlib.suppress(OSError):  # a file that stays behind locks nobody out
            if _is_at(self._stream, self.file) and sys.platform != "win32":
                self.file.unlink()
        with contextlib.suppress(OSError):
            self._stream.close()
        self._stream = None
        if sys.platform == "win32":  # an open file can't be removed there
            with contextlib.suppress(OSError):
                self.file.unlink()


def is_locked(file: Path) -> bool:
    """Whether someone holds the lock `file` now, this program included."""
    try:
        with file.open("rb") as stream:
            return not _lock(stream, shared=True)
    except OSError:
        return False


def _lock(stream: BinaryIO, shared: bool = False) -> bool:
    """Try to lock an open file; where its disk knows no locks, nobody is kept from it."""
    try:
        _take(stream, shared)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def _is_at(stream: BinaryIO, file: Path) -> bool:
    """Whether `file` still is what was opened: its last holder can have removed it in between."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except FileNotFoundError:
        return False
