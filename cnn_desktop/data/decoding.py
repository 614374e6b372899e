"""From a picture file to the uint8 pixels that a network is given: the only path, for whatever is done with them.

libjpeg-turbo decodes JPEGs in colour or grey, at a reduced scale where the preprocessing allows it. Pillow reads their
header, and all other files. Where libjpeg-turbo finds the least thing wrong with a file, Pillow has the last word on
it: what can be read is the same for everyone, and so are the pixels of a whole picture.
"""

import threading
from pathlib import Path

import numpy as np
from PIL import Image

from cnn_desktop.core.path_text import shown
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.images import decode_image, open_file, read_image
from cnn_desktop.data.jpeg import Jpeg, read_jpeg
from cnn_desktop.data.pictures import fitted, to_pixels

_MARGIN = 1.25
"""How many times larger than needed a reduced picture must be.

With it, MobileNetV2's top-1 on 100 photos of ImageNet, enlarged up to 3.3 times or given to it smaller than usual, was
within two photos of what whole decoding gives, and most often above it; with 1.0 within three.
"""

_REDUCTIONS = (8, 4, 2)
"""Others that libjpeg-turbo has, such as 7/8, take longer than all pixels do."""


def read_pixels(path: Path, preprocessing: Preprocessing) -> np.ndarray:
    """What a network is given of a picture file before it is normalised: uint8, channels×height×width.

    Raises:
        ImageError: missing, no regular file, unreadable, damaged, not a picture, or too large.
    """
    with open_file(path) as stream:
        jpeg = read_jpeg(stream)
        decoded = None if jpeg is None else jpeg.decoded(_factor(jpeg, preprocessing))
        if jpeg is not None and decoded is not None:
            return _upright_pixels(decoded, jpeg, preprocessing)
        return to_pixels(read_image(stream, shown(path)), preprocessing)


class OpenedPicture:
    """A picture for a person and a network to look at; a JPEG is decoded only as far as each of them needs.

    Any thread may ask for anything; what was decoded whole for one serves all.

    Args:
        source: the picture, upright, with all its pixels, mode RGB or L; or a JPEG.
        name: what errors call it.
    """

    def __init__(self, source: Image.Image | Jpeg, name: str = "") -> None:
        self._source = source
        self._name = name
        self._decoding = threading.Lock()
        self._decoded: np.ndarray | None = None
        """A JPEG's pixels, all of them, as they are stored."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), upright."""
        return self._source.size

    @property
    def is_turned(self) -> bool:
        """Whether its EXIF said that it lay on its side or upside down."""
        source = self._source
        return source.turn is not None if isinstance(source, Jpeg) else bool(source.info.get("turned"))

    @property
    def picture(self) -> Image.Image:
        """Upright, with all its pixels, mode RGB or L.

        Raises:
            ImageError: the file turns out to be damaged.
        """
        source = self._source
        return decode_image(source.content, self._name) if isinstance(source, Jpeg) else source

    def pixels(self, preprocessing: Preprocessing) -> np.ndarray:
        """What `read_pixels` gives of the same file: uint8, channels×height×width.

        Raises:
            ImageError: the file turns out to be damaged.
        """
        source = self._source
        if isinstance(source, Jpeg):
            factor = _factor(source, preprocessing)
            decoded = self._whole(source) if factor == 1 else source.decoded(factor)
            if decoded is not None:
                return _upright_pixels(decoded, source, preprocessing)
        return to_pixels(self.picture, preprocessing)

    def reduced(self, longest_side: int) -> Image.Image:
        """The picture to be drawn, upright, mode RGB: no side longer than `longest_side`, nor than it is.

        Raises:
            ImageError: the file turns out to be damaged.
        """
        source = self._source
        reduced = self._reduced_jpeg(source, longest_side) if isinstance(source, Jpeg) else source
        reduced = reduced.convert("RGB")
        reduced.thumbnail((longest_side, longest_side), reducing_gap=2.0)
        return reduced

    def _reduced_jpeg(self, jpeg: Jpeg, longest_side: int) -> Image.Image:
        """At least as large as asked for, upright."""
        with self._decoding:  # who waits here has it cheaper afterwards
            decoded = self._decoded
        if decoded is None:
            return decode_image(jpeg.content, self._name, preview_side=longest_side)
        scale = min(1.0, longest_side / max(jpeg.size))
        width, height = (max(1, round(side * scale)) for side in jpeg.stored_size)
        wanted = Preprocessing.unit_range(height, width, 3 if jpeg.mode == "RGB" else 1)
        return _as_picture(np.ascontiguousarray(fitted(decoded, wanted).transpose(1, 2, 0)), jpeg)

    def _whole(self, jpeg: Jpeg) -> np.ndarray | None:
        with self._decoding:
            if self._decoded is None:
                self._decoded = jpeg.decoded(1)
            return self._decoded


def open_picture(path: Path) -> OpenedPicture:
    """Open a picture file for a person and a network to look at.

    Raises:
        ImageError: as `read_pixels`; of a JPEG, only what its header shows.
    """
    with open_file(path) as stream:
        return OpenedPicture(read_jpeg(stream) or read_image(stream, shown(path)), shown(path))


def _factor(jpeg: Jpeg, preprocessing: Preprocessing) -> int:
    return reduction(jpeg.size, preprocessing) if preprocessing.decoder == "scaled" else 1


def _upright_pixels(decoded: np.ndarray, jpeg: Jpeg, preprocessing: Preprocessing) -> np.ndarray:
    """What a network is given of a JPEG that was decoded no smaller than it need be."""
    if jpeg.turn is None and decoded.shape[2] == preprocessing.channels:
        return fitted(decoded, preprocessing)
    return to_pixels(_as_picture(decoded, jpeg), preprocessing)


def _as_picture(decoded: np.ndarray, jpeg: Jpeg) -> Image.Image:
    """Upright, mode RGB or L."""
    picture = Image.fromarray(decoded if jpeg.mode == "RGB" else decoded[..., 0])
    return picture if jpeg.turn is None else picture.transpose(jpeg.turn)


def reduction(size: tuple[int, int], preprocessing: Preprocessing) -> int:
    """By how much the sides of an upright picture of `size` (width, height) may be divided."""
    if preprocessing.resize == "crop" and preprocessing.shorter_side is not None:
        surplus = min(size) / preprocessing.shorter_side
    else:
        surplus = min(size[0] / preprocessing.width, size[1] / preprocessing.height)
    return next((factor for factor in _REDUCTIONS if factor * _MARGIN <= surplus), 1)
