"""The maps or kernels that a grid shows: their numbers, their scale, their picture. Loaded when there is something."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtGui import QColor, QImage

from cnn_desktop.core.language import _
from cnn_desktop.explain.rendering import Colormap, Scale, mosaic, packed_colours, packed_rgb, resample, unpacked
from cnn_desktop.ui.widgets.tile_layout import TileLayout


@dataclass(frozen=True)
class MapTiles:
    """Numbers to be shown as coloured tiles.

    Args:
        values: N×H×W, or N×H×W×3 for kernels over red, green and blue; float32.
        colormap: for N×H×W; a signed one has zero in its middle.
        per_tile: each tile has a colour scale of its own.
        fixed_scale: the colour scale; None takes that of `values`.
        order: int64 N, the tile that stands at each place; None shows them as they come.
    """

    values: np.ndarray
    colormap: Colormap = "viridis"
    per_tile: bool = False
    fixed_scale: Scale | None = None
    order: np.ndarray | None = None

    @cached_property
    def scale(self) -> Scale:
        """Which numbers get the first and the last colour."""
        symmetric = self.is_rgb or self.colormap == "signed"
        return self.fixed_scale or Scale.of(self.values, per_tile=self.per_tile, symmetric=symmetric)

    @property
    def count(self) -> int:
        """How many tiles there are."""
        return len(self.values)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of each."""
        return self.values.shape[1], self.values.shape[2]

    @property
    def is_rgb(self) -> bool:
        """Whether each cell holds three numbers, shown as a colour."""
        return self.values.ndim == 4

    @property
    def lowest(self) -> float:
        """The smallest of all the numbers."""
        return float(self.values.min())

    @property
    def highest(self) -> float:
        """The largest of all the numbers."""
        return float(self.values.max())

    @property
    def mean(self) -> float:
        """The mean of all the numbers, summed in double precision."""
        return float(self.values.mean(dtype=np.float64))

    @cached_property
    def places(self) -> np.ndarray | None:
        """The inverse of `order`: where each tile stands."""
        return None if self.order is None else np.argsort(self.order)

    def one(self, index: int) -> "MapTiles":
        """Tile `index` alone, in the colours that it has among the others."""
        scale = Scale(
            *(side if len(side) == 1 else side[index : index + 1] for side in (self.scale.low, self.scale.high))
        )
        return MapTiles(self.values[index : index + 1], self.colormap, self.per_tile, scale)

    def text(self, tile: int, row: int, column: int) -> str:
        """The number, or the three, in a cell."""
        value = self.values[tile, row, column]
        if self.is_rgb:
            red, green, blue = (number_text(float(part)) for part in value)
            return _("red {red}, green {green}, blue {blue}").format(red=red, green=green, blue=blue)
        return number_text(float(value))

    def short_text(self, row: int, column: int) -> str:
        """The number in a cell of the first tile, short enough to be written into it."""
        return f"{float(self.values[0, row, column]):.2f}"

    def is_bright(self, tile: int, row: int, column: int) -> bool:
        """Whether black is easier to read than white on this cell."""
        colour = unpacked(self.one(tile)._coloured(self.values[tile : tile + 1])[0, row, column]).astype(int)
        return bool(colour @ (0.299, 0.587, 0.114) > 125)

    def image(self, layout: TileLayout, ground: QColor, ratio: float) -> QImage:
        """All tiles as one picture in device pixels, `ratio` of them a pixel of the window."""
        height, width = self.shape
        # Numbers that aren't shown are left out before colouring, and those that are repeated are repeated after it.
        reduced = resample(self.values, min(height, layout.tile_height), min(width, layout.tile_width))
        coloured = self._coloured(reduced)
        ordered = coloured if self.order is None else coloured[self.order]
        enlarged = resample(ordered, layout.tile_height, layout.tile_width)
        sheet = mosaic(enlarged, layout.columns, layout.gap, ground.rgb())
        high, wide = sheet.shape
        picture = QImage(sheet.data, wide, high, 4 * wide, QImage.Format.Format_RGB32).copy()
        picture.setDevicePixelRatio(ratio)
        return picture

    def _coloured(self, values: np.ndarray) -> np.ndarray:
        return packed_rgb(values, self.scale) if self.is_rgb else packed_colours(values, self.scale, self.colormap)


def number_text(value: float) -> str:
    """A number as it is shown: fixed digits where that says something, else with an exponent."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.4f}"
    return f"{value:.3e}"
