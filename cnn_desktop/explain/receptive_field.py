"""Which pixels a cell of a layer can depend on, followed back through every operation that led to it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.pictures import received_part
from cnn_desktop.explain.recording import INPUT, Recording
from cnn_desktop.explain.sliding import Cells, cells_taken


class Rectangle(NamedTuple):
    """A part of a picture, in pixels."""

    top: float
    left: float
    height: float
    width: float


@dataclass(frozen=True)
class ReceptiveField:
    """What a cell sees of the network's input."""

    mask: np.ndarray
    """Bool H×W: exactly the pixels that it depends on, unless weights happen to be zero. Strides leave holes."""

    @property
    def rows(self) -> np.ndarray:
        """Bool H: rows with a pixel that counts."""
        return np.any(self.mask, axis=1)

    @property
    def columns(self) -> np.ndarray:
        """Bool W: columns with a pixel that counts."""
        return np.any(self.mask, axis=0)

    @property
    def rectangle(self) -> Rectangle:
        """The smallest that holds all of it; of no extent where the cell depends on nothing, only on padding."""
        rows, columns = np.flatnonzero(self.rows), np.flatnonzero(self.columns)
        if not rows.size:
            return Rectangle(0, 0, 0, 0)
        return Rectangle(int(rows[0]), int(columns[0]), int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1)


def receptive_field(recording: Recording, name: str, row: int = 0, column: int = 0) -> ReceptiveField:
    """What the cell (`row`, `column`) of the operation `name` sees, whatever its channel.

    Exact through convolutions (strides, dilations, padding), pooling, sums, concatenations and squeeze-and-excitation.
    A layer without rows and columns sees everything; attention, and functions that aren't known, are taken to mix all
    places. Compare Araujo et al., 2019, “Computing Receptive Fields of Convolutional Neural Networks”.

    Args:
        recording: a recording, or an outline: values aren't needed.
        name: of an operation or a block.
        row: of the maps as they are shown.
        column: the same.

    Raises:
        ModelError: there is no such operation.
        IndexError: it has no such cell.
    """
    asked = recording.operation(name)
    height, width = asked.places.extent
    if not (0 <= row < height and 0 <= column < width):
        raise IndexError(f"{asked.name} has no cell ({row}, {column})")
    needed: dict[str, list[Cells]] = {asked.name: [Cells(np.arange(height) == row, np.arange(width) == column)]}
    for operation in reversed(list(recording.operations.values())):
        for cells in needed.pop(operation.name, ()):
            for source in dict.fromkeys(operation.inputs):
                taken = cells_taken(operation, recording.places(source), cells)
                _add(needed.setdefault(source, []), taken)
    mask = np.zeros(recording.places(INPUT).extent, bool)
    for cells in needed.get(INPUT, ()):
        mask |= np.outer(cells.rows, cells.columns)
    return ReceptiveField(mask)


def on_picture(seen: Rectangle, preprocessing: Preprocessing, size: tuple[int, int]) -> Rectangle:
    """Where a rectangle of the network's input lies on the picture that was given to it.

    Args:
        seen: in pixels of the input.
        preprocessing: how the picture became the input.
        size: (width, height) of the picture.
    """
    left, top, right, bottom = received_part(size, preprocessing)
    across = (right - left) * size[0] / preprocessing.width
    down = (bottom - top) * size[1] / preprocessing.height
    return Rectangle(
        top * size[1] + seen.top * down, left * size[0] + seen.left * across, seen.height * down, seen.width * across
    )


def _add(regions: list[Cells], new: Cells) -> None:
    if any(new.lies_in(region) for region in regions):
        return
    regions[:] = [region for region in regions if not region.lies_in(new)]
    regions.append(new)
