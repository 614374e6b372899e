"""Where the original and its sixteen variants lie in the room there is. Whole pixels only."""

from dataclasses import dataclass

COLUMNS = 4
COUNT = COLUMNS * COLUMNS
_GAP = 8
_SPLIT = 16
"""Pixels between the original and the variants."""
_WORDS = 44
"""Pixels below the original for two lines of text at least."""
_SMALLEST = 24


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Placing:
    """The original, the room for words about it, and the variants row by row; in the pixels of the space given."""

    original: Box
    words: Box
    tiles: tuple[Box, ...]


def place(space: tuple[int, int], picture: tuple[int, int], line: int) -> Placing:
    """The arrangement with the larger variants: the original at their left, or above them.

    Args:
        space: width and height of what can be seen.
        picture: height and width of a picture, whose proportions hold.
        line: height of the text below each variant; 0 for none.
    """
    width, height = space
    high, wide = picture
    side_by_side = min(
        _tile_width((width - _SPLIT - 4 * _GAP) // 6, (height - 3 * _GAP) // 4 - line, high, wide),
        _tile_width(width, (height - _WORDS - _GAP) // 2, high, wide),
    )
    stacked = _tile_width((width - 3 * _GAP) // 4, (height - 4 * _GAP - _SPLIT - 4 * line) // 6, high, wide)
    if side_by_side >= stacked:
        return _beside(space, _whole(side_by_side, wide), picture, line)
    return _above(space, _whole(stacked, wide), picture, line)


def _tile_width(width: int, height: int, high: int, wide: int) -> int:
    return max(_SMALLEST, min(width, height * wide // high))


def _whole(tile: int, wide: int) -> int:
    """Small pictures are enlarged by whole numbers, so that their pixels stay of one size."""
    return tile - tile % wide if tile >= 3 * wide else tile


def _beside(space: tuple[int, int], tile: int, picture: tuple[int, int], line: int) -> Placing:
    high, wide = picture
    tall = tile * high // wide
    large = 2 * tile + _GAP
    grid_width = 4 * tile + 3 * _GAP
    left = max(0, (space[0] - large - _SPLIT - grid_width) // 2)
    original = Box(left, 0, large, large * high // wide)
    words = Box(left, original.height + _GAP, large, max(0, space[1] - original.height - _GAP))
    return Placing(original, words, _tiles(left + large + _SPLIT, 0, tile, tall, line))


def _above(space: tuple[int, int], tile: int, picture: tuple[int, int], line: int) -> Placing:
    high, wide = picture
    tall = tile * high // wide
    large = 2 * tile + _GAP
    grid_width = 4 * tile + 3 * _GAP
    left = max(0, (space[0] - grid_width) // 2)
    height = large * high // wide
    original = Box(left, 0, large, height)
    words = Box(left + large + _SPLIT, 0, max(0, space[0] - left - large - _SPLIT), height)
    return Placing(original, words, _tiles(left, height + _SPLIT, tile, tall, line))


def _tiles(left: int, top: int, width: int, height: int, line: int) -> tuple[Box, ...]:
    return tuple(
        Box(left + column * (width + _GAP), top + row * (height + line + _GAP), width, height)
        for row in range(COLUMNS)
        for column in range(COLUMNS)
    )
