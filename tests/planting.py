"""Faults planted in a folder of real flowers, and what of them is there by nature."""

import shutil
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

Change = Callable[[Image.Image], Image.Image]

NATURAL = (
    ("10466290366_cc72e33532", "10994032453_ac7f8d9e2e"),
)
"""Pairs among the flowers that are one picture in two qualities, sizes or colours; looked at one by one."""


def _resized(share: float) -> Change:
    return lambda picture: picture.resize(
        (round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS
    )


CHANGES: dict[str, tuple[Change, int]] = {
    "half": (_resized(0.5), 90),
    "third": (_resized(0.36), 90),
    "double": (_resized(2.0), 90),
    "quality 60": (lambda picture: picture, 60),
    "quality 25": (lambda picture: picture, 25),
    "mirrored": (ImageOps.mirror, 90),
    "mirrored, smaller, worse": (lambda picture: _resized(0.7)(ImageOps.mirror(picture)), 50),
}
"""What makes a near duplicate, and the JPEG quality that it is then saved with."""
