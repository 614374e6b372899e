"""The augmentation panel, driven as a person would drive it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.settings import Settings
from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.data.augmentation.preview_work import Previewer
from cnn_desktop.ui.pages.data.augmentation_panel import AugmentationPanel
from cnn_desktop.ui.pages.data.session import DatasetSession
from tests.ui.conftest import child
from tests.ui.picture_folders import make_folder

NUMBERS = [name for name, field in Augmentation.model_fields.items() if field.annotation is not bool]
SWITCHES = {"horizontal_flip": "horizontalFlipCheck", "vertical_flip": "verticalFlipCheck"}


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication, tmp_path: Path) -> Iterator[AugmentationPanel]:
    session = DatasetSession()
    panel = AugmentationPanel(AppContext(SettingsStore(Settings(architecture="cifar_vgg6"), None)), session)
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.show()
    with qtbot.waitSignal(session.opened, timeout=10_000):
        session.open(str(make_folder(tmp_path / "animals")))
    assert panel.controls.read() == AUGMENTATION_PRESETS["light"]  # so that there is something to see
    panel.controls.write(Augmentation())
    settle(qtbot, panel)
    yield panel
    panel.shutdown()
    session.shutdown()


def settle(qtbot: QtBot, panel: AugmentationPanel) -> None:
    qtbot.waitUntil(lambda: not panel._work.is_running, timeout=20_000)


def image(qtbot: QtBot, panel: AugmentationPanel) -> QImage:
    settle(qtbot, panel)
    assert panel.view.preview is not None
    return panel.view.preview.image


def click(panel: AugmentationPanel, name: str) -> None:
    child(panel, QAbstractButton, name).click()


def test_every_part_of_an_augmentation_has_a_slider_or_a_switch(panel: AugmentationPanel) -> None:
    assert {*NUMBERS, *SWITCHES} == set(Augmentation.model_fields)
    for name in NUMBERS:
        slider = child(panel, QSlider, f"{name}Slider")
        slider.setValue(slider.maximum() // 2)
        changed = {field for field, value in panel.controls.read().model_dump().items() if value}
        assert changed == {name}
        assert slider.accessibleName()
        assert child(panel, QLabel, f"{name}SliderValue").text() != "off"
        slider.setValue(0)
        assert child(panel, QLabel, f"{name}SliderValue").text() == "off"
    for name, switch in SWITCHES.items():
        click(panel, switch)
        assert getattr(panel.controls.read(), name)


def test_moving_a_slider_changes_the_variants_and_only_them(qtbot: QtBot, panel: AugmentationPanel) -> None:
    before = image(qtbot, panel)
    child(panel, QSlider, "rotationSlider").setValue(90)
    after = image(qtbot, panel)
    assert after != before
    child(panel, QSlider, "rotationSlider").setValue(0)
    assert image(qtbot, panel) == before


def test_other_dice_give_other_variants_and_the_same_dice_the_same(qtbot: QtBot, panel: AugmentationPanel) -> None:
    panel.controls.write(AUGMENTATION_PRESETS["tutorial"])
    first = image(qtbot, panel)
    click(panel, "otherDice")
    assert image(qtbot, panel) != first
    child(panel, QSpinBox, "augmentationSeed").setValue(0)
    assert image(qtbot, panel) == first


@pytest.mark.parametrize("name", AUGMENTATION_PRESETS)
def test_a_preset_fills_all_parts_and_is_recognised(panel: AugmentationPanel, name: str) -> None:
    preset = child(panel, QComboBox, "augmentationPreset")
    preset.setCurrentIndex((preset.findData(name) + 1) % 4)
    preset.setCurrentIndex(preset.findData(name))
    assert panel.controls.read() == AUGMENTATION_PRESETS[name]
    assert child(panel, QLineEdit, "augmentationText").text() == str(AUGMENTATION_PRESETS[name])


def test_a_changed_part_makes_it_ones_own(panel: AugmentationPanel) -> None:
    preset = child(panel, QComboBox, "augmentationPreset")
    panel.controls.write(AUGMENTATION_PRESETS["light"])
    child(panel, QSlider, "crop_paddingSlider").setValue(5)
    assert preset.currentText() == "Custom"
    child(panel, QSlider, "crop_paddingSlider").setValue(4)
    assert preset.currentData() == "light"
    assert preset.count() == 4


def test_a_text_is_taken_and_copied(qtbot: QtBot, panel: AugmentationPanel) -> None:
    text = child(panel, QLineEdit, "augmentationText")
    text.setText(" flip,rotate=12.5,zoom=0.333 ")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert panel.controls.read() == Augmentation(horizontal_flip=True, rotation=12.5, zoom=0.333)
    click(panel, "copyAugmentation")
    assert QGuiApplication.clipboard().text() == "flip,rotate=12.5,zoom=0.333"
    text.setText("flip,spin=3")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert "spin" in child(panel, QLabel, "augmentationTextError").text()
    assert panel.controls.read().rotation == 12.5


def test_it_is_used_for_training(qtbot: QtBot, panel: AugmentationPanel) -> None:
    panel.controls.write(AUGMENTATION_PRESETS["strong"])
    pages: list[str] = []
    panel._context.page_asked.connect(lambda name, _model: pages.append(name))
    with qtbot.waitSignal(panel._context.augmentation_asked) as asked:
        click(panel, "useForTraining")
    assert asked.args == [AUGMENTATION_PRESETS["strong"]]
    assert pages == ["Train"]


def test_arrows_and_chance_choose_another_picture(qtbot: QtBot, panel: AugmentationPanel) -> None:
    first = image(qtbot, panel)
    click(panel, "nextVariantPicture")
    assert panel.view.preview is not None
    assert image(qtbot, panel) != first
    click(panel, "previousVariantPicture")
    assert image(qtbot, panel) == first
    click(panel, "previousVariantPicture")
    assert panel._place.text() == "54 of 54"  # six of sixty are kept for validation
    seen = set()
    for _number in range(20):
        click(panel, "anyVariantPicture")
        seen.add(panel._place.text())
    assert len(seen) > 5


def test_the_picture_chosen_elsewhere_is_shown(qtbot: QtBot, panel: AugmentationPanel) -> None:
    panel._session.choose(PictureRef("validation", 3))
    settle(qtbot, panel)
    assert panel.view.preview is not None
    assert panel.view.preview.order.ref == PictureRef("validation", 3)
    assert panel._place.text() == "4 of 6"


def test_a_picture_that_left_the_dataset_is_not_asked_for(qtbot: QtBot, panel: AugmentationPanel) -> None:
    click(panel, "previousVariantPicture")
    settle(qtbot, panel)
    assert panel._session.dataset is not None
    keys = panel._session.dataset.splits["train"].all_keys()
    with qtbot.waitSignal(panel._session.changed, timeout=10_000):
        panel._session.leave_out(keys[20:], "by hand")
    settle(qtbot, panel)
    assert panel._place.text().startswith("1 of ")


def test_an_unreadable_picture_is_said(qtbot: QtBot, panel: AugmentationPanel) -> None:
    assert panel._session.dataset is not None and panel._session.dataset.folder is not None
    key = panel._session.dataset.splits["train"].key(1)
    (panel._session.dataset.folder / key).write_bytes(b"nothing")
    click(panel, "nextVariantPicture")
    settle(qtbot, panel)
    assert Path(key).name in panel._empty.message.text()
    click(panel, "nextVariantPicture")
    settle(qtbot, panel)
    assert panel._stack.currentWidget() is panel.view


def test_the_window_answers_while_variants_are_computed(
    qtbot: QtBot, panel: AugmentationPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = Previewer.preview

    def slow(self: Previewer, *args: object) -> object:
        time.sleep(0.3)
        return preview(self, *args)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Previewer, "preview", slow)
    slider = child(panel, QSlider, "zoomSlider")
    frames = panel.view.frames_painted
    began = time.perf_counter()
    for value in range(1, 41):
        slider.setValue(value)
        QApplication.processEvents()
    assert time.perf_counter() - began < 0.3 * 40 / 2
    settle(qtbot, panel)
    qtbot.waitUntil(lambda: panel.view.frames_painted > frames)
    assert panel.view.preview is not None
    assert panel.view.preview.order.augmentation.zoom == pytest.approx(0.4)  # the newest, not one on the way


def test_nothing_is_computed_while_nobody_looks(qtbot: QtBot, panel: AugmentationPanel) -> None:
    panel.hide()
    child(panel, QSlider, "shearSlider").setValue(50)
    assert not panel._work.is_running
    panel.show()
    settle(qtbot, panel)
    assert panel.view.preview is not None
    assert panel.view.preview.order.augmentation.shear == 0.5


def test_without_a_dataset_it_says_what_to_do(qtbot: QtBot, themed: QApplication) -> None:
    panel = AugmentationPanel(AppContext(SettingsStore(Settings(), None)), DatasetSession())
    qtbot.addWidget(panel)
    panel.show()
    assert "Open a dataset" in panel._empty.message.text()
    assert not panel.controls.isEnabled()


def test_grey_pictures_offer_no_colours(qtbot: QtBot, panel: AugmentationPanel) -> None:
    assert child(panel, QSlider, "hueSlider").isEnabled()
    with qtbot.waitSignal(panel._session.opened, timeout=10_000):
        panel._session.open("digits")
    settle(qtbot, panel)
    assert not child(panel, QSlider, "hueSlider").isEnabled()
    assert child(panel, QSlider, "brightnessSlider").isEnabled()
