"""Where each of many cells of one size lies, row by row, whatever their number."""

from dataclasses import dataclass

from PySide6.QtCore import QRect


@dataclass(frozen=True)
class GridGeometry:
    """`count` cells that share the width of the viewport; logical pixels."""

    count: int
    columns: int
    cell_width: int
    cell_height: int

    @classmethod
    def fitted(cls, count: int, width: int, least_width: int, cell_height: int) -> "GridGeometry":
        """As many columns as find room in `width`, at least one; what is left over makes them wider."""
        columns = max(1, width // least_width)
        return cls(count, columns, max(width // columns, least_width), cell_height)

    @property
    def rows(self) -> int:
        """Rows of cells; the last may be shorter."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """Pixels from the first row to the last."""
        return self.rows * self.cell_height

    def cell(self, place: int) -> QRect:
        """The cell of picture number `place`."""
        row, column = divmod(place, self.columns)
        return QRect(column * self.cell_width, row * self.cell_height, self.cell_width, self.cell_height)

    def at(self, x: int, y: int) -> int:
        """The number of the picture whose cell holds the point, or -1."""
        column, row = x // self.cell_width, y // self.cell_height
        place = row * self.columns + column
        return place if 0 <= column < self.columns and 0 <= place < self.count else -1

    def between(self, top: int, bottom: int) -> range:
        """The pictures of all rows that have a pixel from `top` up to `bottom`, that left out."""
        first = max(0, top // self.cell_height) * self.columns
        last = max(0, -(-bottom // self.cell_height)) * self.columns
        return range(min(first, self.count), min(last, self.count))

    def inside(self, area: QRect) -> set[int]:
        """The pictures whose cells a rectangle touches."""
        columns = range(max(0, area.left() // self.cell_width), min(self.columns, area.right() // self.cell_width + 1))
        rows = range(max(0, area.top() // self.cell_height), area.bottom() // self.cell_height + 1)
        places = (row * self.columns + column for row in rows for column in columns)
        return {place for place in places if place < self.count}
