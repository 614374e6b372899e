"""All changes together: each picture by its own dice, the same for the same seed."""

import pytest
import torch

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.data.augment import Augmenter
from cnn_desktop.data.augment.dice import Dice
from tests.unit.data.augment.conftest import facts, in_unit_range, random_batch

EACH = [
    "flip",
    "vflip",
    "crop=3",
    "rotate=30",
    "shear=.3",
    "zoom=.3",
    "shift=.2",
    "brightness=.4",
    "contrast=.4",
    "saturation=.4",
    "hue=.1",
    "erase=.5",
    *AUGMENTATION_PRESETS,
]


def changed(wanted: Augmentation, pixels: torch.Tensor, seed: int = 0) -> torch.Tensor:
    seen = facts(*pixels.shape[2:], channels=pixels.shape[1])
    return Augmenter(wanted, seen)(pixels, torch.Generator(pixels.device).manual_seed(seed))


@pytest.mark.parametrize(
    ("words", "channels"),
    [
        (words, channels)
        for words in EACH
        for channels in (1, 3)
        if words != "none" and not (channels == 1 and words.startswith(("saturation", "hue")))
    ],
)
def test_every_change_keeps_the_shape_and_follows_the_seed(words: str, channels: int, device: torch.device) -> None:
    pixels = random_batch(32, facts(12, 9, channels), device)
    before = pixels.clone()
    first, again, other = (changed(Augmentation.parse(words), pixels, seed) for seed in (0, 0, 1))
    assert first.shape == pixels.shape
    assert first.dtype == pixels.dtype
    assert first.device == pixels.device
    assert first.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(pixels, before)


def test_nothing_wanted_is_nothing_done(device: torch.device) -> None:
    pixels = random_batch(4, facts(8, 8), device)
    generator = torch.Generator(device).manual_seed(0)
    state = generator.get_state()
    for wanted in (Augmentation(), Augmentation(mixup=0.2, cutmix=1)):
        assert Augmenter(wanted, facts(8, 8))(pixels, generator) is pixels
    assert torch.equal(generator.get_state(), state)


def test_colours_of_grey_pictures_have_nothing_to_change() -> None:
    pixels = random_batch(4, facts(8, 8, channels=1))
    torch.testing.assert_close(changed(Augmentation(saturation=1, hue=0.5), pixels), pixels)


@pytest.mark.parametrize("words", EACH)
def test_colours_stay_between_black_and_white(words: str) -> None:
    seen = facts(16, 16)
    found = in_unit_range(changed(Augmentation.parse(words), random_batch(64, seen)), seen)
    assert found.min() >= -1e-5
    assert found.max() <= 1 + 1e-5


def test_each_picture_has_its_own_dice() -> None:
    pixels = random_batch(1, facts(16, 16)).expand(40, -1, -1, -1)
    found = changed(AUGMENTATION_PRESETS["strong"], pixels).flatten(1)
    assert torch.cdist(found, found).add(torch.eye(40)).min() > 0.1


def test_a_change_more_leaves_the_draws_of_the_others() -> None:
    pixels = random_batch(16, facts(16, 16))
    flipped = changed(Augmentation(horizontal_flip=True), pixels)
    covered = changed(Augmentation(horizontal_flip=True, erasing=1), pixels)
    kept = covered != 0
    assert kept.any(dim=1).flatten(1).float().mean(1).min() > 0.6
    assert torch.equal(covered[kept], flipped[kept])


def test_dice_are_fair() -> None:
    thrown = torch.stack(Dice.thrown(4000, torch.Generator().manual_seed(0)))
    assert thrown.min() >= 0
    assert thrown.max() < 1
    for share in (0.1, 0.5, 0.9):
        assert torch.allclose(thrown.quantile(share, dim=1), torch.tensor(share), atol=0.03)
    assert torch.corrcoef(thrown).sub(torch.eye(len(thrown))).abs().max() < 0.07
