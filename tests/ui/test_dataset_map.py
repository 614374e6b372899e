from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.evaluation import answer_split
from cnn_desktop.ui.colors import DARK, LIGHT
from cnn_desktop.ui.pages.inspect import InspectPage
from cnn_desktop.ui.pages.inspect.embedding.map_view import MapView
from cnn_desktop.ui.pages.inspect.embedding.markers import PointPainter
from cnn_desktop.ui.pages.inspect.embedding.panel import EmbeddingPanel
from cnn_desktop.ui.pages.inspect.embedding.plane import Plane, inside
from cnn_desktop.ui.pages.inspect.model_dataset import open_model_dataset
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.picture_grid import PictureGrid
from tests.ui.conftest import child
from tests.ui.example_runs import example_run
from tests.ui.inspected import digits_subject, plain_context
from tests.ui.trained_digits import trained_digits

NONE = np.zeros(0, np.int64)


@pytest.fixture
def view(qtbot: QtBot, themed: QApplication) -> MapView:
    view = MapView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    places = np.array([[0, 0], [10, 0], [0, 10], [10, 10], [5, 5]], np.float32)
    view.show_points(places, np.array([0, 1, 2, 0, 1]), np.array([False] * 4 + [True]))
    return view


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication) -> Iterator[EmbeddingPanel]:
    panel = EmbeddingPanel(plain_context(), digits_subject())
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.resize(1000, 640)
    panel.show()
    qtbot.waitUntil(child(panel, QPushButton, "drawMap").isEnabled, timeout=10_000)
    yield panel
    panel.shutdown()


def draw(panel: EmbeddingPanel, qtbot: QtBot, way: str = "directions") -> MapView:
    picker = child(panel, QComboBox, "mapWay")
    picker.setCurrentIndex(picker.findData(way))
    line = child(panel, QLabel, "mapLine")
    child(panel, QPushButton, "drawMap").click()
    qtbot.waitUntil(lambda: "pictures ·" in line.text(), timeout=30_000)
    return child(panel, MapView, "datasetMap")


def move(view: MapView, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    place = QPointF(view.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(view, QMouseEvent(kind, at, place, button, button, Qt.KeyboardModifier.NoModifier))


def lasso(view: MapView, corners: list[QPointF]) -> None:
    move(view, QEvent.Type.MouseButtonPress, corners[0])
    for corner in corners[1:]:
        move(view, QEvent.Type.MouseMove, corner)
    move(view, QEvent.Type.MouseButtonRelease, corners[-1])


def around(point: QPointF, by: float) -> list[QPointF]:
    return [point + QPointF(x, y) for x, y in ((-by, -by), (by, -by), (by, by), (-by, by))]


def test_points_fit_into_the_view_and_zooming_keeps_what_is_under_the_cursor() -> None:
    plane = Plane()
    plane.resize(400, 300)
    plane.show(np.array([[-3, 2], [5, 2], [1, 9]], np.float32))
    pixels = plane.pixels()
    assert (pixels > 0).all() and (pixels < (400, 300)).all()
    assert pixels[2, 1] < pixels[0, 1], "up is up"
    before = pixels[1].copy()
    plane.zoom_by(4, *before)
    assert plane.pixels()[1] == pytest.approx(before)
    assert np.ptp(plane.pixels()[:, 0]) == pytest.approx(4 * np.ptp(pixels[:, 0]))
    plane.pan_by(10, -20)
    assert plane.pixels()[1] == pytest.approx(before + np.array([10, -20]))
    plane.reset()
    assert plane.pixels() == pytest.approx(pixels)


def test_a_line_holds_what_lies_inside_even_where_it_bends() -> None:
    generator = np.random.default_rng(0)
    points = generator.uniform(0, 4, (500, 2))
    outline = np.array([(1, 1), (3, 1), (3, 3), (2, 3), (2, 2), (1, 2)], float)
    x, y = points.T
    expected = (x > 1) & (x < 3) & (y > 1) & ((y < 2) | ((x > 2) & (y < 3)))
    assert np.array_equal(inside(outline, points), expected)


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_every_class_has_a_shape_and_a_colour_and_wrong_ones_a_ring(look: object) -> None:
    assert look in (LIGHT, DARK)
    now = LIGHT if look is LIGHT else DARK
    painter = PointPainter(now, 1.0, 12)

    def drawn(place: int, *, wrong: bool) -> np.ndarray:
        marks = np.array([place]), np.array([wrong]), np.array([False])
        image = painter.paint(np.array([[20.0, 20.0]]), *marks, (41, 41))
        assert image.pixelColor(0, 0) == QColor(now.card)
        return np.frombuffer(image.constBits(), np.uint32).copy()

    assert len({drawn(place, wrong=wrong).tobytes() for place in range(12) for wrong in (False, True)}) == 24
    for place in range(6):  # of one colour
        first, second = (drawn(other, wrong=False) != QColor(now.card).rgb() for other in (place, place + 6))
        assert (first != second).sum() >= 4


def test_points_at_the_edges_are_cut_and_wrong_ones_lie_above() -> None:
    painter = PointPainter(LIGHT, 1.0, 2)
    pixels = np.array([[0.0, 0.0], [49.0, 49.0], [25, 25], [25, 25], [-40, 10]])
    wrong = np.array([False, False, True, False, False])
    image = painter.paint(pixels, np.array([0, 0, 1, 0, 1]), wrong, np.zeros(5, bool), (50, 50))
    assert image.pixelColor(0, 0) == QColor(LIGHT.series[0]) == image.pixelColor(49, 49)
    assert image.pixelColor(25, 25) == QColor(LIGHT.series[1])


def test_the_point_under_the_cursor_is_told_and_a_click_opens_it(view: MapView, qtbot: QtBot) -> None:
    at = view.position(3) + QPointF(4, 3)
    with qtbot.waitSignal(view.pointed) as told:
        move(view, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)
    assert told.args == [3]
    with qtbot.waitSignal(view.opened) as opened:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert opened.args == [3]
    with qtbot.waitSignal(view.pointed) as told:
        move(view, QEvent.Type.MouseMove, QPointF(3, 3), Qt.MouseButton.NoButton)
    assert told.args == [-1]


def test_a_line_chooses_what_is_seen(view: MapView, qtbot: QtBot) -> None:
    everything = [QPointF(1, 1), QPointF(398, 1), QPointF(398, 298), QPointF(1, 298)]
    with qtbot.waitSignal(view.chosen) as chosen:
        lasso(view, everything)
    assert chosen.args is not None and chosen.args[0].tolist() == [0, 1, 2, 3, 4]
    view.hide_points(np.array([True, False, False, False, False]))
    with qtbot.waitSignal(view.chosen) as chosen:
        lasso(view, around(view.position(0), 40))
    assert chosen.args is not None and chosen.args[0].tolist() == []
    with qtbot.waitSignal(view.chosen) as chosen:
        lasso(view, around(view.position(4), 30))
    assert chosen.args is not None and chosen.args[0].tolist() == [4]


def test_the_keys_go_from_point_to_point(view: MapView, qtbot: QtBot) -> None:
    view.setFocus()
    visited = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
        visited.append(view.current)
    assert visited[0] == 4 and visited[1] in (1, 3) and visited[2] == 3 and visited[3] in (2, 4)
    with qtbot.waitSignal(view.opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [visited[3]]
    with qtbot.waitSignal(view.chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert chosen.args is not None and chosen.args[0].tolist() == [visited[3]]
    with qtbot.waitSignal(view.chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert chosen.args is not None and not len(chosen.args[0])
    before = view.position(0)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.position(0) != before
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.position(0) == before
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.current == -1


def test_markers_grow_with_the_text(view: MapView) -> None:
    def marked() -> int:
        image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint32)
        return int((pixels != QColor(colors().card).rgb()).sum())

    before = marked()
    font = view.font()
    font.setPixelSize(26)
    view.setFont(font)
    assert marked() > 2.5 * before


def test_the_map_is_redrawn_when_the_window_changes_its_look(view: MapView, themed: QApplication) -> None:
    from cnn_desktop.ui.theme import apply_theme

    apply_theme(themed, "dark")
    try:
        assert view.grab().toImage().pixelColor(3, 3) == QColor(colors().card)
    finally:
        apply_theme(themed, "light")


def test_the_pictures_of_the_dataset_are_laid_out_and_wrong_ones_marked(panel: EmbeddingPanel, qtbot: QtBot) -> None:
    view = draw(panel, qtbot)
    model = panel.subject.model
    assert model is not None
    answers = answer_split(Classifier(model), open_model_dataset(model), "test")
    assert view.count == len(answers)
    text = child(panel, QLabel, "mapLine").text()
    assert f"{int((~answers.is_right).sum())} wrong, ringed" in text and "of the variance" in text
    assert panel._map is not None and np.array_equal(panel._map.is_wrong, ~answers.is_right)
    child(panel, QCheckBox, "mapWrongOnly").click()
    assert np.array_equal(~view._is_hidden, ~answers.is_right)


def test_classes_can_be_hidden(panel: EmbeddingPanel, qtbot: QtBot) -> None:
    view = draw(panel, qtbot)
    legend = child(panel, QListWidget, "mapLegend")
    assert legend.count() == 10
    legend.item(3).setCheckState(Qt.CheckState.Unchecked)
    assert panel._map is not None
    assert np.array_equal(view._is_hidden, panel._map.embedded.labels == 3)
    child(panel, QPushButton, "mapNoClasses").click()
    assert view._is_hidden.all()
    child(panel, QPushButton, "mapAllClasses").click()
    assert not view._is_hidden.any()


def test_what_a_line_chooses_is_shown_with_counts_and_a_click_looks_at_it(panel: EmbeddingPanel, qtbot: QtBot) -> None:
    view = draw(panel, qtbot)
    lasso(view, around(QPointF(view.width() / 2, view.height() / 2), 2000))
    grid = child(panel, PictureGrid, "pictureGrid")
    assert grid.count == view.count
    counts = child(panel, QLabel, "chosenCounts").text()
    assert "4 other classes" in counts and "wrong" in counts
    assert panel._map is not None
    first = grid.shown.refs[0]
    assert panel._map.is_wrong[np.flatnonzero(panel._map.embedded.indices == first.index)[0]], "wrong ones come first"
    with qtbot.waitSignal(panel.subject.picture_wanted) as wanted:
        grid.picture_clicked.emit(first)
    assert wanted.args is not None and wanted.args[0].name.startswith(f"test {first.index}")


def test_a_picture_is_shown_beside_its_point(panel: EmbeddingPanel, qtbot: QtBot) -> None:
    view = draw(panel, qtbot)
    at = view.position(11)
    QTest.mouseMove(view, QPoint(1, 1))
    move(view, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: view._bubble[1] is not None, timeout=10_000)
    point, picture, words = view._bubble
    assert point == view.current and picture is not None and picture.width() == 8 and words
    with qtbot.waitSignal(panel.subject.picture_wanted):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at.toPoint())


def test_neighbours_are_moved_together_in_sight_and_it_can_be_cancelled(panel: EmbeddingPanel, qtbot: QtBot) -> None:
    button = child(panel, QPushButton, "drawMap")
    first = draw(panel, qtbot)._plane.pixels()
    shown = panel._map
    picker = child(panel, QComboBox, "mapWay")
    picker.setCurrentIndex(picker.findData("neighbours"))
    button.click()
    qtbot.waitUntil(lambda: panel._map is not shown, timeout=30_000)
    assert panel._map is not None and not panel._map.is_final and button.text() == "Cancel"
    assert not np.allclose(panel._view._plane.pixels(), first)
    button.click()
    assert button.text() == "Draw" and not panel._drawing.is_running


def test_another_state_of_the_model_asks_for_another_map_of_the_same_pictures(
    panel: EmbeddingPanel, qtbot: QtBot
) -> None:
    view = draw(panel, qtbot)
    sizes = child(panel, QComboBox, "mapSize")
    assert view.count and sizes.count() == 1
    panel.subject.set_model("digits", trained_digits())
    assert view.count == 0 and panel._map is None and sizes.count() == 1
    assert child(panel, QPushButton, "drawMap").isEnabled()
    assert draw(panel, qtbot).count


def test_a_model_without_a_dataset_says_so(qtbot: QtBot, themed: QApplication) -> None:
    subject: Subject = digits_subject()
    assert subject.model is not None
    subject.model.figures.clear()
    panel = EmbeddingPanel(plain_context(), subject)
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.show()
    line = child(panel, QLabel, "mapLine")
    qtbot.waitUntil(lambda: "on which dataset" in line.text(), timeout=10_000)
    assert not child(panel, QPushButton, "drawMap").isEnabled()


def test_a_point_that_is_clicked_is_looked_at_by_the_page(qtbot: QtBot, themed: QApplication) -> None:
    example_run(model=trained_digits())
    page = InspectPage(plain_context())
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.resize(1200, 800)
    page.show()
    page.engine_ready()
    qtbot.waitUntil(lambda: page.subject.recording is not None, timeout=30_000)
    panel = page.tabs.choose("embedding")
    assert isinstance(panel, EmbeddingPanel)
    qtbot.waitUntil(child(panel, QPushButton, "drawMap").isEnabled, timeout=10_000)
    view = draw(panel, qtbot)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.position(123).toPoint())
    assert panel._map is not None
    expected = panel._map.dataset.splits["test"].name(panel._map.ref(view._nearest(view.position(123), 1)).index)
    qtbot.waitUntil(lambda: page.subject.picture is not None and page.subject.picture.name.startswith(expected))
    units = page.tabs.choose("units")
    assert child(units, QPushButton, "unitSearch").isEnabled()
