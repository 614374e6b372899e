import pytest

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.train.runs.comparing import differences, settings_in_use, settings_of


def config(**recipe: object) -> RunConfig:
    return RunConfig(dataset="digits", architecture="mnist_cnn", recipe=Recipe().changed(**recipe))


def test_every_setting_has_words() -> None:
    fields = set(RunConfig.model_fields) | set(Recipe.model_fields)
    assert {setting.name for setting in settings_of(config())} == fields - {"schema_version", "run_dir", "recipe"}


def test_settings_in_words() -> None:
    words = {setting.title: setting.value for setting in settings_of(config(schedule="one_cycle", clip_norm=1.5))}
    assert words["Dataset"] == "Digits" and words["Architecture"] == "MNIST CNN"
    assert words["Schedule"] == "one-cycle" and words["Optimizer"] == "Adam"
    assert words["Gradients clipped at"] == "1.5" and words["Weight decay"] == ""
    assert words["Momentum"] is None, "Adam has none"


def test_what_is_off_is_left_out() -> None:
    titles = {setting.title for setting in settings_in_use(config())}
    assert {"Epochs", "Learning rate", "Seed"} <= titles
    assert not titles & {"Weight decay", "Momentum", "Nesterov momentum", "Pretrained weights", "Augmentation", "Steps"}
    assert "Epochs" not in {setting.title for setting in settings_in_use(config(steps=100))}


def test_only_what_differs() -> None:
    first = config(learning_rate=0.1)
    second = config(learning_rate=0.02, augmentation=Augmentation(horizontal_flip=True))
    third = config(optimizer="sgd", momentum=0.5).changed(seed=3)
    rows = {row.title: row.values for row in differences([first, second, third])}
    assert rows == {
        "Optimizer": ("Adam", "Adam", "SGD"),
        "Learning rate": ("0.1", "0.02", "0.001"),
        "Momentum": ("–", "–", "0.5"),
        "Augmentation": ("off", "flip", "off"),
        "Seed": ("0", "0", "3"),
    }
    assert differences([first]) == () == differences([first, first]) == differences([])


@pytest.mark.parametrize("name", ["/home/ada/Flowers", "/", "gone"])
def test_a_folder_is_called_by_its_name(name: str) -> None:
    first = settings_of(config().changed(dataset=name, architecture="of_another_version"))
    assert first[0].value == ("Flowers" if "Flowers" in name else name)
    assert first[1].value == "of_another_version"
