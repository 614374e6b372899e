"""The settings of a run: that each can be set, is explained, comes back as it was, and is marked where it differs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QScrollArea,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.ui.pages.train.augmentation_field import AugmentationField
from cnn_desktop.ui.pages.train.engine import ArchitectureChoice, DatasetChoice, StartChoice
from cnn_desktop.ui.pages.train.setting import Setting, value_at
from cnn_desktop.ui.pages.train.settings_card import SettingsCard
from cnn_desktop.ui.widgets.section import Section
from tests.ui.conftest import child

SMALL = ArchitectureChoice("small", "Small", "A small one.", Recipe(), 0, False)
LARGE = ArchitectureChoice("large", "Large", "A large one.", Recipe(epochs=90, optimizer="sgd"), 14_000_000, False)
FLIPS = Recipe(augmentation=Augmentation(horizontal_flip=True, crop_padding=1))
FLIPPING = ArchitectureChoice("flipping", "Flipping", "", FLIPS, 0, False, {"digits": FLIPS.without_flips()})
DIGITS = DatasetChoice("digits", "Digits", 1797, 10, True, 0)
FLOWERS = DatasetChoice("flowers", "Flowers", 3670, 5, True, 0)

ELSEWHERE = {
    *("schema_version", "dataset", "architecture", "design", "recipe"),
    *("pretrained", "start_from", "data_root", "run_dir"),
}
"""Fields of a RunConfig that aren't settings of the form: pickers of their own, or none of a person's business."""

UNUSUAL = RunConfig(
    dataset="flowers",
    architecture="large",
    recipe=Recipe(
        epochs=7,
        steps=1234,
        early_stopping=5,
        batch_size=48,
        accumulation=3,
        optimizer="sgd",
        learning_rate=1.23456789012e-5,
        momentum=0.85,
        nesterov=True,
        weight_decay=5e-4,
        clip_norm=1.0,
        ema_decay=0.9999,
        schedule="one_cycle",
        warmup_epochs=2.5,
        layer_decay=0.812345,
        norm_bias_rate=63.5,
        unfreeze_every=0.5,
        label_smoothing=0.123456,
        class_weights="balanced",
        augmentation=Augmentation(
            horizontal_flip=True,
            vertical_flip=True,
            crop_padding=3,
            rotation=12.123456789,
            shear=0.1,
            zoom=0.97,
            translation=0.123456,
            brightness=0.654321,
            contrast=0.1,
            saturation=1,
            hue=0.0123456,
            erasing=0.25,
            mixup=0.4,
            cutmix=1.5,
        ),
    ),
    image_size=96,
    val_fraction=0.173,
    seed=2**40 + 1,
    device="cpu",
    precision="fp32",
    deterministic=True,
    freeze=4,
)


@pytest.fixture
def card(qtbot: QtBot, themed: QApplication) -> Iterator[SettingsCard]:
    card = SettingsCard()
    card.form.essentials.show_devices([("cpu", "CPU: two cores")])
    card.show_choices([DIGITS, FLOWERS], [SMALL, LARGE, FLIPPING], (), "digits", "small")
    card.show_state("idle")
    card.resize(336, 2400)
    card.show()
    yield card
    card.close()
    shiboken6.delete(card)  # widgets that wait for their end would slow every later change of theme


def settings_of(card: SettingsCard) -> dict[str, Setting]:
    return {setting.key: setting for setting in card.findChildren(Setting)}


def choose(card: SettingsCard, name: str, data: str) -> None:
    picker = child(card, QComboBox, name)
    assert picker.findData(data) >= 0, (name, data)
    picker.setCurrentIndex(picker.findData(data))


def test_every_field_of_a_run_can_be_set(card: SettingsCard) -> None:
    fields = set(RunConfig.model_fields) - ELSEWHERE | {f"recipe.{name}" for name in Recipe.model_fields}
    assert set(settings_of(card)) == fields


def test_every_setting_is_named_and_explained_in_a_sentence(card: SettingsCard) -> None:
    for key, setting in settings_of(card).items():
        label = setting.findChild(QLabel)
        assert label is not None and label.text().strip(" •"), key
        assert setting.toolTip().endswith((".", "…")), key
        buddy = label.buddy()
        assert buddy is not None and buddy.accessibleName(), key


def test_what_a_run_was_is_shown_and_read_back_exactly(card: SettingsCard) -> None:
    card.show_config(UNUSUAL)
    assert card.config() == UNUSUAL


def test_a_touched_field_is_read_as_it_is_shown(card: SettingsCard) -> None:
    card.show_config(UNUSUAL)
    child(card, QDoubleSpinBox, "learningRateSpin").stepBy(1)
    child(card, QSpinBox, "seedSpin").setValue(3)
    child(card, QSpinBox, "stepsSpin").setValue(0)
    assert card.config().recipe.learning_rate == pytest.approx(2e-5)
    assert card.config().seed == 3
    assert card.config().recipe.steps is None


def test_a_device_that_is_not_here_becomes_automatic(card: SettingsCard) -> None:
    card.show_config(UNUSUAL.changed(device="cuda:3"))
    assert card.config().device == "auto"


def test_a_second_look_at_the_machine_leaves_the_choices_alone(card: SettingsCard) -> None:
    card.show_config(UNUSUAL)
    choose(card, "startPicker", "?pretrained")
    before = card.config()
    card.form.essentials.show_devices([("cuda:0", "CUDA: a card"), ("cpu", "CPU: two cores")])
    card.show_choices([DIGITS, FLOWERS], [SMALL, replace(LARGE, pretrained_present=True)], (), "digits", "small")
    assert card.config() == before
    assert child(card, QComboBox, "startPicker").currentText() == "Pretrained weights (ImageNet)"


def test_an_architecture_brings_its_recipe_and_a_dataset_leaves_it_alone(card: SettingsCard) -> None:
    choose(card, "architecturePicker", "large")
    assert card.config().recipe == LARGE.recipe
    child(card, QSpinBox, "epochsSpin").setValue(11)
    child(card, QSpinBox, "seedSpin").setValue(5)
    choose(card, "datasetPicker", "flowers")
    assert (card.config().dataset, card.config().recipe.epochs) == ("flowers", 11)
    choose(card, "architecturePicker", "small")
    assert card.config().recipe == SMALL.recipe
    assert card.config().seed == 5


def test_what_is_recommended_follows_the_dataset_unless_one_wishes_otherwise(card: SettingsCard) -> None:
    choose(card, "architecturePicker", "flipping")
    assert card.config().recipe == FLIPS.without_flips()
    assert not card.config().recipe.augmentation.horizontal_flip
    choose(card, "datasetPicker", "flowers")
    assert card.config().recipe == FLIPS
    child(card, QSpinBox, "epochsSpin").setValue(11)
    choose(card, "datasetPicker", "digits")
    assert card.config().recipe == FLIPS.without_flips().changed(epochs=11)
    card.show_augmentation(AUGMENTATION_PRESETS["strong"])
    for dataset in ("flowers", "digits"):
        choose(card, "datasetPicker", dataset)
        assert card.config().recipe.augmentation == AUGMENTATION_PRESETS["strong"]


def test_what_differs_is_marked_counted_and_given_back(card: SettingsCard) -> None:
    text, reset = child(card, QLabel, "changesText"), child(card, QAbstractButton, "useRecommendedButton")
    assert not reset.isVisible()
    child(card, QSpinBox, "epochsSpin").setValue(3)
    choose(card, "schedulePicker", "cosine")
    epochs = settings_of(card)["recipe.epochs"]
    label = epochs.findChild(QLabel)
    assert label is not None and label.text() == "Epochs •"
    assert "Recommended: 10." in epochs.toolTip()
    assert "Recommended: Constant." in settings_of(card)["recipe.schedule"].toolTip()
    assert text.text() == "2 settings differ"
    assert child(card, QAbstractButton, "rateSection").accessibleDescription() == "1 changed"
    reset.click()
    assert card.config().recipe == SMALL.recipe
    assert label.text() == "Epochs"
    assert not reset.isVisible()


def test_only_sgd_has_momentum(card: SettingsCard) -> None:
    child(card, QAbstractButton, "rateSection").setChecked(True)
    momentum, nesterov = child(card, QWidget, "momentumSpin"), child(card, QCheckBox, "nesterovCheck")
    choose(card, "optimizerPicker", "adam")
    assert not momentum.isVisible()
    choose(card, "optimizerPicker", "sgd")
    assert momentum.isVisible()
    assert nesterov.isVisible()


def test_augmentation_is_a_preset_or_made_of_parts(card: SettingsCard) -> None:
    preset = child(card, QComboBox, "augmentationPicker")
    choose(card, "augmentationPicker", "tutorial")
    assert card.config().recipe.augmentation == AUGMENTATION_PRESETS["tutorial"]
    assert child(card, QDoubleSpinBox, "shearSpin").value() == pytest.approx(0.2)
    child(card, QDoubleSpinBox, "rotationSpin").setValue(15)
    assert preset.currentText() == "Custom"
    assert card.config().recipe.augmentation == AUGMENTATION_PRESETS["tutorial"].changed(rotation=15)
    child(card, QDoubleSpinBox, "rotationSpin").setValue(0)
    assert preset.currentData() == "tutorial"
    assert preset.findText("Custom") < 0


def test_every_part_of_an_augmentation_has_a_field_that_is_explained(card: SettingsCard) -> None:
    field = settings_of(card)["recipe.augmentation"].editor
    assert isinstance(field, AugmentationField)
    strong = AUGMENTATION_PRESETS["strong"]
    card.show_augmentation(strong)
    assert child(card, QAbstractButton, "dataSection").isChecked()
    assert child(card, QComboBox, "augmentationPicker").currentText() == "Strong"
    assert child(card, QDoubleSpinBox, "hueSpin").isVisible()
    assert card.config().recipe.augmentation == strong
    child(card, QCheckBox, "verticalFlipCheck").setChecked(True)
    child(card, QDoubleSpinBox, "cutmixSpin").setValue(0)
    assert card.config().recipe.augmentation == strong.changed(vertical_flip=True, cutmix=0)
    assert field.words(card.config().recipe.augmentation).startswith("flip,vflip,rotate=15")
    for part in (*card.findChildren(QSpinBox), *card.findChildren(QDoubleSpinBox), *card.findChildren(QCheckBox)):
        if field.isAncestorOf(part):
            assert part.toolTip().endswith("."), part.objectName()
            assert part.accessibleName() or (isinstance(part, QCheckBox) and part.text()), part.objectName()


def test_colours_and_mixing_wait_behind_a_link(card: SettingsCard) -> None:
    child(card, QAbstractButton, "dataSection").setChecked(True)
    hue, more = child(card, QWidget, "hueSpin"), child(card, QAbstractButton, "moreAugmentation")
    assert not hue.isVisible()
    more.click()
    assert hue.isVisible()
    assert not more.isVisible()


def test_a_run_starts_from_what_fits_the_architecture(card: SettingsCard) -> None:
    picker = child(card, QComboBox, "startPicker")
    assert picker.findData("?pretrained") < 0
    runs = [StartChoice(Path("/runs/a"), "Run a", "large"), StartChoice(Path("/runs/b"), "Run b", "small")]
    card.start.show_choices(runs)
    assert picker.findData("/runs/b") >= 0 > picker.findData("/runs/a")
    choose(card, "startPicker", "/runs/b")
    assert card.config().start_from == Path("/runs/b")
    choose(card, "architecturePicker", "large")
    assert card.config().start_from is None
    assert "14 MB to download" in picker.itemText(picker.findData("?pretrained"))
    choose(card, "startPicker", "?pretrained")
    assert card.config().pretrained
    card.start.show_choices([])
    assert card.config().pretrained
    card.start.choose_file(Path("/models/mine.cnnmodel"))
    assert (card.config().pretrained, card.config().start_from) == (False, Path("/models/mine.cnnmodel"))


def test_the_sentence_on_exactness_follows_device_and_mode(card: SettingsCard) -> None:
    sentence, mode = child(card, QLabel, "exactnessSentence"), child(card, QCheckBox, "deterministicCheck")
    assert sentence.text().startswith("Bit-exact on this processor")
    card.form.exactness.show_device(False, "bf16")
    assert sentence.text().startswith("Not bit-exact on a GPU")
    mode.setChecked(True)
    assert sentence.text().startswith("Bit-exact on this GPU")
    assert child(card, QComboBox, "precisionPicker").itemText(0) == "auto: bf16"


def test_during_a_run_only_the_rate_can_be_changed(card: SettingsCard) -> None:
    asked: list[float] = []
    card.form.essentials.rate_asked.connect(asked.append)
    rate, link = child(card, QDoubleSpinBox, "learningRateSpin"), child(card, QAbstractButton, "findRateButton")
    planned = card.config()
    card.show_state("running")
    fields = [child(card, QWidget, name) for name in ("datasetPicker", "epochsSpin", "startPicker", "devicePicker")]
    assert not any(field.isEnabled() for field in fields)
    assert rate.isEnabled()
    assert not card.estimate.isVisible()
    card.form.essentials.show_running_rate(0.000512345)
    assert rate.value() == pytest.approx(0.000512)
    assert not link.isEnabled()
    rate.setValue(0.02)
    card.form.essentials.show_running_rate(0.0005)
    assert rate.value() == pytest.approx(0.02), "what a person types must not be overwritten"
    assert (link.text(), link.isEnabled()) == ("Set", True)
    link.click()
    assert asked == [0.02]
    assert card.config() == planned, "the settings are those of the next run"
    card.show_state("stopping")
    assert not rate.isEnabled()
    card.show_state("idle")
    assert rate.value() == planned.recipe.learning_rate
    assert link.text() == "Find…"


def test_sections_open_by_mouse_and_keyboard_and_come_into_sight(card: SettingsCard, qtbot: QtBot) -> None:
    card.resize(336, 500)
    header = child(card, QAbstractButton, "dataSection")
    size = child(card, QWidget, "imageSizeSpin")
    assert not size.isVisible()
    header.setFocus()
    qtbot.keyClick(header, Qt.Key.Key_Space)
    assert size.isVisible()
    scroll = child(card, QScrollArea, "settingsScroll")
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().value() > 0)
    qtbot.waitUntil(lambda: not size.visibleRegion().isEmpty())


def test_no_label_is_cut_and_nothing_sticks_out(card: SettingsCard, qtbot: QtBot) -> None:
    choose(card, "architecturePicker", "large")
    child(card, QSlider, "freezeSlider").setMaximum(8)
    child(card, QSlider, "freezeSlider").setValue(2)
    for section in card.findChildren(Section):
        section.set_open(True)
    card.form.recommend(UNUSUAL)  # marked captions are the widest
    qtbot.wait(50)
    labels = [label for label in card.findChildren(QLabel) if label.isVisible() and not label.wordWrap()]
    assert len(labels) > 30
    assert [label.text() for label in labels if label.width() < label.sizeHint().width()] == []
    scroll = child(card, QScrollArea, "settingsScroll")
    inside = scroll.widget()
    assert inside is not None
    assert inside.width() <= scroll.viewport().width()


@pytest.mark.parametrize("name", ["epochsSpin", "optimizerPicker", "freezeSlider"])
def test_a_passing_wheel_changes_nothing(card: SettingsCard, name: str) -> None:
    before = card.config()
    child(card, QSlider, "freezeSlider").setMaximum(8)
    field = child(card, QWidget, name)
    none, middle = Qt.MouseButton.NoButton, QPointF(8, 8)
    wheel = QWheelEvent(
        middle,
        field.mapToGlobal(middle),
        QPoint(0, -120),
        QPoint(0, -120),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, wheel)
    assert card.config() == before


def test_value_at_follows_dots() -> None:
    assert value_at(UNUSUAL, "recipe.epochs") == 7
    assert value_at(UNUSUAL, "seed") == 2**40 + 1
