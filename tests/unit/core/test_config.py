from pathlib import Path

import pytest

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.recipe import Recipe

CONFIG = RunConfig(
    dataset="digits",
    architecture="mnist_cnn",
    recipe=Recipe(epochs=3, learning_rate=0.01, augmentation=AUGMENTATION_PRESETS["tutorial"]),
    seed=7,
)


def test_json_round_trip() -> None:
    assert RunConfig.from_json(CONFIG.to_json()) == CONFIG


def test_newer_schema_is_said_as_such() -> None:
    text = CONFIG.to_json().replace('"schema_version": 1', '"schema_version": 2')
    with pytest.raises(BadInputError, match="newer version"):
        RunConfig.from_json(text)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"dataset": "digits"}', '{"surprise": 1}'])
def test_what_is_no_config_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        RunConfig.from_json(text)
    assert "\n" not in str(caught.value)


def test_changed_validates_and_leaves_none_alone() -> None:
    assert CONFIG.changed(seed=8, image_size=None).seed == 8
    with pytest.raises(BadInputError, match="val_fraction"):
        CONFIG.changed(val_fraction=1.5)


@pytest.mark.parametrize("device", ["gpu", "cuda:", "cuda:x", ""])
def test_unknown_devices_are_refused(device: str) -> None:
    with pytest.raises(BadInputError, match="device"):
        CONFIG.changed(device=device)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_learning_rates_that_cannot_work_are_refused(value: float) -> None:
    with pytest.raises(BadInputError, match="learning_rate"):
        CONFIG.recipe.changed(learning_rate=value)


def test_folders_with_names_of_any_bytes_come_back(tmp_path: Path) -> None:
    name = "caf\udce9 \N{SNOWMAN}"
    config = RunConfig(dataset=f"/data/{name}", architecture="a", recipe=Recipe(), run_dir=tmp_path / name)
    text = config.to_json()
    assert text.isascii() and RunConfig.from_json(text) == config
