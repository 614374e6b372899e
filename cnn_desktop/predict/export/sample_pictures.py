"""Pictures on which an exported model is tried where nobody gave better ones."""

import numpy as np

_SEED = 5
_SIZES = ((240, 320), (320, 240), (256, 256), (97, 131))
"""(height, width): lying, upright, square, small."""


def sample_pictures(count: int) -> list[np.ndarray]:
    """`count` pictures of shapes, gradients and noise, uint8 height×width×3: the same ones each time."""
    random = np.random.default_rng(_SEED)
    return [_picture(random, *_SIZES[number % len(_SIZES)]) for number in range(count)]


def _picture(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A gradient in some direction, discs in front of it, and a little noise, as photographs have."""
    rows, columns = np.mgrid[0:height, 0:width] / max(height, width)
    slope = random.uniform(-1, 1, (2, 1, 1, 3))
    colours = 0.5 + slope[0] * (rows[..., None] - 0.5) + slope[1] * (columns[..., None] - 0.5)
    for _number in range(random.integers(2, 8)):
        row, column, radius = random.uniform(0, 1, 3) * (1, 1, 0.4)
        colours[(rows - row) ** 2 + (columns - column) ** 2 < radius**2] = random.uniform(0, 1, 3)
    noisy = colours + random.normal(0, random.uniform(0, 0.1), colours.shape)
    return np.clip(255 * noisy, 0, 255).astype(np.uint8)
