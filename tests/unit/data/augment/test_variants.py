"""What the page shows: the pictures that training would see, as colours."""

import numpy as np
import pytest
import torch

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.data.augment import Augmenter
from cnn_desktop.data.augment.variants import mixed_variants, variants
from cnn_desktop.data.pictures import normalize
from tests.unit.data.augment.conftest import facts, in_unit_range, random_pixels

SEEN = facts(20, 16)


def _picture(seed: int = 0) -> np.ndarray:
    return random_pixels(1, SEEN, seed)[0].numpy()


@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_wanted_shows_the_picture_itself(channels: int) -> None:
    seen = facts(20, 16, channels)
    pixels = random_pixels(1, seen)[0].numpy()
    found = variants(pixels, Augmentation(), seen, 16, seed=3)
    assert (found.shape, found.dtype) == ((16, 20, 16, channels), np.dtype(np.uint8))
    assert (found == pixels.transpose(1, 2, 0)).all()


def test_they_are_what_training_makes_of_the_picture() -> None:
    wanted = AUGMENTATION_PRESETS["strong"].changed(crop_padding=2)
    batch = normalize(torch.from_numpy(_picture()).expand(16, -1, -1, -1), SEEN)
    trained = Augmenter(wanted, SEEN)(batch, torch.Generator().manual_seed(3))
    expected = in_unit_range(trained, SEEN).permute(0, 2, 3, 1).mul(255).round().numpy()
    found = variants(_picture(), wanted, SEEN, 16, seed=3)
    assert np.abs(found - expected).max() <= 1
    assert (found == expected).mean() > 0.99


def test_the_same_seed_gives_the_same_variants() -> None:
    wanted = AUGMENTATION_PRESETS["strong"]
    first, again, other = (variants(_picture(), wanted, SEEN, 16, seed) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first.reshape(16, -1), axis=0)) == 16


def test_large_pictures_are_varied_in_parts_by_the_same_dice() -> None:
    seen = facts(240, 320)  # so large that not all are worked on at once
    pixels = random_pixels(1, seen)[0].numpy()
    found = variants(pixels, Augmentation(horizontal_flip=True), seen, 16, seed=1)
    whole = pixels.transpose(1, 2, 0)
    is_kept = (found == whole).all(axis=(1, 2, 3))
    assert (is_kept ^ (found == whole[:, ::-1]).all(axis=(1, 2, 3))).all()
    assert 2 < is_kept.sum() < 14


def test_others_are_mixed_in_in_turn_and_move_nothing_else() -> None:
    wanted = Augmentation(horizontal_flip=True)
    others = np.stack([np.full_like(_picture(), level) for level in (0, 255)])
    plain = variants(_picture(), wanted, SEEN, 6, seed=2).astype(float)
    mixed, shares = mixed_variants(_picture(), others, wanted.changed(mixup=1), SEEN, 6, seed=2)
    assert shares.shape == (6,)
    assert (shares >= 0.5).all()
    assert shares.min() < 0.9
    for place in range(6):
        expected = shares[place] * plain[place] + (1 - shares[place]) * (0, 255)[place % 2]
        assert np.abs(mixed[place] - expected).max() < 1.5
    unmixed, whole = mixed_variants(_picture(), others, wanted, SEEN, 6, seed=2)
    assert (whole == 1).all()
    assert np.array_equal(unmixed, plain)
