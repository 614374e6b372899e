import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.colors import DARK, LIGHT
from cnn_desktop.ui.widgets.matrix_view import ConfusionTable, MatrixView
from cnn_desktop.ui.widgets.matrix_view.geometry import MatrixGeometry
from cnn_desktop.ui.widgets.matrix_view.shading import image_of, levels_of, shade
from cnn_desktop.ui.widgets.matrix_view.table import short_text, value_text
from tests.instructions import instructions

PLOT = QRectF(40, 30, 500, 400)
CAT_DOG = ConfusionTable(np.array([[8, 2, 0], [1, 5, 0], [0, 0, 0]]), ("cat", "dog", "cow"))


def thousand() -> ConfusionTable:
    """1,000 classes of 50 pictures, a fifth of which are taken for a class nearby."""
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(1000), 50)
    answers = np.where(random.random(50_000) < 0.2, (labels + random.geometric(0.2, 50_000)) % 1000, labels)
    counts = np.zeros((1000, 1000), np.int64)
    np.add.at(counts, (labels, answers), 1)
    return ConfusionTable(counts, [f"class {number}" for number in range(1000)])


@pytest.fixture
def view(qtbot: QtBot, themed: QApplication) -> MatrixView:
    """A matrix of two classes and one without pictures, on the screen."""
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(500, 480)
    view.show_table(CAT_DOG)
    view.show()
    qtbot.waitExposed(view)
    return view


def spot(view: MatrixView, row: int, column: int) -> QPoint:
    return view.geometry_of_cells.rect(row, column).center().toPoint()


def wheel(view: MatrixView, at: QPointF, notches: int) -> None:
    none = Qt.KeyboardModifier.NoModifier
    turned = QPoint(0, 120 * notches)
    place = view.mapToGlobal(at)
    event = QWheelEvent(at, place, QPoint(), turned, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, event)


def test_values_are_counts_or_shares_of_rows_or_columns() -> None:
    assert CAT_DOG.value((0, 1), "counts") == 2
    assert CAT_DOG.value((0, 1), "row") == pytest.approx(0.2)
    assert CAT_DOG.value((0, 1), "column") == pytest.approx(2 / 7)
    for normalisation in ("counts", "row", "column"):
        values = CAT_DOG.values(normalisation)
        cells = [[CAT_DOG.value((row, column), normalisation) for column in range(3)] for row in range(3)]
        assert values == pytest.approx(np.array(cells)), normalisation
    assert CAT_DOG.values("row").sum(axis=1) == pytest.approx([1, 1, 0])
    assert CAT_DOG.values("column").sum(axis=0) == pytest.approx([1, 1, 0])


def test_a_cell_says_what_it_counts() -> None:
    assert CAT_DOG.title((0, 1)) == "cat → dog"
    assert CAT_DOG.title((1, 1)) == "dog"
    assert CAT_DOG.lines((0, 1)) == ("2 of 10 pictures of cat (20.0 %)", "2 of 7 answers “dog” (28.6 %)")
    assert CAT_DOG.lines((2, 0)) == ("0 of 0 pictures of cow (–)", "0 of 9 answers “cat” (0.0 %)")


def test_values_are_written_as_short_as_their_cells() -> None:
    assert [value_text(value, "row") for value in (0.031, 0.0994, 0.5, 1.0)] == ["3.1", "9.9", "50", "100"]
    assert [value_text(1234, "counts"), short_text(1234), short_text(45_678)] == ["1,234", "1.2k", "46k"]


@given(st.integers(1, 1000), st.floats(0.2, 200), st.floats(40, 540), st.floats(30, 430), st.data())
def test_zooming_keeps_what_is_under_the_cursor_and_stays_within_the_matrix(
    count: int, factor: float, x: float, y: float, data: st.DataObject
) -> None:
    cells = MatrixGeometry.fitted(count, PLOT)
    row = data.draw(st.integers(0, count - 1))
    assert cells.at(cells.rect(row, row).center()) == (row, row)
    point = QPointF(x, y)
    near = cells.zoomed(factor, point)
    back = near.zoomed(1e-9, point)
    assert back.is_whole and (back.left, back.top) == pytest.approx((0, 0), abs=1e-6)
    most = (count * near.side - PLOT.width(), count * near.side - PLOT.height())
    assert 0 <= near.left <= max(0.0, most[0]) + 1e-6
    assert 0 <= near.top <= max(0.0, most[1]) + 1e-6
    inside = cells.at(point)
    if inside is not None and 0 < near.left < most[0] and 0 < near.top < most[1]:
        assert near.rect(*inside).adjusted(-1e-3, -1e-3, 1e-3, 1e-3).contains(point)
    shown = near.showing(row, 0)
    assert row in shown.rows and 0 in shown.columns


def test_hits_and_mistakes_have_their_own_colours_and_nothing_has_none() -> None:
    levels = levels_of(CAT_DOG.values("counts"))
    for now in (LIGHT, DARK):
        image = image_of(levels, range(3), range(3), (100, 100), now)
        at = {(row, column): image.pixelColor(column, row) for row in range(3) for column in range(3)}
        assert at[0, 0] == QColor(now.series[0]), "the most frequent hit has the full colour"
        assert at[0, 1] == QColor(now.series[1]), "so has the most frequent mistake, where it is as frequent as here"
        assert at[0, 2] == at[2, 2] == QColor(now.hover)
        assert len({colour.name() for colour in (at[0, 0], at[1, 1], at[0, 1], at[1, 0], at[0, 2])}) == 5


def test_a_single_mistake_among_a_million_cells_is_seen_when_they_are_shrunk() -> None:
    counts = np.diag(np.full(1000, 50))
    counts[300, 701] = 1
    image = image_of(levels_of(counts.astype(float)), range(1000), range(1000), (400, 400), LIGHT)
    assert (image.width(), image.height()) == (400, 400)
    assert image.pixelColor(280, 120) != QColor(LIGHT.hover)
    assert image.pixelColor(270, 120) == QColor(LIGHT.hover)
    assert shade(1, LIGHT) != QColor(LIGHT.hover)


def test_a_click_opens_a_cell_and_a_drag_moves_instead(view: MatrixView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.cell_chosen) as chosen:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot(view, 0, 1))
    assert chosen.args == [0, 1]
    assert view.current == (0, 1)
    view.show_table(thousand())
    view.show_cell((500, 500))
    left = view.geometry_of_cells.left
    start = spot(view, 500, 500)
    with qtbot.assertNotEmitted(view.cell_chosen):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        for step in (20, 40, 60):
            QTest.mouseMove(view, start - QPoint(step, 0))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start - QPoint(60, 0))
    assert view.geometry_of_cells.left == pytest.approx(left + 60, abs=1)


def test_the_wheel_zooms_around_the_cursor_and_0_shows_all(view: MatrixView) -> None:
    view.show_table(thousand())
    whole = view.geometry_of_cells
    at = whole.rect(400, 600).center()
    wheel(view, at, 8)
    assert view.geometry_of_cells.side > 4 * whole.side
    assert view.geometry_of_cells.at(at) == (400, 600)
    assert view.hovered == (400, 600)
    QTest.keyClicks(view, "0")
    assert view.geometry_of_cells == whole
    wheel(view, at, -3)
    assert view.geometry_of_cells.is_whole, "there is nothing to see beyond all of it"


def test_keys_go_from_cell_to_cell_and_open_them(view: MatrixView, qtbot: QtBot) -> None:
    view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    assert view.current == (1, 1)
    assert view.accessibleDescription().startswith("dog. 5 of 6 pictures of dog")
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.cell_chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == [0, 2]
    side = view.geometry_of_cells.side
    view.resize(700, 700)
    QTest.keyClicks(view, "+")
    assert view.geometry_of_cells.side >= side


def test_a_class_that_is_searched_for_is_brought_into_sight_and_can_be_read(view: MatrixView) -> None:
    view.show_table(thousand())
    view.show_class(777)
    cells = view.geometry_of_cells
    assert 777 in cells.rows and 777 in cells.columns
    assert cells.side >= view.fontMetrics().height()
    view.show_cell((3, 990))
    assert 3 in view.geometry_of_cells.rows and 990 in view.geometry_of_cells.columns
    view.revise(thousand())
    assert view.current == (3, 990) and 990 in view.geometry_of_cells.columns, "what is in sight stays"


def test_a_thousand_classes_are_drawn_as_one_picture(qtbot: QtBot, themed: QApplication) -> None:
    table = thousand()
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(700, 700)
    assert instructions(lambda: (view.show_table(table), view.show(), view.repaint())) < 200_000
    picture = view.grab().toImage()
    middle = view.geometry_of_cells.rect(500, 500).center().toPoint()
    assert picture.pixelColor(middle) != picture.pixelColor(middle + QPoint(0, 100)), "the diagonal is drawn"


def test_every_size_from_two_classes_on_is_drawn_with_its_names(view: MatrixView) -> None:
    for count in (2, 10, 40, 300):
        classes = [f"a class with a name that is long, number {number}" for number in range(count)]
        view.show_table(ConfusionTable(np.ones((count, count), np.int64), classes))
        view.hovered = (count - 1, 0)
        view.current = (0, count - 1)
        for normalisation in ("row", "column", "counts"):
            view.show_normalised(normalisation)
            assert not view.grab().isNull()
        assert view.geometry_of_cells.plot.width() > 200
    view.show_table(None)
    assert not view.grab().isNull()
