from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.pages.models.entries import AbsentWeights, ModelEntry
from cnn_desktop.ui.pages.models.picker import ModelPicker
from cnn_desktop.ui.pages.models.weights_panel import WeightsPanel
from cnn_desktop.ui.widgets.class_bars import ClassBars
from cnn_desktop.ui.widgets.drop_zone import DropZone, Overlay
from cnn_desktop.ui.widgets.picture_panel import PicturePanel


def files(*paths: Path | str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) if isinstance(path, Path) else QUrl(path) for path in paths])
    return data


def drop(zone: QWidget, data: QMimeData) -> None:
    """What Qt sends when something is dropped: it enters, then it falls."""
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(zone, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    QApplication.sendEvent(zone, QDropEvent(QPointF(5, 5), copy, data, left, none))


@pytest.fixture
def zone(qtbot: QtBot) -> DropZone:
    zone = DropZone("Drop here")
    qtbot.addWidget(zone)
    zone.resize(300, 200)
    zone.show()
    return zone


def test_dropped_files_arrive_all(qtbot: QtBot, zone: DropZone, tmp_path: Path) -> None:
    with qtbot.waitSignal(zone.paths_given) as given:
        drop(zone, files(tmp_path / "a.png", tmp_path / "b ü.png"))
    assert given.args == [[tmp_path / "a.png", tmp_path / "b ü.png"]]


def test_dropped_picture_data_arrives(qtbot: QtBot, zone: DropZone) -> None:
    data = QMimeData()
    data.setImageData(QImage(6, 4, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(zone.picture_given) as given:
        drop(zone, data)
    assert given.args is not None
    assert (given.args[0].width(), given.args[0].height()) == (6, 4)


def test_a_link_is_refused_with_a_reason(qtbot: QtBot, zone: DropZone) -> None:
    with qtbot.waitSignal(zone.refused) as refused:
        drop(zone, files("https://example.org/cat.jpg"))
    assert "on this machine" in str(refused.args)


def test_paste_takes_pictures_and_files_and_says_when_there_is_none(
    qtbot: QtBot, zone: DropZone, tmp_path: Path
) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setImage(QImage(3, 3, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(zone.picture_given):
        zone.paste()
    clipboard.setMimeData(files(tmp_path / "a.png"))
    with qtbot.waitSignal(zone.paths_given) as given:
        zone.paste()
    assert given.args == [[tmp_path / "a.png"]]
    clipboard.setText("no picture")
    with qtbot.waitSignal(zone.refused):
        zone.paste()


@pytest.mark.parametrize("way", ["click", "enter", "space"])
def test_mouse_and_keys_browse(
    qtbot: QtBot, zone: DropZone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    chosen = ([str(tmp_path / "a.png")], "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", staticmethod(lambda *_args: chosen))
    with qtbot.waitSignal(zone.paths_given) as given:
        if way == "click":
            QTest.mouseClick(zone, Qt.MouseButton.LeftButton)
        else:
            QTest.keyClick(zone, Qt.Key.Key_Return if way == "enter" else Qt.Key.Key_Space)
    assert given.args == [[tmp_path / "a.png"]]


def test_the_picture_is_drawn_fitted_and_centred(zone: DropZone) -> None:
    red = QImage(200, 50, QImage.Format.Format_RGB32)
    red.fill(Qt.GlobalColor.red)
    zone.clearFocus()
    zone.show_picture(red, "red.png")
    drawn = zone.grab().toImage()
    assert drawn.pixelColor(150, 100).red() == 255
    assert drawn.pixelColor(20, 100).red() == 255
    assert drawn.pixelColor(150, 20).green() > 100  # above the wide picture there is ground
    assert zone.accessibleDescription() == "red.png"


def test_the_table_says_name_and_percentage(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.show_classes([("Egyptian cat", 0.612), ("tabby", 0.2014)])
    model = bars.model()
    assert model.rowCount() == 2
    assert model.columnCount() == 2
    assert model.index(0, 0).data() == "Egyptian cat"
    assert model.index(0, 1).data() == "61.2 %"
    assert model.index(1, 1).data(Qt.ItemDataRole.UserRole) == 0.2014
    bars.show_classes([])
    assert model.rowCount() == 0


def test_bars_are_as_long_as_probabilities(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.resize(400, 400)
    bars.show_classes([("half", 0.5), ("quarter", 0.25)])
    bars.show()
    drawn = bars.grab().toImage()

    def filled(row: int) -> float:
        area = bars.visualRect(bars.model().index(row, 0))
        y = area.bottom() - 7
        colours = [drawn.pixelColor(x, y).name() for x in range(bars.viewport().width())]
        return sum(colour == colours[8] for colour in colours) / len(colours)

    assert filled(0) == pytest.approx(0.5, abs=0.05)
    assert filled(1) == pytest.approx(0.25, abs=0.05)


def test_arrows_show_only_with_several_pictures(qtbot: QtBot) -> None:
    panel = PicturePanel("Drop here")
    qtbot.addWidget(panel)
    panel.show()
    on = panel.findChild(QToolButton, "nextPicture")
    back = panel.findChild(QToolButton, "previousPicture")
    assert not on.isVisible()
    panel.show_place(0, 3)
    assert on.isVisible()
    assert (back.isEnabled(), on.isEnabled()) == (False, True)
    with qtbot.waitSignal(panel.stepped) as stepped:
        on.click()
    assert stepped.args == [1]
    panel.show_place(2, 3)
    assert (back.isEnabled(), on.isEnabled()) == (True, False)


def test_the_picker_groups_models_and_keeps_the_choice(qtbot: QtBot) -> None:
    picker = ModelPicker()
    qtbot.addWidget(picker)
    run, other = (ModelEntry(f"/runs/{n}", f"Run {n}", "", "run") for n in (1, 2))
    vgg = ModelEntry("vgg16", "VGG16", "", "pretrained", is_present=False)
    picker.show_entries([run, vgg])
    assert picker.ref == ""
    assert picker.choose("vgg16")
    picker.show_entries([other, run, vgg])
    assert picker.ref == "vgg16"
    selectable = [
        picker.itemData(row)
        for row in range(picker.count())
        if picker.model().flags(picker.model().index(row, 0)) & Qt.ItemFlag.ItemIsSelectable
    ]
    assert selectable == ["/runs/2", "/runs/1", "vgg16", "?more", "?file"]
    assert not picker.choose("gone")


def test_absent_weights_are_asked_for_with_size_and_place(qtbot: QtBot, tmp_path: Path) -> None:
    panel = WeightsPanel()
    qtbot.addWidget(panel)
    panel.ask(AbsentWeights("vgg16", "VGG16", 553_000_000, tmp_path, "vgg16-397923af.pth"))
    text = panel.text()
    assert "VGG16" in text
    assert "553 MB" in text
    assert str(tmp_path) in text
    with qtbot.waitSignal(panel.download_asked) as asked:
        panel.findChild(QPushButton, "weightsDownloadButton").click()
    assert asked.args == ["vgg16"]
    panel.row.show_progress(100_000_000, 553_000_000)
    cancel = panel.findChild(QPushButton, "weightsCancelButton")
    assert cancel.isVisibleTo(panel)
    assert not panel.findChild(QPushButton, "weightsDownloadButton").isVisibleTo(panel)
    assert "100 MB of 553 MB" in panel.text()
    with qtbot.waitSignal(panel.cancel_asked):
        cancel.click()


def test_a_low_best_class_does_not_stand_out(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.resize(300, 200)
    bars.show_classes([("cat", 0.4), ("dog", 0.35)])
    assert not bars.is_unsure
    sure = bars.grab().toImage()
    bars.set_unsure_below(0.5)
    assert bars.is_unsure
    assert bars.grab().toImage() != sure
    bars.set_unsure_below(0.3)
    assert not bars.is_unsure
    bars.show_classes(())
    assert not bars.is_unsure


def test_a_class_is_chosen_by_mouse_or_keys_and_marked_in_silence(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.resize(300, 200)
    bars.show()
    bars.show_classes([("cat", 0.9), ("dog", 0.1)])
    chosen: list[int] = []
    bars.chosen.connect(chosen.append)
    bars.mark(0)
    assert bars.current == 0 and chosen == []
    place = bars.visualRect(bars.model().index(1, 0)).center()
    QTest.mouseClick(bars.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.keyClick(bars, Qt.Key.Key_Up)
    assert chosen == [1, 0]
    bars.mark(-1)
    assert bars.current == -1


def test_the_text_of_an_address_is_taken_for_the_file(qtbot: QtBot, zone: DropZone, tmp_path: Path) -> None:
    first, second = tmp_path / "a b ü.png", tmp_path / "c.png"
    data = QMimeData()
    data.setText(f'{first.as_uri()}\n"{second}"\n')
    with qtbot.waitSignal(zone.paths_given) as given:
        drop(zone, data)
    assert given.args == [[first, second]]
    QGuiApplication.clipboard().setText(str(second))
    with qtbot.waitSignal(zone.paths_given) as given:
        zone.paste()
    assert given.args == [[second]]


@pytest.mark.parametrize(
    "text", ["a cat", "https://example.org/cat.png", "/a.png\nand more", "file:", "  \n ", "~no-such-person/a"]
)
def test_other_text_is_refused_in_a_sentence(qtbot: QtBot, zone: DropZone, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    with qtbot.waitSignal(zone.refused) as refused:
        zone.paste()
    assert "no address of a file on this machine" in refused.args[0]


def test_an_overlay_lies_over_its_part_of_the_picture_only(zone: DropZone) -> None:
    white = QImage(100, 50, QImage.Format.Format_RGB32)
    white.fill(Qt.GlobalColor.white)
    red = QImage(8, 8, QImage.Format.Format_RGBA8888)
    red.fill(Qt.GlobalColor.red)
    zone.show_picture(white)
    zone.show_overlay(Overlay(red, QRectF(0.5, 0, 0.5, 1)))
    inside, outside = QPoint(225, 100), QPoint(75, 100)
    drawn = zone.grab().toImage()
    assert drawn.pixelColor(inside) == Qt.GlobalColor.red
    assert drawn.pixelColor(outside) == Qt.GlobalColor.white
    zone.set_overlay_opacity(0.5)
    assert 100 < zone.grab().toImage().pixelColor(inside).green() < 150
    zone.show_picture(white)
    assert zone.overlay is None
    assert zone.grab().toImage().pixelColor(inside) == Qt.GlobalColor.white
