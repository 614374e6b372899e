"""From a picture file to the uint8 pixels that a network is given: the only path, for whatever is done with them.

Where the preprocessing allows it, libjpeg-turbo (by simplejpeg) decodes JPEGs in colour or grey at a reduced scale.
Pillow reads their header, and all other files. Where libjpeg-turbo finds the least thing wrong with a file, Pillow has
the last word on it, as it has where all pixels are wanted: what can be read is the same for everyone.
"""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import simplejpeg
from PIL import Image

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.images import DECODER_ERRORS, MAX_PIXELS, open_file, read_image, shown, turn_of
from cnn_desktop.data.pictures import fitted, to_pixels

_MARGIN = 1.25
"""How many times larger than needed a reduced picture must be.

With it, MobileNetV2's top-1 on 100 photos of ImageNet, enlarged up to 3.3 times or given to it smaller than usual, was
within two photos of what whole decoding gives, and most often above it; with 1.0 within three.
"""

_REDUCTIONS = (8, 4, 2)
"""Others that libjpeg-turbo has, such as 7/8, take longer than all pixels do."""

_LARGEST_FILE = 256 << 20
"""Bytes. A JPEG that is larger isn't held in memory."""

_JPEG = b"\xff\xd8\xff"
_COLOURS = {"RGB": "RGB", "L": "GRAY"}
"""Pillow's modes, and simplejpeg's name for the same."""

_Turn = Image.Transpose
_ON_SIDE = {_Turn.ROTATE_90, _Turn.ROTATE_270, _Turn.TRANSPOSE, _Turn.TRANSVERSE}


def read_pixels(path: Path, preprocessing: Preprocessing) -> np.ndarray:
    """What a network is given of a picture file before it is normalised: uint8, channels×height×width.

    Raises:
        ImageError: missing, no regular file, unreadable, damaged, not a picture, or too large.
    """
    with open_file(path) as stream:
        if preprocessing.decoder == "scaled":
            content = _jpeg(stream)
            pixels = None if content is None else _reduced_pixels(content, preprocessing)
            if pixels is not None:
                return pixels
        return to_pixels(read_image(stream, shown(path)), preprocessing)


@dataclass(frozen=True)
class OpenedPicture:
    """A picture that was read whole, to be drawn, and that can also be given to a network."""

    picture: Image.Image
    """Upright, with all its pixels, mode RGB or L."""
    jpeg: bytes | None = None
    """Its file, where that may be decoded at a reduced scale."""

    def pixels(self, preprocessing: Preprocessing) -> np.ndarray:
        """What `read_pixels` gives of the same file: uint8, channels×height×width."""
        pixels = None
        if self.jpeg is not None and preprocessing.decoder == "scaled":
            pixels = _reduced_pixels(self.jpeg, preprocessing)
        return to_pixels(self.picture, preprocessing) if pixels is None else pixels


def open_picture(path: Path) -> OpenedPicture:
    """Read a picture file for a person and a network to look at.

    Raises:
        ImageError: as `read_pixels`.
    """
    with open_file(path) as stream:
        jpeg = _jpeg(stream)
        return OpenedPicture(read_image(stream, shown(path)), jpeg)


def _jpeg(stream: BinaryIO) -> bytes | None:
    """The whole file where it begins as JPEGs do; it is left at its beginning."""
    try:
        head = stream.read(len(_JPEG))
        is_ours = head == _JPEG and os.fstat(stream.fileno()).st_size <= _LARGEST_FILE
        content = head + stream.read() if is_ours else None
        stream.seek(0)
    except (OSError, MemoryError):
        return None  # Pillow will say it
    return content


def _reduced_pixels(jpeg: bytes, preprocessing: Preprocessing) -> np.ndarray | None:
    """What a network is given of a JPEG, decoded no larger than it need be; None where Pillow has to judge it."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as header:
            width, height = header.size
            colours = _COLOURS.get(header.mode)
            turn = turn_of(header)
    except DECODER_ERRORS:
        return None
    if colours is None or width * height > MAX_PIXELS:
        return None
    factor = _reduction((height, width) if turn in _ON_SIDE else (width, height), preprocessing)
    try:
        decoded = simplejpeg.decode_jpeg(jpeg, colours, min_height=-(-height // factor), min_width=-(-width // factor))
    except (ValueError, MemoryError):  # it was strict: what is only a remark to Pillow counts, too
        return None
    if turn is None and decoded.shape[2] == preprocessing.channels:
        return fitted(decoded, preprocessing)
    picture = Image.fromarray(decoded if colours == "RGB" else decoded[..., 0])
    return to_pixels(picture if turn is None else picture.transpose(turn), preprocessing)


def _reduction(size: tuple[int, int], preprocessing: Preprocessing) -> int:
    """By how much the sides of an upright picture of `size` (width, height) may be divided."""
    if preprocessing.resize == "crop" and preprocessing.shorter_side is not None:
        surplus = min(size) / preprocessing.shorter_side
    else:
        surplus = min(size[0] / preprocessing.width, size[1] / preprocessing.height)
    return next((factor for factor in _REDUCTIONS if factor * _MARGIN <= surplus), 1)
