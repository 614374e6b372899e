"""A log on a disk that can fail: nothing added to it is lost while the program lives."""

import contextlib
import os
from pathlib import Path

from cnn_desktop.core.files import write_atomic


class GrowingFile:
    """A file that only grows; what can't be written now waits in memory for the next `flush`.

    A file that someone deletes is made again with all that it held.

    Raises:
        OSError: it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream = path.open("a+b", buffering=0)
        self._waiting = bytearray()

    @property
    def size(self) -> int:
        """Bytes, those that wait included."""
        return self._written + len(self._waiting)

    def add(self, text: str) -> None:
        """Append `text` with the next `flush`."""
        self._waiting += text.encode()

    def flush(self) -> None:
        """Write what waits.

        Raises:
            OSError: the disk is full or fails; what isn't written waits on.
        """
        if not self._is_in_place():
            self.move_to(self.path)
        while self._waiting:
            written = self._stream.write(self._waiting) or 0
            del self._waiting[:written]

    def move_to(self, path: Path) -> None:
        """Write the whole content, what waits included, to `path` and grow there; the old file stays as it is.

        Raises:
            OSError: `path` can't be written; nothing changed.
        """
        write_atomic(path, self._content() + self._waiting)
        stream = path.open("a+b", buffering=0)
        self._waiting.clear()
        with contextlib.suppress(OSError):
            self._stream.close()
        self.path, self._stream = path, stream

    def rewind(self, size: int) -> None:
        """Forget what was added after it had `size` bytes, and of the rest a last line that a power cut left torn."""
        self._waiting.clear()
        content = self._content()[:size]
        self._stream.truncate(content.rfind(b"\n") + 1)

    def close(self) -> None:
        """Write what waits, if that is possible now, and close the file."""
        with contextlib.suppress(OSError):
            self.flush()
        with contextlib.suppress(OSError):
            self._stream.close()

    @property
    def _written(self) -> int:
        return os.fstat(self._stream.fileno()).st_size

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._stream.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    def _content(self) -> bytes:
        """What the open file holds, also after it was deleted; nothing where the disk doesn't give it back."""
        with contextlib.suppress(OSError):
            self._stream.seek(0)
            return self._stream.read(self._written)
        return b""
