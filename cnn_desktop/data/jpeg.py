"""JPEGs decoded by libjpeg-turbo (by simplejpeg) at the scale that is wanted; where it objects, Pillow has to judge."""

import io
import os
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import simplejpeg
from PIL import Image

from cnn_desktop.data.images import DECODER_ERRORS, MAX_PIXELS, turn_of

_BEGINNING = b"\xff\xd8\xff"
_LARGEST_FILE = 256 << 20
"""Bytes. A JPEG that is larger isn't held in memory."""

_COLOURS = {"RGB": "RGB", "L": "GRAY"}
"""Pillow's modes, and simplejpeg's name for the same."""

_Turn = Image.Transpose
_ON_SIDE = {_Turn.ROTATE_90, _Turn.ROTATE_270, _Turn.TRANSPOSE, _Turn.TRANSVERSE}


@dataclass(frozen=True)
class Jpeg:
    """A JPEG in colour or grey whose header was read; its pixels may still turn out to be damaged."""

    content: bytes
    stored_size: tuple[int, int]
    """(width, height) before it is turned."""
    mode: str
    """Pillow's: RGB or L."""
    turn: Image.Transpose | None
    """What brings it upright."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) as a person sees it."""
        width, height = self.stored_size
        return (height, width) if self.turn in _ON_SIDE else (width, height)

    def decoded(self, factor: int) -> np.ndarray | None:
        """Its pixels as they are stored, uint8 height×width×(3 or 1), both sides divided by `factor`, rounded up.

        None where the least thing is wrong with the file: what is only a remark to Pillow counts, too.
        """
        width, height = self.stored_size
        least_width, least_height = -(-width // factor), -(-height // factor)
        try:
            return simplejpeg.decode_jpeg(
                self.content, _COLOURS[self.mode], min_width=least_width, min_height=least_height
            )
        except (ValueError, MemoryError):
            return None


def read_jpeg(stream: BinaryIO) -> Jpeg | None:
    """The JPEG in `stream`, which is left at its beginning; None where it is none, or one of inks, or too large."""
    try:
        head = stream.read(len(_BEGINNING))
        is_ours = head == _BEGINNING and os.fstat(stream.fileno()).st_size <= _LARGEST_FILE
        content = head + stream.read() if is_ours else None
        stream.seek(0)
    except (OSError, MemoryError):
        return None  # Pillow will say it
    return None if content is None else _opened(content)


def _opened(content: bytes) -> Jpeg | None:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as header:
            jpeg = Jpeg(content, header.size, header.mode, turn_of(header))
    except DECODER_ERRORS:
        return None
    return jpeg if jpeg.mode in _COLOURS and jpeg.size[0] * jpeg.size[1] <= MAX_PIXELS else None
