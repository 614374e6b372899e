"""Where many small maps of one size lie in a given space. Whole pixels only, so that no map is blurred."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TileLayout:
    """`count` tiles, row by row, `gap` pixels apart."""

    count: int
    columns: int
    tile_width: int
    tile_height: int
    gap: int

    @property
    def rows(self) -> int:
        """Rows of tiles; the last may be shorter."""
        return -(-self.count // self.columns)

    @property
    def width(self) -> int:
        """Pixels from the first column to the last."""
        return self.columns * (self.tile_width + self.gap) - self.gap

    @property
    def height(self) -> int:
        """Pixels from the first row to the last."""
        return self.rows * (self.tile_height + self.gap) - self.gap

    def corner(self, index: int) -> tuple[int, int]:
        """The left and top of tile `index`."""
        row, column = divmod(index, self.columns)
        return column * (self.tile_width + self.gap), row * (self.tile_height + self.gap)

    def at(self, x: float, y: float) -> tuple[int, float, float] | None:
        """The tile under a point and how far into it (0…1 from its left and top), or None in a gap or outside."""
        if x < 0 or y < 0:
            return None
        column, left = divmod(x, self.tile_width + self.gap)
        row, top = divmod(y, self.tile_height + self.gap)
        index = int(row) * self.columns + int(column)
        if column >= self.columns or index >= self.count or left >= self.tile_width or top >= self.tile_height:
            return None
        return index, left / self.tile_width, top / self.tile_height


@dataclass(frozen=True)
class TileRules:
    """How small and how wide a tile may become, and how far apart tiles are; pixels."""

    smallest: int = 24
    largest: int = 128
    gap: int = 6


def fit_tiles(count: int, shape: tuple[int, int], space: tuple[int, int], rules: TileRules) -> TileLayout:
    """The largest tiles with which everything is seen at once; else the smallest, to be scrolled downwards.

    Args:
        count: how many, at least 1.
        shape: height and width of a map; the tiles keep its proportions.
        space: width and height of what can be seen.
        rules: the limits.
    """
    most = min(count, (space[0] + rules.gap) // (rules.smallest + rules.gap))
    fitting = [
        layout
        for columns in range(1, most + 1)
        if (layout := _layout(count, columns, shape, space, rules)).tile_width >= rules.smallest
    ]
    if fitting:
        return max(fitting, key=lambda layout: (layout.tile_width, count % layout.columns == 0, layout.columns))
    columns = min(count, max(1, (space[0] + rules.gap) // (rules.smallest + rules.gap)))
    return _layout(count, columns, shape, (space[0], None), rules)


def _layout(
    count: int, columns: int, shape: tuple[int, int], space: tuple[int, int | None], rules: TileRules
) -> TileLayout:
    high, wide = shape
    tile = min(rules.largest, (space[0] - rules.gap * (columns - 1)) // columns)
    if space[1] is not None:
        rows = -(-count // columns)
        tile = min(tile, (space[1] - rules.gap * (rows - 1)) // rows * wide // high)
    if tile >= 3 * wide:  # cells of equal size look calm; below that the loss of space would be too large
        tile -= tile % wide
    tile = max(1, tile)
    return TileLayout(count, columns, tile, max(1, tile * high // wide), rules.gap)
