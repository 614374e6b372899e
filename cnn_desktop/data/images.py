"""Any image file in, upright RGB out, or an `ImageError` that names the file and the reason.

Safe in threads: Pillow's only global settings are made once, when this module is imported.
"""

import functools
import io
import os
import re
import stat
import struct
import warnings
import zlib
from math import ceil
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image, ImageCms, ImageFile, UnidentifiedImageError

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.data.colours import to_rgb
from cnn_desktop.data.walking import natural_key, walk

MAX_PIXELS = 128_000_000
"""Larger pictures are refused by their header, before memory is taken for them."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "DIB", "TIFF", "ICO", "PPM", "JPEG2000", "TGA", "MPO")
"""What is tried; Pillow's others are rare, and its EPS reader would run Ghostscript on a stranger's file."""

_NAME = re.compile(
    r".*\.(jpe?g|jpe|jfif|mpo|a?png|gif|webp|avif|bmp|dib|tiff?|ico|p[bgpn]m|jp[2xf]|j2[kc]|jpc|tga|hei[cf]|hif)",
    re.IGNORECASE | re.DOTALL,
)

_HEIC = re.compile(rb"....ftyp(hei|hev|mif1|msf1)", re.DOTALL)

DECODER_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, LookupError, MemoryError, OSError),
    *(RuntimeError, SyntaxError, SystemError, TypeError, ValueError, struct.error, zlib.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning, ImageCms.PyCMSError),
)
"""What Pillow was seen to raise on damaged files."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.init()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_AVAILABLE = tuple(name for name in _FORMATS if name in Image.OPEN)
warnings.simplefilter("error", Image.DecompressionBombWarning)
# Remarks about metadata that doesn't concern the pixels; they would fill a terminal.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


def open_image(path: Path, preview_side: int | None = None) -> Image.Image:
    """The first frame of an image file as a person sees it: upright, RGB, in memory, the file closed.

    Its `info` holds `turned` where EXIF said that it lay on its side or upside down.

    Args:
        path: the file.
        preview_side: decode JPEGs at the smallest scale whose longer side has so many pixels: for a quick look only.

    Raises:
        ImageError: missing, no regular file, unreadable, damaged, not a picture, or over `MAX_PIXELS`.
    """
    with open_file(path) as stream:
        return read_image(stream, shown(path), preview_side)


def open_file(path: Path) -> io.BufferedReader:
    """Open what should be a picture, for reading.

    Raises:
        ImageError: missing, no regular file, or it may not be read.
    """
    name = shown(path)
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):  # asked before opening, which would wait on a pipe
            raise ImageError(_not_a_file(kind).format(name=name))
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise ImageError(_unreachable(error).format(name=name)) from error


def decode_image(content: bytes, name: str, preview_side: int | None = None) -> Image.Image:
    """`open_image` for a file that is in memory; `name` is what errors call it.

    Raises:
        ImageError: damaged, not a picture, or over `MAX_PIXELS`.
    """
    return read_image(io.BytesIO(content), name, preview_side)


def read_image(stream: IO[bytes], name: str, preview_side: int | None = None) -> Image.Image:
    """`open_image` for a file that is open, at its beginning; `name` is what errors call it.

    Raises:
        ImageError: damaged, not a picture, or over `MAX_PIXELS`.
    """
    try:
        with Image.open(stream, formats=_formats(stream)) as picture:
            _refuse_bomb(picture, name)
            if preview_side is not None:
                scale = preview_side / max(picture.size)
                picture.draft(None, (ceil(picture.width * scale), ceil(picture.height * scale)))
            load_pixels(picture)
            _refuse_bomb(picture, name)  # icons know their size only now
            seen = to_rgb(picture)
            turn = turn_of(picture)
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(_too_large().format(name=name, limit=MAX_PIXELS // 1_000_000)) from error
    except DECODER_ERRORS as error:
        raise ImageError(_damaged(error, stream).format(name=name)) from error
    upright = seen if turn is None else seen.transpose(turn)
    # No orientation is left that somebody could apply again, only the remark that there was one.
    upright.info = {} if turn is None else {"turned": True}
    return upright


def turn_of(picture: Image.Image) -> Image.Transpose | None:
    """What brings an opened picture upright, by its EXIF; None where it is."""
    try:
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except DECODER_ERRORS:
        return None  # damaged metadata of a whole picture


def is_image_name(path: Path | str) -> bool:
    """Whether the name ends as those of pictures do."""
    return _NAME.fullmatch(os.fspath(path)) is not None


def find_images(folder: Path) -> list[Path]:
    """Every picture below `folder` by its name, in natural order; hidden files and links that lead in circles left out.

    Raises:
        ImageError: the folder is missing or can't be listed.
    """
    try:
        found = walk(folder)
    except OSError as error:
        raise ImageError(_unreachable(error).format(name=shown(folder))) from error
    return [
        place / name
        for place in sorted(found.folders, key=natural_key)
        for name in found.folders[place]
        if is_image_name(name)
    ]


def _refuse_bomb(picture: Image.Image, name: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise ImageError(_too_large().format(name=name, limit=MAX_PIXELS // 1_000_000))


def load_pixels(picture: ImageFile.ImageFile) -> None:
    """Let Pillow decode an opened picture, as much of it as a browser would show.

    Raises:
        Exception: what Pillow raises; see `DECODER_ERRORS`.
    """
    _scale_transparency(picture)
    try:
        picture.load()
    except OSError:
        # Pillow has read the pixels of a PNG and stumbles over what follows them, or over the last rows: like a
        # browser, take what is there. Where nothing is, the second attempt fails or leaves black.
        if picture.format != "PNG" or picture.tile:
            raise
        picture.load()
        if picture.getbbox() is None:
            raise


def _scale_transparency(picture: ImageFile.ImageFile) -> None:
    """Bring the transparent colour of a PNG to 8 bits, as Pillow does with the pixels but not with this."""
    transparent = picture.info.get("transparency")
    raw_mode = picture.tile[0].args if picture.format == "PNG" and picture.tile else None
    if isinstance(transparent, int) and raw_mode in {"L;2", "L;4"}:
        picture.info["transparency"] = transparent * (85 if raw_mode == "L;2" else 17)
    elif isinstance(transparent, tuple) and raw_mode == "RGB;16B":
        picture.info["transparency"] = tuple(value >> 8 for value in transparent)


@functools.cache
def _reads_heic() -> bool:
    """Whether pillow-heif is installed; loading it takes a moment, and so waits for the first picture that needs it."""
    try:
        import pillow_heif  # noqa: PLC0415
    except ImportError:
        return False
    pillow_heif.register_heif_opener()
    return True


def _formats(stream: IO[bytes]) -> tuple[str, ...]:
    head = stream.read(16)
    stream.seek(0)
    return (*_AVAILABLE, "HEIF") if _HEIC.match(head) and _reads_heic() else _AVAILABLE


def _damaged(error: BaseException, stream: IO[bytes]) -> str:
    """The sentence for what a decoder raised."""
    stream.seek(0)
    head = stream.read(16)
    if not head:
        return _("{name} is empty.")
    if isinstance(error, MemoryError):
        return _("{name} needs more memory than there is.")
    if _HEIC.match(head) and not _reads_heic():
        return _('{name} is a HEIC picture; run `pip install "cnn-desktop[heic]"` to read such, or save it as JPEG.')
    if isinstance(error, UnidentifiedImageError) and not _HEIC.match(head):
        return _(
            "{name} is damaged or no picture; what can be read is JPEG, PNG, GIF, WebP, AVIF, BMP, TIFF and the like."
        )
    if "truncated" in str(error).lower():
        return _("{name} is cut off: the end of the picture is missing.")
    return _("{name} is damaged: its pixels can't be decoded.")


def _too_large() -> str:
    return _("{name} says that it has more than {limit} million pixels; make it smaller to use it.")


def _not_a_file(kind: int) -> str:
    return _("{name} is a folder.") if stat.S_ISDIR(kind) else _("{name} isn't a regular file.")


def _unreachable(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return _("{name} doesn't exist.")
    if isinstance(error, PermissionError):
        return _("{name} may not be read: its permissions don't allow it.")
    if isinstance(error, OSError) and error.strerror:
        return "{name}" + f": {error.strerror}."
    return _("{name} isn't a name that a file can have.")
