"""Flips, crops and erasing: exact, and spread as they should be."""

import math

import pytest
import torch
from torchvision.transforms.v2 import functional

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment.dice import Dice
from cnn_desktop.data.augment.moving import moved
from tests.unit.data.augment.conftest import dice, facts, random_batch


def _moved(batch: torch.Tensor, wanted: Augmentation, seed: int = 0) -> torch.Tensor:
    return moved(batch, wanted, Dice.thrown(len(batch), torch.Generator(batch.device).manual_seed(seed)))


@pytest.mark.parametrize(
    ("field", "flip"), [("horizontal_flip", functional.hflip), ("vertical_flip", functional.vflip)]
)
def test_about_half_of_the_pictures_are_flipped_exactly(field: str, flip: object, device: torch.device) -> None:
    assert callable(flip)
    batch = random_batch(400, facts(7, 10), device)
    found = _moved(batch, Augmentation.checked({field: True}))
    is_flipped = (found == flip(batch)).all(dim=(1, 2, 3))
    is_kept = (found == batch).all(dim=(1, 2, 3))
    assert (is_flipped ^ is_kept).all()
    assert 150 < int(is_flipped.sum()) < 250


def test_flips_are_independent_of_each_other() -> None:
    batch = random_batch(400, facts(7, 10))
    found = _moved(batch, Augmentation(horizontal_flip=True, vertical_flip=True))
    both = (found == functional.vflip(functional.hflip(batch))).all(dim=(1, 2, 3))
    assert 70 < int(both.sum()) < 130


def test_crops_are_windows_of_the_picture_and_its_mirrored_edges_everywhere_in_reach(device: torch.device) -> None:
    padding = 2
    batch = random_batch(300, facts(7, 10), device)
    found = _moved(batch, Augmentation(crop_padding=padding))
    padded = functional.pad(batch, [padding], padding_mode="reflect")
    offsets = [(down, across) for down in range(5) for across in range(5)]
    windows = torch.stack([functional.crop(padded, down, across, 7, 10) for down, across in offsets])
    matches = (found == windows).all(dim=(2, 3, 4))
    assert (matches.sum(dim=0) == 1).all()  # each is one window
    assert (matches.sum(dim=1) > 2).all()  # every window comes up


def test_a_crop_reaches_further_than_the_picture_is_large(device: torch.device) -> None:
    batch = random_batch(50, facts(1, 3), device)
    found = _moved(batch, Augmentation(crop_padding=64))
    rows = torch.cat([batch, batch[..., 1:2]], dim=3).repeat(1, 1, 1, 2)  # 0 1 2 1 0 1 2 1
    windows = torch.stack([rows[..., start : start + 3] for start in range(4)])
    assert (found == windows).all(dim=(2, 3, 4)).any(dim=0).all()


def test_crop_flip_and_erasing_one_after_the_other_are_as_torchvision_does_them() -> None:
    batch = random_batch(1, facts(20, 20))
    area, shape = (0.02 + 0.33) / 2, math.sqrt(0.3 * 3.3)
    wanted = Augmentation(horizontal_flip=True, crop_padding=3, erasing=0.4)
    height, width = round(math.sqrt(400 * area * shape)), round(math.sqrt(400 * area / shape))
    thrown = dice(
        1, horizontal_flip=0.2, crop_down=0.99, crop_across=0.0, erasing=0.39, erased_down=0.0, erased_across=0.999
    )
    expected = functional.hflip(functional.crop(functional.pad(batch, [3], padding_mode="reflect"), 6, 0, 20, 20))
    expected = functional.erase(expected, 0, 20 - width, height, width, torch.zeros(1))
    assert torch.equal(moved(batch, wanted, thrown), expected)


def test_rectangles_are_erased_in_the_share_that_is_wanted_by_area_and_shape() -> None:
    batch = torch.ones(3000, 1, 40, 40).contiguous(memory_format=torch.channels_last)
    erased = _moved(batch, Augmentation(erasing=0.3))[:, 0] == 0
    is_erased = erased.any(dim=(1, 2))
    assert 0.26 < is_erased.float().mean() < 0.34
    erased = erased[is_erased]
    heights, widths = (erased.any(dim=dim).sum(1).float() for dim in (2, 1))
    areas = erased.sum(dim=(1, 2)).float()
    assert torch.equal(areas, heights * widths)  # rectangles
    shares, shapes = areas / 1600, torch.log(heights / widths)
    assert 0.015 < shares.min() < 0.04
    assert 0.30 < shares.max() < 0.34
    assert abs(shares.mean() - 0.175) < 0.01
    assert shapes.abs().max() < math.log(3.3) + 0.2
    assert abs(shapes.mean()) < 0.1
    everywhere = erased.float().mean(dim=0)
    assert everywhere.min() > 0  # corners too
    torch.testing.assert_close(everywhere, everywhere.flip(0), rtol=0, atol=0.12)


def test_a_rectangle_longer_than_the_picture_covers_it_from_edge_to_edge() -> None:
    batch = torch.ones(1, 1, 8, 64).contiguous(memory_format=torch.channels_last)
    thrown = dice(1, erasing=0.0, erased_area=1.0, erased_shape=1.0)
    erased = moved(batch, Augmentation(erasing=1), thrown)[0, 0] == 0
    assert erased.any(dim=1).all()
    assert erased.any(dim=0).sum() == round(math.sqrt(0.33 * 8 * 64 / 3.3))
