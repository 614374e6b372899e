"""Folders of tiny pictures for the tests of the Data page."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = {"bird": 10, "cat": 20, "dog": 30}


def make_folder(folder: Path, classes: Mapping[str, int] = CLASSES) -> Path:
    """A folder with a folder of so many different pictures for each class."""
    random = np.random.default_rng(0)
    for name, count in classes.items():
        place = folder / name
        place.mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(place / f"{number:03}.png")
    return folder
