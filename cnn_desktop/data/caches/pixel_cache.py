"""What picture files became for a network, kept on disk so that they are decoded once and not in each epoch.

Any program may remove these files at any time, and several may use them at once: each writes a file of its own, and
reads those that were there when it began.
"""

import contextlib
import hashlib
import os
import stat
import threading
import time
import uuid
import weakref
from importlib import metadata
from pathlib import Path

import numpy as np
import PIL
import simplejpeg

import cnn_desktop
from cnn_desktop.core.files import free_bytes
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.caches.pixel_file import MARK_BYTES, PixelFile

LIMIT_BYTES = 16 << 30
"""Of all cached pixels together; `CNN_DESKTOP_PIXEL_CACHE`, in megabytes, replaces it, and 0 turns the cache off."""

_LEFT_FREE = 4 << 30
"""Bytes of the disk that are left for what can't be made again."""

_STEP = 64 << 20
"""Bytes that are written before room is made for more."""

_MOST_FILES = 8
"""Of one folder and preprocessing; each start that met new pictures has left one."""

_FRESH_NS = 2_000_000_000
"""A file that was changed just now can change again with the same time of change: some disks keep it to two seconds."""

_open_files: weakref.WeakKeyDictionary[PixelFile, Path] = weakref.WeakKeyDictionary()
"""Of this program, which no sweeping removes."""
_opening = threading.Lock()

_SUFFIX = ".pixels"
_DAY = 86_400


class PixelCache:
    """Pixels of the pictures in one folder, made by one preprocessing; any number of threads may use it.

    Args:
        folder: the dataset's.
        preprocessing: mean and std don't matter.
        place: where the files lie; None: in the program's cache folder.
        limit_bytes: that all files there may take; None: `LIMIT_BYTES`, or what the environment says.
        left_free: bytes that stay free on the disk.
    """

    def __init__(
        self,
        folder: Path,
        preprocessing: Preprocessing,
        place: Path | None = None,
        limit_bytes: int | None = None,
        left_free: int = _LEFT_FREE,
    ) -> None:
        self._place = place or cache_dir() / "pixels"
        self._limit = _chosen_limit() if limit_bytes is None else limit_bytes
        self._left_free = left_free
        self._name = _name(folder, preprocessing)
        self._row_bytes = preprocessing.height * preprocessing.width * preprocessing.channels
        self._lock = threading.Lock()
        self._granted = 0
        self._is_writing = self._limit > 0
        self._own: PixelFile | None = None
        self._files = self._found() if self._is_writing else {}
        self._used: set[PixelFile] = set()

    def read(self, mark: bytes, row: np.ndarray) -> bool:
        """Fill `row` (uint8, height×width×channels) with what `picture_mark` stands for; False where it isn't kept."""
        for file, path in self._files.items():
            if file.read(mark, row):
                if file not in self._used:
                    self._used.add(file)
                    with contextlib.suppress(OSError):
                        os.utime(path)
                return True
        return False

    def write(self, path: str | Path, mark: bytes, row: np.ndarray) -> None:
        """Keep `row`, contiguous, unless the file changed since it was `mark`, or just before; or there is no room."""
        if not self._is_writing:
            return
        facts = _facts(path)
        if facts is None or _mark(path, facts) != mark or abs(time.time_ns() - facts.st_mtime_ns) < _FRESH_NS:
            return
        with self._lock:
            if not self._has_room():
                self._is_writing = False
                return
            try:
                file = self._written()
            except OSError:
                self._is_writing = False
                return
        try:
            file.append(mark, row)
        except OSError:  # most likely the disk is full: what was taken of it is needed elsewhere
            self._is_writing = False
            with contextlib.suppress(OSError):
                file.give_up()

    def _written(self) -> PixelFile:
        if self._own is None:
            path = self._place / f"{self._name}-{uuid.uuid4().hex[:12]}{_SUFFIX}"
            self._own = PixelFile.create(path, self._row_bytes)
            self._files = {**self._files, self._own: path}  # another, for readers may be going through the old one
            _note_open({self._own: path})
        return self._own

    def _found(self) -> dict[PixelFile, Path]:
        files: dict[PixelFile, Path] = {}
        paths = list(_by_use(self._place, f"{self._name}-*"))
        for path in paths[-_MOST_FILES:]:
            with contextlib.suppress(OSError):
                files[PixelFile.open(path, self._row_bytes)] = path
        for path in paths[:-_MOST_FILES]:
            with contextlib.suppress(OSError):
                path.unlink()
        _note_open(files)
        return files

    def _has_room(self) -> bool:
        if self._granted < self._row_bytes:
            step = min(_STEP, self._limit // 4)
            taken = _make_room(self._place, self._limit - step)
            self._granted = min(step, self._limit - taken, free_bytes(self._place) - self._left_free)
        self._granted -= self._row_bytes
        return self._granted >= 0


def picture_mark(path: str | Path) -> bytes | None:
    """What stands for a picture as it is now: another after each change of the file. None where there is no file."""
    facts = _facts(path)
    return None if facts is None else _mark(path, facts)


def _facts(path: str | Path) -> os.stat_result | None:
    try:
        facts = os.stat(path)  # noqa: PTH116 - once a picture and epoch; making a `Path` takes longer than this
    except (OSError, ValueError):
        return None
    return facts if stat.S_ISREG(facts.st_mode) else None


def _mark(path: str | Path, facts: os.stat_result) -> bytes:
    text = b"%s|%d|%d" % (os.fsencode(path), facts.st_size, facts.st_mtime_ns)
    return hashlib.blake2b(text, digest_size=MARK_BYTES).digest()


def _note_open(files: dict[PixelFile, Path]) -> None:
    with _opening:
        _open_files.update(files)


def _name(folder: Path, preprocessing: Preprocessing) -> str:
    """Stands for all that pixels depend on beside their file."""
    try:
        heic = metadata.version("pillow-heif")
    except metadata.PackageNotFoundError:
        heic = ""
    versions = (cnn_desktop.__version__, PIL.__version__, simplejpeg.__version__, heic)
    facts = preprocessing.model_dump_json(exclude={"mean", "std"})
    text = b"\0".join([os.fsencode(folder.resolve()), facts.encode(), *(version.encode() for version in versions)])
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def _chosen_limit() -> int:
    chosen = os.environ.get("CNN_DESKTOP_PIXEL_CACHE", "")
    return int(chosen) * 1_000_000 if chosen.isdecimal() else LIMIT_BYTES


def _by_use(place: Path, pattern: str = "*") -> dict[Path, int]:
    """Files of pixels and their sizes: first those not used for the most days, and of one day the smaller ones."""
    facts: list[tuple[int, int, Path]] = []
    with contextlib.suppress(OSError):
        for path in place.glob(pattern + _SUFFIX):
            with contextlib.suppress(OSError):
                found = path.stat()
                facts.append((int(found.st_mtime) // _DAY, found.st_size, path))
    return {path: size for _day, size, path in sorted(facts)}


def _make_room(place: Path, limit: int) -> int:
    """Remove files until the rest takes `limit` bytes at most, where that can be done; return what it takes."""
    with _opening:
        in_use = set(_open_files.values())
    sizes = _by_use(place)
    taken = sum(sizes.values())
    for path, size in sizes.items():
        if taken <= limit:
            break
        if path not in in_use:
            with contextlib.suppress(OSError):  # on Windows, where another program has it open
                path.unlink()
                taken -= size
    return taken
