"""Crosses and noughts, drawn here: the classic first exercise, small enough to be learned in seconds."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import ArraySplit, Dataset, DatasetSource, datasets

SIZE, TRAIN, TEST, SEED = 28, 2_000, 500, 0
"""Of the set that is registered."""

_PIXELS_AT_ONCE = 1 << 20
"""Enough for numpy to be fast, little enough for large pictures to fit."""


@datasets.register("xo")
class CrossesAndNoughts(DatasetSource):
    """Crosses and noughts in grey, white on black, each shifted, scaled, turned, thick or thin, and noisy by chance.

    Args:
        size: height and width in pixels.
        train, test: how many pictures; half of them crosses.
        seed: the same seed draws the same pictures.
    """

    name = "xo"
    title = _("Crosses and noughts")
    summary = _("2,500 crosses and noughts of 28×28 pixels, in grey, drawn by the program; always here")
    class_count = 2

    def __init__(self, size: int = SIZE, train: int = TRAIN, test: int = TEST, seed: int = SEED) -> None:
        self.size = size
        self.counts = train, test
        self.seed = seed
        self.picture_count = train + test

    def is_present(self, root: Path) -> bool:
        """Always: it is drawn when it is asked for."""
        return True

    def load(self, root: Path, progress: Progress = no_progress) -> Dataset:
        """Draw it; see `DatasetSource.load`."""
        images, labels = drawn(self.size, self.counts, self.seed, progress)
        first = self.counts[0]
        train = ArraySplit(images[:first], labels[:first], "train")
        test = ArraySplit(images[first:], labels[first:], "test")
        size = self.size, self.size
        return Dataset(self.name, self.title, ("X", "O"), 1, size, {"train": train, "test": test})


def drawn(
    size: int, counts: Sequence[int], seed: int, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> tuple[np.ndarray, np.ndarray]:
    """Splits of so many pictures one after the other, half of each noughts: uint8 N×size×size×1; 1 where it is one."""
    random = np.random.default_rng(seed)
    labels = np.concatenate([random.permutation(np.arange(count) % 2) for count in counts])
    images = np.empty((len(labels), size, size, 1), dtype=np.uint8)
    at_once = max(1, _PIXELS_AT_ONCE // size**2)
    for start in range(0, len(labels), at_once):
        progress(start, len(labels))
        images[start : start + at_once] = _draw(size, labels[start : start + at_once] == 1, random)
    progress(len(labels), len(labels))
    return images, labels


def _draw(size: int, is_nought: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A picture for each item of `is_nought`, uint8, N×size×size×1.

    Lengths are shares of the picture's side. Ink covers a pixel by how far inside the stroke its centre lies, which
    makes smooth edges.
    """

    def chance(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, (len(is_nought), 1, 1))

    radius, stroke, turn = chance(0.2, 0.38), chance(0.05, 0.12), chance(-0.5, 0.5)
    across, down = (chance(-1, 1) * 0.8 * (0.5 - radius) for _axis in range(2))
    pixels = (np.arange(size) + 0.5) / size - 0.5
    x, y = pixels[None, None, :] - across, pixels[None, :, None] - down
    x, y = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    distance = np.where(
        is_nought[:, None, None], _to_ellipse(x, y, radius, radius * chance(0.75, 1)), _to_cross(x, y, radius)
    )
    ink = np.clip((stroke / 2 - distance) * size + 0.5, 0, 1) * 255 * chance(0.7, 1)
    return np.clip(np.rint(ink + random.normal(0, 12, ink.shape)), 0, 255).astype(np.uint8)[..., None]


def _to_ellipse(x: np.ndarray, y: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distance of (x, y) to the ellipse of half axes a and b, right near the line, which is where it matters."""
    level = np.hypot(x / a, y / b)
    slope = np.hypot(x / a**2, y / b**2)
    return np.abs(level - 1) * level / np.maximum(slope, 1e-9)


def _to_cross(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Distance of (x, y) to the nearer of two lines of half length `radius` along the diagonals."""
    along, beside = np.abs(x + y) / np.sqrt(2), np.abs(x - y) / np.sqrt(2)
    return np.minimum(
        np.hypot(np.maximum(along - radius, 0), beside),
        np.hypot(np.maximum(beside - radius, 0), along),
    )
