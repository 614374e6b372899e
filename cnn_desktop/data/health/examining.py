"""One look at each picture of a dataset: whether it can be read, and what the findings need to know of it."""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import Dataset, FileSplit, PictureRef, Split
from cnn_desktop.data.health.likeness import COLOUR_SIDE, GREY_SIDE, Looks
from cnn_desktop.data.images import open_file, read_image, turn_of
from cnn_desktop.data.parallel import in_order, thread_count

_REPORT_EVERY = 16
_ON_SIDE = {Image.Transpose[name] for name in ("ROTATE_90", "ROTATE_270", "TRANSPOSE", "TRANSVERSE")}
_FIRST_SIDE = 64
"""Pictures are brought to this size first, so that the small ones made of it cost the same whatever they were."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A readable picture."""

    ref: PictureRef
    key: str
    label: int
    digest: bytes
    """SHA-256 of the file; of size and pixels where it isn't a file."""
    size: tuple[int, int]
    """(width, height) as a person sees it."""
    mode: str
    """How the file keeps its pixels, by Pillow's name."""
    file_type: str
    """JPEG, PNG …; empty where it isn't a file."""
    look: bytes
    """uint8: a grey picture of `GREY_SIDE`², then Cb and Cr of `COLOUR_SIDE`², row by row."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A picture that training will leave out."""

    ref: PictureRef
    key: str
    label: int
    reason: str


def examine(dataset: Dataset, progress: Progress) -> Iterator[Examined | Unreadable]:
    """Every picture of every split, in order; threads read ahead, and end when the iterator is closed.

    Raises:
        CancelledError: `progress`, which is told of pictures, raised it.
    """
    refs = [PictureRef(name, index) for name, split in dataset.splits.items() for index in range(len(split))]

    def look(ref: PictureRef) -> Examined | Unreadable:
        return _examined(dataset.splits[ref.split], ref)

    with contextlib.closing(in_order(look, refs, ahead=8 * thread_count())) as results:
        for done, result in enumerate(results, start=1):
            yield result
            if done % _REPORT_EVERY == 0 or done == len(refs):
                progress(done, len(refs))


def _examined(split: Split, ref: PictureRef) -> Examined | Unreadable:
    key, label = split.key(ref.index), int(split.labels[ref.index])
    try:
        if isinstance(split, FileSplit):
            return _read(ref, key, label, split.paths[ref.index])
    except ImageError as error:
        return Unreadable(ref, key, label, str(error))
    picture = split.picture(ref.index)
    return Examined(ref, key, label, _digest(picture), picture.size, picture.mode, "", _look(picture))


def _read(ref: PictureRef, key: str, label: int, path: Path) -> Examined:
    with open_file(path) as stream:
        try:
            digest = hashlib.file_digest(stream, "sha256").digest()
        except OSError as error:  # a bad block, or a drive that was pulled out
            raise ImageError(_("{name}: {reason}.").format(name=shown(path), reason=error.strerror)) from error
        stream.seek(0)
        look = _look(read_image(stream, shown(path), preview_side=2 * _FIRST_SIDE))
        stream.seek(0)
        with Image.open(stream) as header:
            across, down = header.size
            size = (down, across) if turn_of(header) in _ON_SIDE else (across, down)
            return Examined(ref, key, label, digest, size, header.mode, header.format or "", look)


def _digest(picture: Image.Image) -> bytes:
    return hashlib.sha256(repr((picture.mode, picture.size)).encode() + picture.tobytes()).digest()


def _look(picture: Image.Image) -> bytes:
    """See `Examined.look`; areas are averaged, so that the same picture in another size gives nearly the same."""
    box = Image.Resampling.BOX
    small = picture.convert("RGB").resize((_FIRST_SIDE, _FIRST_SIDE), box).convert("YCbCr")
    grey, *colours = small.split()
    parts = [grey.resize((GREY_SIDE, GREY_SIDE), box)]
    parts += [colour.resize((COLOUR_SIDE, COLOUR_SIDE), box) for colour in colours]
    return b"".join(part.tobytes() for part in parts)


def looks_of(pictures: Sequence[Examined]) -> Looks:
    """What `likeness` compares."""
    table = np.frombuffer(b"".join(picture.look for picture in pictures), np.uint8)
    table = table.reshape(len(pictures), GREY_SIDE**2 + 2 * COLOUR_SIDE**2)
    colours = table[:, GREY_SIDE**2 :].reshape(len(pictures), 2, COLOUR_SIDE**2)
    sides = np.array([min(picture.size) for picture in pictures], dtype=np.int64)
    return Looks(table[:, : GREY_SIDE**2], colours, sides)
