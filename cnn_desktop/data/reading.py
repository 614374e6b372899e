"""Pictures of a split on their way to batches: read by threads, from the cache where they were read before."""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.caches.pixel_cache import PixelCache, picture_mark
from cnn_desktop.data.dataset import FileSplit, Split
from cnn_desktop.data.parallel import in_order, thread_count

_MOST_TOGETHER = 8
"""Pictures that a thread reads at a time; reading a cached one takes less time than handing a thread its work."""


@dataclass(frozen=True)
class Part:
    """Some of the pictures that were asked for, which one thread reads."""

    indices: np.ndarray
    """Which of the split they are."""
    pixels: np.ndarray
    """uint8 N×height×width×channels, of all pictures that are read together with these."""
    begin: int
    """The place of the first in `pixels`."""
    errors: dict[int, ImageError] = field(default_factory=dict)
    """By place in `pixels`, why a picture can't be read; what stands there then means nothing."""


class Reader:
    """Reads pictures of a split as a preprocessing wants them.

    Args:
        split: the pictures.
        preprocessing: what becomes of them.
        cached: keep what files became on disk, and read it from there for as long as they don't change.
    """

    def __init__(self, split: Split, preprocessing: Preprocessing, cached: bool = True) -> None:
        self._split = split
        self._preprocessing = preprocessing
        self._paths = split.paths.texts if isinstance(split, FileSplit) else []
        self._cache = PixelCache(split.folder, preprocessing) if cached and isinstance(split, FileSplit) else None
        self._taking = threading.Lock()

    def batches(self, indices: np.ndarray, batch_size: int) -> Generator[list[Part]]:
        """The pictures at `indices`, in their order, as the parts of one batch after the other.

        Threads work two batches ahead. Close the generator to stop early (`contextlib.closing`).
        """
        together = max(1, min(_MOST_TOGETHER, batch_size // thread_count()))
        chunks = [indices[start : start + batch_size] for start in range(0, len(indices), batch_size)]
        parts = (part for chunk in chunks for part in _divided(chunk, self._room(len(chunk)), together))
        done = in_order(self._fill, parts, ahead=2 * -(-batch_size // together))
        try:
            for chunk in chunks:
                yield [next(done) for _start in range(0, len(chunk), together)]
        finally:
            done.close()

    def all(self) -> tuple[np.ndarray, Generator[Part]]:
        """Room for all pictures, uint8 N×height×width×channels, and the parts in which it is filled.

        Close the generator to stop early.
        """
        pixels = self._room(len(self._split))
        parts = _divided(np.arange(len(self._split)), pixels, _MOST_TOGETHER)
        return pixels, in_order(self._fill, parts, ahead=4 * thread_count())

    def _room(self, count: int) -> np.ndarray:
        size = self._preprocessing
        return np.empty((count, size.height, size.width, size.channels), dtype=np.uint8)

    def _fill(self, part: Part) -> Part:
        places = dict(enumerate(part.indices.tolist(), part.begin))
        marks = self._take_kept(places, part.pixels)
        for place, index in places.items():
            try:
                self._decode(index, part.pixels[place], marks.get(place))
            except ImageError as error:
                part.errors[place] = error
        return part

    def _take_kept(self, places: dict[int, int], pixels: np.ndarray) -> dict[int, bytes]:
        """Fill in what is cached and drop it from `places`; the marks of the rest, by place, where they have one."""
        marks: dict[int, bytes] = {}
        if self._cache is None:
            return marks
        # One thread at a time: two lose more time to each other over the interpreter than this takes.
        with self._taking:
            for place, index in list(places.items()):
                mark = picture_mark(self._paths[index])
                if mark is None:
                    continue
                if self._cache.read(mark, pixels[place]):
                    del places[place]
                else:
                    marks[place] = mark
        return marks

    def _decode(self, index: int, row: np.ndarray, mark: bytes | None) -> None:
        row[:] = self._split.pixels(index, self._preprocessing).transpose(1, 2, 0)
        if self._cache is not None and mark is not None:
            self._cache.write(self._paths[index], mark, row)


def _divided(indices: np.ndarray, pixels: np.ndarray, together: int) -> Iterator[Part]:
    for begin in range(0, len(indices), together):
        yield Part(indices[begin : begin + together], pixels, begin)
