"""Where the pictures of groups lie: the members of a group side by side, and a group in one row where it fits."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from PySide6.QtCore import QRect
from typing_extensions import override

from cnn_desktop.ui.widgets.picture_grid.geometry import GridGeometry


@dataclass(frozen=True)
class GroupGeometry(GridGeometry):
    """Cells of one size, some of which stay empty so that groups aren't broken without need."""

    slots: tuple[int, ...] = ()
    """For each picture, ascending, which of all cells is its own."""

    @classmethod
    def of_groups(cls, sizes: Sequence[int], width: int, least_width: int, cell_height: int) -> Self:
        """Lay out groups of these sizes in their order."""
        plain = GridGeometry.fitted(sum(sizes), width, least_width, cell_height)
        slots: list[int] = []
        free = 0
        for size in sizes:
            room = -free % plain.columns
            if size > room and room:
                free += room
            slots += range(free, free + size)
            free += size
            if size > plain.columns:  # what comes after a group of several rows begins a row of its own
                free += -free % plain.columns
        return cls(plain.count, plain.columns, plain.cell_width, cell_height, tuple(slots))

    @property
    @override
    def rows(self) -> int:
        return self.slots[-1] // self.columns + 1 if self.slots else 0

    @override
    def cell(self, place: int) -> QRect:
        return super().cell(self.slots[place])

    @override
    def at(self, x: int, y: int) -> int:
        column, row = x // self.cell_width, y // self.cell_height
        if not 0 <= column < self.columns or row < 0:
            return -1
        slot = row * self.columns + column
        place = bisect_left(self.slots, slot)
        return place if place < len(self.slots) and self.slots[place] == slot else -1

    @override
    def between(self, top: int, bottom: int) -> range:
        first = max(0, top // self.cell_height) * self.columns
        last = max(0, -(-bottom // self.cell_height)) * self.columns
        return range(bisect_left(self.slots, first), bisect_left(self.slots, last))

    @override
    def inside(self, area: QRect) -> set[int]:
        return {place for place in self.between(area.top(), area.bottom() + 1) if self.cell(place).intersects(area)}
