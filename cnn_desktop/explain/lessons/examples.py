"""The matrices and pictures that the lessons begin with; a person may change every number of them."""

Matrix = tuple[tuple[float, ...], ...]

PICTURE_5X5: Matrix = (
    (1, 1, 0, 1, 1),
    (1, 0, 1, 0, 1),
    (1, 1, 1, 1, 0),
    (0, 0, 1, 1, 0),
    (1, 1, 0, 0, 0),
)
KERNEL_3X3: Matrix = ((1, 0, 1), (0, 1, 0), (1, 1, 0))
POOLING_4X4: Matrix = ((3, 5, 4, 1), (2, 2, 5, 6), (4, 4, 2, 5), (1, 3, 5, 4))


def drawn(*rows: str) -> Matrix:
    """A picture of −1 and 1 from a drawing: # is 1."""
    return tuple(tuple(1.0 if character == "#" else -1.0 for character in row) for row in rows)


CROSS = drawn(
    ".........",
    ".#.....#.",
    "..#...#..",
    "...#.#...",
    "....#....",
    "...#.#...",
    "..#...#..",
    ".#.....#.",
    ".........",
)
"""The X of Rohrer's “How convolutional neural networks work” (2016), with its three features."""
NOUGHT = drawn(
    ".........",
    "...###...",
    "..#...#..",
    ".#.....#.",
    ".#.....#.",
    ".#.....#.",
    "..#...#..",
    "...###...",
    ".........",
)
CROOKED_CROSS = drawn(
    ".........",
    ".#.......",
    "..##..##.",
    "...#.#...",
    "....#....",
    "...###...",
    "..#...#..",
    "......##.",
    ".........",
)
SMALL_CROSS = drawn(
    ".........",
    ".........",
    "...#...#.",
    "....#.#..",
    ".....#...",
    "....#.#..",
    "...#...#.",
    ".........",
    ".........",
)

FALLING = drawn("#..", ".#.", "..#")
CROSSING = drawn("#.#", ".#.", "#.#")
RISING = drawn("..#", ".#.", "#..")
FEATURES = (FALLING, CROSSING, RISING)
"""Three pieces that every X is made of."""

KEEPING: Matrix = ((0, 0, 0), (0, 1, 0), (0, 0, 0))
UPRIGHT_EDGES: Matrix = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
LEVEL_EDGES: Matrix = ((-1, -2, -1), (0, 0, 0), (1, 2, 1))
SHARPENING: Matrix = ((0, -1, 0), (-1, 5, -1), (0, -1, 0))
SUMMING: Matrix = ((1, 1, 1), (1, 1, 1), (1, 1, 1))
"""Well-known kernels; the edges are Sobel's."""

PRINTED_NUMBERS = (0.9, 0.65, 0.45, 0.87, 0.96, 0.73, 0.23, 0.63, 0.44, 0.89, 0.94, 0.53)
"""Twelve flattened numbers of an unclear picture, as Rohrer's tutorial prints them."""
