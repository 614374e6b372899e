"""Augmentation as facts and as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, AUGMENTATION_WORDS, PRESET_TITLES, Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.recipe import Recipe


def _up_to(most: float) -> st.SearchStrategy[float]:
    return st.floats(0, most)


ANY = st.builds(
    Augmentation,
    horizontal_flip=st.booleans(),
    vertical_flip=st.booleans(),
    crop_padding=st.integers(0, 64),
    rotation=_up_to(180),
    zoom=_up_to(0.99),
    hue=_up_to(0.5),
    mixup=_up_to(2),
    cutmix=_up_to(2),
    **{name: _up_to(1) for name in ("shear", "translation", "brightness", "contrast", "saturation", "erasing")},
)


def test_every_field_has_a_word() -> None:
    assert sorted(AUGMENTATION_WORDS.values()) == sorted(Augmentation.model_fields)
    assert AUGMENTATION_PRESETS.keys() == PRESET_TITLES.keys()


def test_words_are_read() -> None:
    text = "flip,vflip, crop=4 ,rotate=10,shear=.2,zoom=0.1,shift=.1,brightness=.3,contrast=.4,saturation=.5,hue=.05"
    assert Augmentation.parse(f"{text},erase=.25,mixup=.2,cutmix=1") == Augmentation(
        horizontal_flip=True,
        vertical_flip=True,
        crop_padding=4,
        rotation=10,
        shear=0.2,
        zoom=0.1,
        translation=0.1,
        brightness=0.3,
        contrast=0.4,
        saturation=0.5,
        hue=0.05,
        erasing=0.25,
        mixup=0.2,
        cutmix=1,
    )


def test_presets_are_read_and_can_be_added_to() -> None:
    assert Augmentation.parse("tutorial") == Augmentation(horizontal_flip=True, shear=0.2, zoom=0.2)
    assert Augmentation.parse("none").is_none
    assert Augmentation.parse("light,rotate=5") == Augmentation(horizontal_flip=True, crop_padding=4, rotation=5)
    assert AUGMENTATION_PRESETS["strong"].mixes
    assert not AUGMENTATION_PRESETS["tutorial"].mixes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flip,wobble=3", "wobble.*vflip, crop=N"),
        ("", "none, light, tutorial, strong"),
        ("rotate=5,light", "light"),
        ("crop=many", "crop_padding"),
        ("zoom=1", "zoom"),
        ("hue=.6", "hue"),
        ("erase=-1", "erasing"),
        ("shear=nan", "shear"),
        ("zoom", "zoom=N"),
        ("flip=3", "“flip=3” can't be read; write flip"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        Augmentation.parse(text)


@given(ANY)
def test_text_and_json_come_back_exactly(augmentation: Augmentation) -> None:
    assert Augmentation.parse(str(augmentation)) == augmentation
    config = RunConfig(dataset="d", architecture="a", recipe=Recipe(augmentation=augmentation))
    assert RunConfig.from_json(config.to_json()) == config
