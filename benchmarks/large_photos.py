"""JPEGs as a telephone takes them, 12 megapixels: made of real photos where there are any, else of random waves."""

import itertools
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.photos import photos, real_photos

SIZE = 4032, 3024
COUNT = 24
_NOISE = 5.0
"""Standard deviation of what a sensor adds, of 255; with it, a file has the three to four megabytes that are usual."""
_QUALITY = 90


def write_large_photos(folder: Path) -> Path:
    """A folder with `COUNT` JPEGs of `SIZE`; what another run has written is used again."""
    source = real_photos()
    place = folder / ("large-photos-of-real-ones" if source else "large-photos-of-waves")
    place.mkdir(parents=True, exist_ok=True)
    if len(list(place.glob("*.jpg"))) < COUNT:
        spread = source[:: max(1, len(source) // COUNT)]
        for number, photo in enumerate(itertools.islice(photos(spread), COUNT)):
            _enlarged(photo, number).save(place / f"{number}.jpg", quality=_QUALITY)
    return place


def _enlarged(photo: Image.Image, number: int) -> Image.Image:
    enlarged = np.asarray(photo.resize(SIZE, Image.Resampling.BICUBIC)).astype(np.float32)
    generator = np.random.default_rng(number)
    enlarged += _NOISE * generator.standard_normal((SIZE[1], SIZE[0], 1), dtype=np.float32)
    return Image.fromarray(enlarged.clip(0, 255).astype(np.uint8))
