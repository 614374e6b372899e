"""A matrix of numbers on coloured cells: written, marked, pointed at, edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.colors import DARK, LIGHT
from cnn_desktop.ui.widgets.number_matrix import Cell, Content, Edges, Editing, NumberMatrix, Window
from cnn_desktop.ui.widgets.number_matrix.content import written
from cnn_desktop.ui.widgets.number_matrix.geometry import CellSize, Geometry
from cnn_desktop.ui.widgets.number_matrix.shading import color_of, ink, level

FIVE = [[1, 1, 0, 1, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 0], [0, 0, 1, 1, 0], [1, 1, 0, 0, 0]]


def shown(qtbot: QtBot, matrix: NumberMatrix, values: object, **how: object) -> NumberMatrix:
    matrix.show_values(values, **how)  # pyright: ignore[reportArgumentType]
    qtbot.addWidget(matrix)
    matrix.resize(matrix.sizeHint())
    matrix.show()
    return matrix


def middle(matrix: NumberMatrix, cell: Cell) -> QPoint:
    return matrix.cells.rect(cell).center().toPoint()


def pixel(matrix: NumberMatrix, cell: Cell) -> str:
    """The colour in a corner of a cell, where no number is."""
    corner = matrix.cells.rect(cell).topLeft() + QPointF(4, 4)
    image: QImage = matrix.grab().toImage()
    return image.pixelColor(corner.toPoint()).name()


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([[1, -1]], ["1", "-1"]),
        ([[0.5, -0.004]], ["0.50", "0.00"]),
        ([[0.012, -0.004]], ["0.012", "-0.004"]),
        ([[0.0012, 0.0004]], ["0.0012", "0.0004"]),
        ([[123.4, 5.25]], ["123.4", "5.2"]),
        ([[12345.6, 1.0]], ["12346", "1"]),
        ([[float("nan"), 1.5]], ["nan", "1.50"]),
    ],
)
def test_numbers_have_as_many_digits_as_tell_them_apart(values: list[list[float]], texts: list[str]) -> None:
    content = Content.of(values)
    assert [content.text(Cell(0, 0, column)) for column in range(2)] == texts


def test_no_number_is_written_as_minus_nothing() -> None:
    assert written(-0.001, 2) == "0.00"


def test_numbers_come_in_any_nesting() -> None:
    assert Content.of([1, 2]).shape == (1, 1, 2)
    assert Content.of(FIVE).shape == (1, 5, 5)
    assert Content.of([FIVE, FIVE]).shape == (2, 5, 5)


@given(st.floats(-10, 10), st.sampled_from(["blue", "orange", "green", "signed", "grey"]), st.booleans())
def test_every_number_can_be_read_on_its_cell(value: float, tint: str, is_dark: bool) -> None:
    ground = color_of(level(value, 10.0), tint, DARK if is_dark else LIGHT)  # pyright: ignore[reportArgumentType]
    assert contrast(luminance(ground), luminance(ink(ground))) >= 4.0


def contrast(one: float, other: float) -> float:
    """As WCAG 2 defines it."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def luminance(color: QColor) -> float:
    parts = color.redF(), color.greenF(), color.blueF()
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colour_grows_with_the_distance_from_zero(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("numbers"), [[0.0, 0.5, -1.0]])
    none, half, full = (pixel(matrix, Cell(0, 0, column)) for column in range(3))
    assert full == color_of(127, "blue", LIGHT).name()
    assert len({none, half, full}) == 3
    matrix.show_values([[0.0, 0.5, -1.0]], scale=2.0)
    assert pixel(matrix, Cell(0, 0, 2)) == color_of(level(-1.0, 2.0), "blue", LIGHT).name() != full


def test_channels_have_tints_of_their_own(qtbot: QtBot) -> None:
    matrix = NumberMatrix("picture", ("red channel", "green channel", "blue channel"))
    shown(qtbot, matrix, [[[255]], [[255]], [[255]]], titles=("red", "green", "blue"))
    assert [pixel(matrix, Cell(channel, 0, 0)) for channel in range(3)] == ["#ff4a3d", "#35d04a", "#4d7dff"]


def test_padding_looks_like_no_pixel(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("patch"), [[0, 0], [0, 0]], padding=Edges(top=1))
    assert pixel(matrix, Cell(0, 0, 0)) != pixel(matrix, Cell(0, 1, 0))
    assert "padding" in matrix.text_at(Cell(0, 0, 1))
    assert "padding" not in matrix.text_at(Cell(0, 1, 1))


def test_cells_shrink_to_the_room_and_lose_their_numbers_last() -> None:
    wanted = Geometry((3, 4, 4), "row", CellSize(48, 32, (24, 14)))
    for width in (700, 400, 330, 200, 60):
        fitted = wanted.fitted(QSizeF(width, 200))
        assert fitted.size.width() <= max(width, 60)
        if not fitted.cell.has_text:
            assert fitted.cell.width == fitted.cell.height
    assert wanted.fitted(QSizeF(400, 200)).cell.has_text
    assert not wanted.fitted(QSizeF(200, 200)).cell.has_text


@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 6), st.sampled_from(["row", "stack"]), st.data())
def test_the_cell_under_a_point_is_the_one_drawn_there(
    channels: int, rows: int, columns: int, arrangement: str, data: st.DataObject
) -> None:
    front = data.draw(st.integers(0, channels - 1))
    geometry = Geometry((channels, rows, columns), arrangement, CellSize(40, 30), front)  # pyright: ignore[reportArgumentType]
    channel = front if arrangement == "stack" else data.draw(st.integers(0, channels - 1))
    cell = Cell(channel, data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1)))
    assert geometry.at(geometry.rect(cell).center()) == cell


def test_a_stack_shows_the_channel_that_is_brought_forward(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("kernel", arrangement="stack"), [[[0.0]], [[1.0]]])
    before = pixel(matrix, Cell(0, 0, 0))
    matrix.bring_forward(1)
    assert pixel(matrix, Cell(1, 0, 0)) == color_of(127, "blue", LIGHT).name() != before
    assert matrix.front == 1


def test_a_dilated_window_frames_only_the_cells_it_lies_on() -> None:
    window = Window(-1, 0, 2, 2, every=(2, 3))
    assert window.places() == [(-1, 0), (-1, 3), (1, 0), (1, 3)]
    assert (window.height, window.width) == (3, 4)


def test_marks_are_drawn(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("input"), FIVE)
    plain = matrix.grab().toImage()
    matrix.mark(Window(1, 1, 3, 3))
    framed = matrix.grab().toImage()
    matrix.mark(None)
    matrix.single_out(Cell(0, 2, 2))
    singled = matrix.grab().toImage()
    matrix.single_out()
    assert plain != framed != singled != plain
    assert matrix.grab().toImage() == plain


def test_pointing_is_told_to_linked_matrices_without_an_echo(qtbot: QtBot) -> None:
    patch, kernel = (shown(qtbot, NumberMatrix(name), FIVE) for name in ("patch", "kernel"))
    patch.cell_pointed.connect(kernel.point)
    kernel.cell_pointed.connect(patch.point)
    QTest.mouseMove(patch, middle(patch, Cell(0, 3, 1)))
    assert kernel.pointed == Cell(0, 3, 1)
    QTest.mouseMove(patch, QPoint(1, 1))
    assert kernel.pointed is None


def test_arrows_go_through_the_channels_that_lie_side_by_side(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("picture"), [[[1, 2]], [[3, 4]]])
    reached = []
    matrix.cell_pointed.connect(reached.append)
    for _press in range(5):
        QTest.keyClick(matrix, Qt.Key.Key_Right)
    assert reached == [Cell(0, 0, 0), Cell(0, 0, 1), Cell(1, 0, 0), Cell(1, 0, 1), Cell(1, 0, 1)]
    assert matrix.accessibleDescription() == "row 0, column 1: 4"


def test_a_click_goes_on_to_the_next_choice(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("feature", editing=Editing(choices=(-1, 1))), [[1, -1]])
    changes = []
    matrix.cell_changed.connect(lambda cell, value: changes.append((cell, value)))
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=middle(matrix, Cell(0, 0, 1)))
    QTest.keyClick(matrix, Qt.Key.Key_Space)
    assert changes == [(Cell(0, 0, 1), 1), (Cell(0, 0, 1), -1)]
    assert matrix.values() == [[[1, -1]]]


def test_a_number_is_typed_into_the_cell(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("kernel", editing=Editing(low=-9, high=9)), [[1, 2]])
    changes = []
    matrix.cell_changed.connect(lambda cell, value: changes.append((cell, value)))
    matrix.choose(Cell(0, 0, 1))
    QTest.keyClicks(matrix, "-")
    field = matrix.findChild(QLineEdit, "cellField")
    assert field is not None and field.isVisible()
    QTest.keyClicks(field, "0.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert changes == [(Cell(0, 0, 1), -0.5)] and not field.isVisible()
    matrix._open_field(Cell(0, 0, 0), "")
    QTest.keyClicks(field, "70")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert matrix.value(Cell(0, 0, 0)) == 9


@pytest.mark.parametrize(("typed", "key"), [("7", Qt.Key.Key_Escape), ("seven", Qt.Key.Key_Return)])
def test_what_is_no_number_or_not_meant_changes_nothing(qtbot: QtBot, typed: str, key: Qt.Key) -> None:
    matrix = shown(qtbot, NumberMatrix("kernel", editing=Editing()), [[1, 2]])
    matrix.cell_changed.connect(lambda *_change: pytest.fail("something was changed"))
    QTest.mouseDClick(matrix, Qt.MouseButton.LeftButton, pos=middle(matrix, Cell(0, 0, 0)))
    field = matrix.findChild(QLineEdit, "cellField")
    assert field is not None and field.text() == "1"
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, key)
    assert matrix.values() == [[[1, 2]]] and not field.isVisible()


def test_nothing_is_edited_where_nothing_may_be(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("patch"), [[1, 2]])
    matrix.choose(Cell(0, 0, 0))
    QTest.keyClicks(matrix, "5+ ")
    QTest.mouseDClick(matrix, Qt.MouseButton.LeftButton, pos=middle(matrix, Cell(0, 0, 1)))
    assert matrix.values() == [[[1, 2]]]


def test_large_pictures_are_drawn_at_once(qtbot: QtBot) -> None:
    matrix = NumberMatrix("picture", "grey", cell=(2, 2))
    shown(qtbot, matrix, [[(row * column) % 256 for column in range(224)] for row in range(224)])
    matrix.mark(Window(100, 100, 7, 7))
    assert matrix.grab().width() == 2 * 224 + 6


def test_narrow_cells_hold_a_digit_less(qtbot: QtBot) -> None:
    matrix = shown(qtbot, NumberMatrix("products"), [[0.0123, -0.0049]])
    assert matrix.written.text(Cell(0, 0, 1)) == "-0.005"
    wide = matrix.cells.cell.width
    matrix.show_values([[0.00123, -0.0049]])
    assert matrix.written.text(Cell(0, 0, 1)) == "-0.0049"
    matrix.resize(matrix.minimumSizeHint())
    assert matrix.cells.cell.has_text and matrix.cells.cell.width < wide
    assert matrix.written.text(Cell(0, 0, 1)) == "-0.005"
    assert "-0.0049" in matrix.text_at(Cell(0, 0, 1))
