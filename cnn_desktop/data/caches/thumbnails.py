"""Small pictures of a dataset's pictures, made once: those of files are kept on disk from one start to the next.

Any number of threads may use one `ThumbnailStore`, and any number of programs one file: its lock is held only while
SQLite reads or writes, never while a picture is decoded.
"""

import hashlib
import io
import os
from pathlib import Path

import numpy as np
from PIL import Image

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.data.caches.thumbnail_file import ThumbnailFile
from cnn_desktop.data.dataset import FileSplit, Split
from cnn_desktop.data.images import open_image

SIDES = (192, 384)
"""Longest sides that are kept, in pixels; what is asked for in between is made of the larger."""

LIMIT_BYTES = 512 * 1024 * 1024
"""About 80,000 thumbnails of the smaller side."""

_JPEG_QUALITY = 82


class ThumbnailStore:
    """Makes thumbnails, and keeps those of files.

    Args:
        file: where they are kept; None: in the program's cache folder.
        limit_bytes: how large the file may become; what wasn't seen for longest makes room.
    """

    def __init__(self, file: Path | None = None, limit_bytes: int = LIMIT_BYTES) -> None:
        self._kept = ThumbnailFile(file or cache_dir() / "thumbnails.sqlite", limit_bytes)

    def thumbnail(self, split: Split, index: int, side: int) -> np.ndarray:
        """A picture with no side longer than `side`, in its own proportions and never enlarged: uint8 H×W×3.

        Pictures in memory are only reduced. JPEGs are decoded at a reduced scale, so the pixels are for looking only.

        Raises:
            ImageError: it can't be read.
        """
        if not isinstance(split, FileSplit):
            return _reduced(split.picture(index), side)
        path = split.paths[index]
        kept_side = next((kept for kept in SIDES if kept >= side), SIDES[-1])
        number = _number(path, kept_side)
        jpeg = self._kept.read(number)
        picture = None if jpeg is None else _decoded(jpeg)
        if picture is None:
            picture = _small(open_image(path, preview_side=2 * kept_side), kept_side)
            self._kept.write(number, _encoded(picture))
        return _reduced(picture, side)

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        self._kept.close()


def _number(path: Path, side: int) -> int:
    """64 bits that a file keeps for as long as nobody changes or moves it.

    Raises:
        ImageError: it is gone.
    """
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ImageError(_("{name}: {reason}.").format(name=shown(path), reason=reason)) from error
    text = os.fsencode(path.absolute()) + f"|{facts.st_size}|{facts.st_mtime_ns}|{side}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def _small(picture: Image.Image, side: int) -> Image.Image:
    longest = max(picture.size)
    if longest <= side:
        return picture
    width, height = (max(1, round(length * side / longest)) for length in picture.size)
    return picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)


def _reduced(picture: Image.Image, side: int) -> np.ndarray:
    return np.asarray(_small(picture, side).convert("RGB"))


def _encoded(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, "JPEG", quality=_JPEG_QUALITY)
    return stream.getvalue()


def _decoded(jpeg: bytes) -> Image.Image | None:
    """The picture, or None where what was kept is damaged."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
            picture.load()
            return picture
    except (OSError, SyntaxError, ValueError):
        return None
