"""JPEGs of 500×375 pixels to read: made of real photos where there are any, else of random waves."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.pictures import real_data

SIZE = 500, 375
COUNT = 1024
_CLASSES = 4
_QUALITY = 85
_LONG_AGO = 1_000_000_000
"""When they were changed for the last time; what was changed a moment ago isn't cached."""


def write_photos(folder: Path) -> Path:
    """A folder of class folders with `COUNT` JPEGs; what another run has written is used again."""
    source = real_photos()
    place = folder / ("photos-of-real-ones" if source else "photos-of-waves")
    if len(list(place.rglob("*.jpg"))) == COUNT:
        return place
    for number, photo in zip(range(COUNT), photos(source), strict=False):
        path = place / f"class {number % _CLASSES}" / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        photo.save(path, quality=_QUALITY)
        os.utime(path, (_LONG_AGO, _LONG_AGO))
    return place


def are_real() -> bool:
    """Whether `write_photos` has real photos to make them of."""
    return bool(real_photos())


def real_photos() -> list[Path]:
    """Photos of ImageNet in the folder of real data, if there are any."""
    root = real_data()
    return sorted((root / "imagenet_samples").glob("*.JPEG")) if root else []


def photos(source: list[Path]) -> Iterator[Image.Image]:
    """Without end: those of `source` at `SIZE`, again and again, or waves where there are none."""
    if not source:
        yield from map(_waves, itertools.count())
    for path in itertools.cycle(source):
        with Image.open(path) as photo:
            yield photo.convert("RGB").resize(SIZE, Image.Resampling.BICUBIC)


def _waves(number: int) -> Image.Image:
    """Enough detail at every scale that a JPEG of it is about as large as one of a photo."""
    generator = np.random.default_rng(number)
    picture = Image.new("RGB", SIZE, "grey")
    for scale in (4, 16, 64):
        small = generator.integers(0, 256, (SIZE[1] // scale + 1, SIZE[0] // scale + 1, 3), dtype=np.uint8)
        picture = Image.blend(picture, Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC), 0.4)
    return picture
