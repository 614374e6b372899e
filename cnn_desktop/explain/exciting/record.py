"""The pictures that excite each channel of each layer most."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Excited(NamedTuple):
    """A picture, and where in it a channel is strongest."""

    picture: int
    """Which of the split it is."""
    value: float
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Excitement:
    """For C channels, those of one layer after those of the one before, up to K pictures each, the strongest first."""

    names: np.ndarray
    """str, shape (L,): the operations."""
    starts: np.ndarray
    """int64, shape (L+1,): at which channel each begins."""
    widths: np.ndarray
    """int64, shape (L,): of its maps, in cells."""
    values: np.ndarray
    """float32 C×K: the largest number of the channel's map of the picture."""
    pictures: np.ndarray
    """int64 C×K: which of the split they are."""
    cells: np.ndarray
    """int64 C×K: where that number stands, counted row by row."""
    looked_at: np.ndarray
    """int64, shape (): how many pictures were."""

    def of(self, operation: str, channel: int) -> list[Excited]:
        """What excites one channel most; nothing where the layer isn't known."""
        found = np.flatnonzero(self.names == operation)
        if not len(found) or self.starts[found[0]] + channel >= self.starts[found[0] + 1]:
            return []
        layer, at = found[0], self.starts[found[0]] + channel
        rows, columns = np.divmod(self.cells[at], self.widths[layer])
        facts = zip(self.pictures[at], self.values[at], rows, columns, strict=True)
        return [Excited(int(picture), float(value), int(row), int(column)) for picture, value, row, column in facts]
