"""What is marked in a matrix."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """The cells that a kernel lies on, in every channel.

    Args:
        top, left: the first of them; negative over padding.
        rows, columns: how many.
        every: the step between them, above 1 where the kernel is dilated.
    """

    top: int
    left: int
    rows: int
    columns: int
    every: tuple[int, int] = (1, 1)

    @property
    def is_dense(self) -> bool:
        """Whether there are no holes in it."""
        return self.every == (1, 1)

    @property
    def height(self) -> int:
        """Rows from the first to the last."""
        return (self.rows - 1) * self.every[0] + 1

    @property
    def width(self) -> int:
        """Columns from the first to the last."""
        return (self.columns - 1) * self.every[1] + 1

    def places(self) -> list[tuple[int, int]]:
        """The row and column of each of its cells; those over padding may be negative."""
        down, across = self.every
        return [
            (self.top + row * down, self.left + column * across)
            for row in range(self.rows)
            for column in range(self.columns)
        ]
