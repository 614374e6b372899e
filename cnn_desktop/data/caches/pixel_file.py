"""A file of pictures' pixels that one program writes once, and any may read: what isn't right in it isn't found.

Blocks of `_ROWS_IN_BLOCK` records, 20 bytes each, followed by as many rows of pixels. A record holds the mark of a
picture and the CRC-32 of mark and pixels, and is written after them. So a program that is killed, a power cut, a full
disk or a flipped bit leave at worst a row that doesn't fit its record. Reads and writes are calls that can fail, rather
than a mapping of the file into memory, whose first touch ends the program where the disk fails or the file was cut.
"""

import os
import struct
import threading
import weakref
import zlib
from pathlib import Path
from typing import IO

import numpy as np

MARK_BYTES = 16

_RECORD = struct.Struct(f"<{MARK_BYTES}sI")
_ROWS_IN_BLOCK = 1024
_INDEX_BYTES = _ROWS_IN_BLOCK * _RECORD.size
_NO_MARK = bytes(MARK_BYTES)
"""Where nothing was written yet."""


class PixelFile:
    """Rows of `row_bytes` bytes, found by marks; any number of threads may use it.

    Args:
        stream: the open file.
        row_bytes: of each picture.
        rows: by its mark, the place of each picture in the file, and its checksum.
    """

    def __init__(self, stream: IO[bytes], row_bytes: int, rows: dict[bytes, tuple[int, int]]) -> None:
        self._stream = stream
        self._row_bytes = row_bytes
        self._rows = rows
        self._count = len(rows)  # what is written goes to a new file, whose rows are all in here
        self._right: set[bytes] = set()
        """Marks whose pixels fitted their checksum since the file was opened, or were written since."""
        self._lock = threading.Lock()
        weakref.finalize(self, stream.close)

    @classmethod
    def open(cls, place: Path, row_bytes: int) -> "PixelFile":
        """To read what another program, or this one at another time, has written.

        Raises:
            OSError: it can't be read.
        """
        stream = place.open("rb", buffering=0)
        try:
            return cls(stream, row_bytes, _index(stream, row_bytes))
        except OSError:
            stream.close()
            raise

    @classmethod
    def create(cls, place: Path, row_bytes: int) -> "PixelFile":
        """A new file, to write and to read.

        Raises:
            OSError: it can't be made.
        """
        place.parent.mkdir(parents=True, exist_ok=True)
        return cls(place.open("x+b", buffering=0), row_bytes, {})

    def read(self, mark: bytes, row: np.ndarray) -> bool:
        """Fill `row`, contiguous uint8, with the pixels of that mark; False where they aren't there, or not right.

        Checked once: a disk that turns a bit over does so while the program isn't reading, not between two epochs.
        """
        found = self._rows.get(mark)
        if found is None:
            return False
        number, checksum = found
        try:
            if not self._read_at(row.data.cast("B"), self._pixels(number)):
                return False
        except OSError:
            return False
        if mark not in self._right:
            if _checksum(mark, row) != checksum:
                return False
            self._right.add(mark)
        return True

    def append(self, mark: bytes, row: np.ndarray) -> None:
        """Write `row`, contiguous uint8, under `mark`.

        Raises:
            OSError: the disk is full or fails; give the file up then.
        """
        checksum = _checksum(mark, row)
        with self._lock:
            number = self._count
            self._count += 1
        self._write_at(row.data.cast("B"), self._pixels(number))
        self._write_at(_RECORD.pack(mark, checksum), self._block(number) + number % _ROWS_IN_BLOCK * _RECORD.size)
        self._rows[mark] = number, checksum
        self._right.add(mark)

    def give_up(self) -> None:
        """Give its room on the disk back; nothing is found any more."""
        self._rows = {}
        with self._lock:
            self._stream.truncate(0)

    def _block(self, number: int) -> int:
        return number // _ROWS_IN_BLOCK * _block_bytes(self._row_bytes)

    def _pixels(self, number: int) -> int:
        return self._block(number) + _INDEX_BYTES + number % _ROWS_IN_BLOCK * self._row_bytes

    def _read_at(self, buffer: memoryview, place: int) -> bool:
        if hasattr(os, "preadv"):
            return os.preadv(self._stream.fileno(), [buffer], place) == len(buffer)
        with self._lock:  # in two steps, of which nobody may come between
            self._stream.seek(place)
            return self._stream.readinto(buffer) == len(buffer)  # pyright: ignore[reportAttributeAccessIssue]

    def _write_at(self, content: bytes | memoryview, place: int) -> None:
        if hasattr(os, "pwrite"):
            written = os.pwrite(self._stream.fileno(), content, place)
        else:
            with self._lock:  # in two steps, of which nobody may come between
                self._stream.seek(place)
                written = self._stream.write(content)
        if written != len(content):
            raise OSError("the disk took a part of it only")


def _checksum(mark: bytes, row: np.ndarray) -> int:
    return zlib.crc32(row.data, zlib.crc32(mark))


def _block_bytes(row_bytes: int) -> int:
    return _INDEX_BYTES + _ROWS_IN_BLOCK * row_bytes


def _index(stream: IO[bytes], row_bytes: int) -> dict[bytes, tuple[int, int]]:
    """What its records say; whether the pixels are there, and right, is seen when they are read."""
    rows: dict[bytes, tuple[int, int]] = {}
    for block, begin in enumerate(range(0, stream.seek(0, os.SEEK_END), _block_bytes(row_bytes))):
        stream.seek(begin)
        records = stream.read(_INDEX_BYTES)
        whole = len(records) - len(records) % _RECORD.size
        for inside, (mark, checksum) in enumerate(_RECORD.iter_unpack(records[:whole])):
            if mark != _NO_MARK:
                rows[mark] = block * _ROWS_IN_BLOCK + inside, checksum
    return rows
