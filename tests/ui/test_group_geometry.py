"""Where the pictures of groups lie."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from cnn_desktop.ui.pages.data.findings.group_geometry import GroupGeometry

SIZES = st.lists(st.integers(1, 9), max_size=30)


def laid_out(sizes: list[int], columns: int) -> GroupGeometry:
    return GroupGeometry.of_groups(sizes, columns * 100 + 30, 100, 120)


def test_a_group_that_fits_is_not_broken() -> None:
    cells = laid_out([2, 2, 2, 3, 1], 5)
    assert cells.slots == (0, 1, 2, 3, 5, 6, 7, 8, 9, 10)


def test_a_group_of_several_rows_has_rows_of_its_own() -> None:
    assert laid_out([1, 5, 1], 3).slots == (0, 3, 4, 5, 6, 7, 9)


@settings(max_examples=100, deadline=None)
@given(SIZES, st.integers(1, 6))
def test_every_cell_is_found_where_it_is_drawn(sizes: list[int], columns: int) -> None:
    cells = laid_out(sizes, columns)
    assert len(set(cells.slots)) == cells.count == sum(sizes)
    for place in range(cells.count):
        cell = cells.cell(place)
        assert cells.at(cell.center().x(), cell.center().y()) == place
        assert place in cells.between(cell.top(), cell.top() + 1)
        assert cells.inside(QRect(cell.center(), cell.center())) == {place}
        assert cell.bottom() < cells.height
    drawn = {cells.cell(place).topLeft().toTuple() for place in range(cells.count)}
    assert len(drawn) == cells.count


@settings(max_examples=100, deadline=None)
@given(SIZES, st.integers(1, 6))
def test_no_group_that_fits_a_row_is_in_two(sizes: list[int], columns: int) -> None:
    cells, first = laid_out(sizes, columns), 0
    for size in sizes:
        rows = {cells.slots[place] // cells.columns for place in range(first, first + size)}
        assert len(rows) == -(-size // cells.columns)
        first += size


@pytest.mark.parametrize("point", [(5000, 10), (-5, 10), (10, -5), (10, 5000)])
def test_outside_there_is_no_picture(point: tuple[int, int]) -> None:
    assert laid_out([2, 2], 3).at(*point) == -1
    assert laid_out([2, 2], 3).at(250, 10) == -1  # the cell beside the first group, which stays empty
