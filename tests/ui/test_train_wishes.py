"""What other pages ask of the next run."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.train.engine import ArchitectureChoice, DatasetChoice
from cnn_desktop.ui.pages.train.settings_card import SettingsCard
from cnn_desktop.ui.pages.train.wishes import Wishes
from tests.ui.conftest import child

OWN = Augmentation(rotation=33, hue=0.1, cutmix=0.5)


@pytest.fixture
def card(qtbot: QtBot, themed: QApplication) -> Iterator[SettingsCard]:
    card = SettingsCard()
    yield card
    card.close()
    shiboken6.delete(card)


@pytest.fixture
def context(card: SettingsCard) -> AppContext:
    return AppContext(SettingsStore(Settings(), None), card)


def _show_choices(card: SettingsCard) -> None:
    architectures = [ArchitectureChoice(name, name.title(), "One.", Recipe(), 0, False) for name in ("small", "large")]
    card.show_choices([DatasetChoice("digits", "Digits", 1797, 10, True, 0)], architectures, (), "digits", "small")


def test_an_augmentation_is_taken_up_as_it_is(card: SettingsCard, context: AppContext) -> None:
    wishes = Wishes(card, context, lambda: False, card)
    _show_choices(card)
    wishes.fulfil()
    context.augmentation_asked.emit(AUGMENTATION_PRESETS["strong"])
    assert card.config().recipe == Recipe(augmentation=AUGMENTATION_PRESETS["strong"])
    context.augmentation_asked.emit(OWN)
    assert child(card, QComboBox, "augmentationPicker").currentText() == "Custom"
    assert card.config().recipe == Recipe(augmentation=OWN)


def test_what_was_asked_too_early_is_kept_in_its_order(card: SettingsCard, context: AppContext) -> None:
    wishes = Wishes(card, context, lambda: False, card)
    context.repeat_asked.emit(RunConfig(dataset="digits", architecture="large", recipe=Recipe(epochs=77)))
    context.augmentation_asked.emit(OWN)
    _show_choices(card)
    wishes.fulfil()
    assert card.config().architecture == "large"
    assert card.config().recipe == Recipe(epochs=77, augmentation=OWN)
    context.augmentation_asked.emit(Augmentation())
    wishes.fulfil()
    assert card.config().recipe.augmentation.is_none, "fulfilled once only"


def test_the_settings_of_a_run_hold_still(card: SettingsCard, context: AppContext, qtbot: QtBot) -> None:
    Wishes(card, context, lambda: True, card)
    _show_choices(card)
    with qtbot.waitSignal(context.message_sent) as told:
        context.augmentation_asked.emit(OWN)
    assert "under way" in told.args[0]
    assert card.config().recipe.augmentation.is_none
