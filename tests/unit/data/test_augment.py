"""Augmentation: each picture by its own dice, the same for the same seed, and exact where pixels only move."""

import pytest
import torch

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment import Augmenter

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> torch.device:
    return torch.device(request.param)


def batch(device: torch.device, count: int = 64, height: int = 12, width: int = 12, channels: int = 3) -> torch.Tensor:
    pixels = torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(0)) + 0.1
    return pixels.to(device).contiguous(memory_format=torch.channels_last)


def changed(wanted: Augmentation, pixels: torch.Tensor, seed: int = 0) -> torch.Tensor:
    return Augmenter(wanted)(pixels, torch.Generator(pixels.device).manual_seed(seed))


ALL = {
    "flip": Augmentation(horizontal_flip=True),
    "crop": Augmentation(crop_padding=3),
    "rotation": Augmentation(rotation=30),
    "shear": Augmentation(shear=0.3),
    "zoom": Augmentation(zoom=0.3),
    "tutorial": Augmentation.parse("tutorial"),
    "everything": Augmentation(horizontal_flip=True, crop_padding=2, rotation=10, shear=0.1, zoom=0.1),
}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_change_keeps_the_shape_and_follows_the_seed(name: str, channels: int, device: torch.device) -> None:
    pixels = batch(device, channels=channels, width=9)
    before = pixels.clone()
    first, again, other = (changed(ALL[name], pixels, seed) for seed in (0, 0, 1))
    assert first.shape == pixels.shape
    assert first.dtype == pixels.dtype
    assert first.device == pixels.device
    assert first.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(pixels, before)


def test_nothing_wanted_is_nothing_done(device: torch.device) -> None:
    pixels = batch(device)
    assert changed(Augmentation(), pixels) is pixels


def test_about_half_of_the_pictures_are_flipped_exactly(device: torch.device) -> None:
    pixels = batch(device, count=400)
    found = changed(ALL["flip"], pixels)
    flipped = (found == pixels.flip(3)).all(dim=(1, 2, 3))
    same = (found == pixels).all(dim=(1, 2, 3))
    assert (flipped ^ same).all()
    assert 150 < int(flipped.sum()) < 250


def test_crops_are_windows_of_the_padded_picture_everywhere_in_reach(device: torch.device) -> None:
    padding = 2
    pixels = batch(device, count=300, height=7, width=10)
    found = changed(Augmentation(crop_padding=padding), pixels)
    padded = torch.nn.functional.pad(pixels, (padding,) * 4)
    offsets = [(down, across) for down in range(5) for across in range(5)]
    matches = torch.stack(
        [(found == padded[:, :, down : down + 7, across : across + 10]).all(dim=(1, 2, 3)) for down, across in offsets]
    )
    assert (matches.sum(dim=0) == 1).all()  # each is one window; where nothing is shifted, the picture itself
    assert (matches.sum(dim=1) > 0).all()  # every window comes up


def ramp(device: torch.device, height: int = 21, width: int = 31) -> torch.Tensor:
    """Pictures whose two channels are the row and column of each pixel, counted from the middle."""
    rows = torch.arange(height, device=device, dtype=torch.float32) - (height - 1) / 2
    columns = torch.arange(width, device=device, dtype=torch.float32) - (width - 1) / 2
    picture = torch.stack([rows[:, None].expand(height, width), columns[None, :].expand(height, width)])
    return picture.expand(50, 2, height, width).contiguous(memory_format=torch.channels_last)


def sources(wanted: Augmentation, device: torch.device) -> torch.Tensor:
    """For each picture the 2×2 matrix by which a step of a pixel (down, across) moves in the old picture."""
    found = changed(wanted, ramp(device))
    down = found[:, :, 11, 15] - found[:, :, 10, 15]
    across = found[:, :, 10, 16] - found[:, :, 10, 15]
    return torch.stack([down, across], dim=2).cpu()


def test_rotation_turns_by_angles_within_the_limit_without_distortion(device: torch.device) -> None:
    maps = sources(Augmentation(rotation=20), device)
    assert torch.allclose(torch.linalg.det(maps), torch.ones(50), atol=1e-3)
    assert torch.allclose(maps @ maps.transpose(1, 2), torch.eye(2).expand(50, 2, 2), atol=1e-3)
    angles = torch.rad2deg(torch.atan2(maps[:, 0, 1], maps[:, 0, 0]))
    assert angles.abs().max() <= 20.01
    assert angles.min() < -12
    assert angles.max() > 12


def test_zoom_scales_both_ways_within_the_limit(device: torch.device) -> None:
    maps = sources(Augmentation(zoom=0.25), device)
    scales = 1 / maps[:, 0, 0]
    assert torch.allclose(maps, torch.eye(2) / scales[:, None, None], atol=1e-3)
    assert scales.min() >= 0.749
    assert scales.max() <= 1.251
    assert scales.min() < 0.85
    assert scales.max() > 1.15


def test_shear_moves_rows_sideways_within_the_limit(device: torch.device) -> None:
    maps = sources(Augmentation(shear=0.4), device)
    assert torch.allclose(maps[:, 0], torch.tensor([1.0, 0.0]).expand(50, 2), atol=1e-3)
    assert torch.allclose(maps[:, 1, 1], torch.ones(50), atol=1e-3)
    assert maps[:, 1, 0].abs().max() <= 0.401
    assert maps[:, 1, 0].std() > 0.15


def test_the_border_is_repeated_outside_of_a_turned_picture(device: torch.device) -> None:
    pixels = torch.ones(8, 3, 16, 16, device=device)
    assert torch.allclose(changed(Augmentation(rotation=45, zoom=0.5), pixels), pixels)
