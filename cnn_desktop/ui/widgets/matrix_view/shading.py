"""From numbers to the image of a matrix: hits in one colour, mistakes in another, each up to its largest."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from cnn_desktop.ui.colors import Colors

Levels = NDArray[np.uint8]
_HIT = 128
"""Levels from here on are those of the diagonal."""
_FAINTEST = 0.24
"""How much of its colour a single picture has among thousands: it must not look like none."""
_ALARMING = 0.2
"""Mistakes have their full colour from this part of the largest hit on: those of a good model stay pale."""


def levels_of(values: NDArray[np.float64]) -> Levels:
    """0…127 for mistakes and 128…255 for the diagonal, the square root of the part of the largest of each kind.

    The root lets rare mistakes be seen beside frequent ones. 0 on the diagonal is no level of hits: it looks like none.
    """
    hits = values.diagonal()
    largest_hit = float(hits.max(initial=0.0))
    mistakes = values - np.diag(hits)
    levels = _rooted(mistakes, max(float(mistakes.max(initial=0.0)), _ALARMING * largest_hit))
    diagonal = _rooted(hits, largest_hit)
    np.fill_diagonal(levels, np.where(diagonal > 0, diagonal + _HIT, 0))
    return levels


def _rooted(values: NDArray[np.float64], most: float) -> Levels:
    """0…127, where only nothing becomes 0."""
    return np.ceil(127 * np.sqrt(values / (most or 1.0))).astype(np.uint8)


def strength(level: int) -> float:
    """How much of its full colour a level has, 0…1."""
    part = (level % _HIT) / 127
    return _FAINTEST + (1 - _FAINTEST) * part if part else 0.0


def shade(level: int, now: Colors) -> QColor:
    """The colour of a level."""
    return mixed(QColor(now.hover), QColor(hit_color(now) if level >= _HIT else mistake_color(now)), strength(level))


def ink(ground: QColor) -> str:
    """Black or white, whichever is read more easily on `ground`."""
    light = 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF()
    return "#000000" if light > 0.5 else "#ffffff"


def image_of(levels: Levels, rows: range, columns: range, most: tuple[int, int], now: Colors) -> QImage:
    """A pixel a cell of that part; of more cells than `most` (high, wide), each pixel shows its strongest.

    Shrinking would otherwise blur single mistakes among thousands of cells away.
    """
    part = levels[rows.start : rows.stop, columns.start : columns.stop]
    for axis, pixels in enumerate(most):
        if part.shape[axis] > pixels > 0:
            starts = np.linspace(0, part.shape[axis], pixels, endpoint=False).astype(int)
            part = np.maximum.reduceat(part, starts, axis=axis)
    part = np.ascontiguousarray(part)
    height, width = part.shape
    image = QImage(part.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([shade(level, now).rgb() for level in range(256)])
    return image.convertToFormat(QImage.Format.Format_RGB32)


def hit_color(now: Colors) -> str:
    """The full colour of the diagonal."""
    return now.series[0]


def mistake_color(now: Colors) -> str:
    """The full colour of mistakes."""
    return now.series[1]


def mixed(ground: QColor, color: QColor, part: float) -> QColor:
    """So much of `color` on `ground`."""
    return QColor.fromRgbF(
        ground.redF() + (color.redF() - ground.redF()) * part,
        ground.greenF() + (color.greenF() - ground.greenF()) * part,
        ground.blueF() + (color.blueF() - ground.blueF()) * part,
    )
