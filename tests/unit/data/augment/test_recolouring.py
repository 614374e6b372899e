"""Colours beside torchvision's, and the hue beside the standard library's YIQ."""

import colorsys
import math
from collections.abc import Callable

import pytest
import torch
from torchvision.transforms.v2 import functional

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment.dice import Dice
from cnn_desktop.data.augment.recolouring import recoloured
from tests.unit.data.augment.conftest import dice, facts, in_unit_range, random_batch

BY_TORCHVISION = {
    "brightness": functional.adjust_brightness,
    "contrast": functional.adjust_contrast,
    "saturation": functional.adjust_saturation,
}
SEEN = facts(18, 14)


def _found(batch: torch.Tensor, wanted: Augmentation, thrown: Dice) -> torch.Tensor:
    seen = facts(*batch.shape[2:], channels=batch.shape[1])
    return in_unit_range(recoloured(batch, wanted, seen, thrown), seen)


@pytest.mark.parametrize("name", BY_TORCHVISION)
def test_each_picture_is_as_torchvision_makes_it(name: str, device: torch.device) -> None:
    batch = random_batch(16, SEEN, device)
    thrown = Dice.thrown(16, torch.Generator(device).manual_seed(2))
    found = _found(batch, Augmentation.checked({name: 0.9}), thrown)
    before = in_unit_range(batch, SEEN)
    factors = 1 + 0.9 * (2 * getattr(thrown, name) - 1)
    for ours, picture, factor in zip(found, before, factors.tolist(), strict=True):
        torch.testing.assert_close(ours, BY_TORCHVISION[name](picture, factor), rtol=0, atol=3e-4)
    assert factors.min() < 0.5
    assert factors.max() > 1.5
    assert (found - before).abs().mean() > 0.02


@pytest.mark.parametrize("name", ["brightness", "contrast"])
def test_grey_pictures_are_as_torchvision_makes_them(name: str) -> None:
    seen = facts(18, 14, channels=1)
    batch = random_batch(4, seen)
    found = _found(batch, Augmentation.checked({name: 0.9}), dice(4, **{name: 0.8}))
    expected = BY_TORCHVISION[name](in_unit_range(batch, seen), 1 + 0.9 * 0.6)
    torch.testing.assert_close(found, expected, rtol=0, atol=3e-4)


def test_all_of_them_follow_each_other() -> None:
    batch = random_batch(8, SEEN) * 0.2  # so little contrast that nothing is cut off on the way
    thrown = dice(8, brightness=0.7, contrast=0.2, saturation=0.9)
    found = _found(batch, Augmentation(brightness=0.3, contrast=0.4, saturation=0.5), thrown)
    expected = in_unit_range(batch, SEEN)
    for name, factor in (("brightness", 1.12), ("contrast", 0.76), ("saturation", 1.4)):
        expected = BY_TORCHVISION[name](expected, factor)
    torch.testing.assert_close(found, expected, rtol=0, atol=3e-4)


def _turned(turn: float) -> Callable[[list[float]], list[float]]:
    cos, sin = math.cos(2 * math.pi * turn), math.sin(2 * math.pi * turn)

    def turned(colour: list[float]) -> list[float]:
        grey, phase, quadrature = colorsys.rgb_to_yiq(*colour)
        return [grey, cos * phase - sin * quadrature, sin * phase + cos * quadrature]

    return turned


@pytest.mark.parametrize("die", [0.0, 0.3, 1.0])
def test_the_hue_turns_in_the_plane_of_yiq_and_keeps_the_grey(die: float, device: torch.device) -> None:
    batch = random_batch(2, facts(6, 6), device) * 0.2
    found = _found(batch, Augmentation(hue=0.25), dice(2, device, hue=die))
    turned = _turned(0.25 * (2 * die - 1))
    pixels = (
        part.permute(0, 2, 3, 1).reshape(-1, 3).double().cpu() for part in (in_unit_range(batch, facts(6, 6)), found)
    )
    before, after = (part.tolist() for part in pixels)
    expected = torch.tensor([turned(colour) for colour in before])
    told = torch.tensor([colorsys.rgb_to_yiq(*colour) for colour in after])
    torch.testing.assert_close(told, expected, rtol=0, atol=4e-3)  # its matrix has two digits
    luma = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64)
    torch.testing.assert_close(
        torch.tensor(after).double() @ luma, torch.tensor(before).double() @ luma, atol=1e-5, rtol=0
    )


def test_grey_pixels_have_no_hue_to_turn() -> None:
    grey = torch.linspace(0, 1, 36).view(1, 1, 6, 6).expand(1, 3, 6, 6)
    mean, std = (torch.tensor(values)[:, None, None] for values in (SEEN.mean, SEEN.std))
    found = _found((grey - mean) / std, Augmentation(hue=0.5, saturation=1), dice(1, hue=0.2, saturation=1.0))
    torch.testing.assert_close(found, grey, rtol=0, atol=1e-5)


def test_what_would_be_brighter_than_white_is_white() -> None:
    white = torch.ones(1, 3, 4, 4)
    mean, std = (torch.tensor(values)[:, None, None] for values in (SEEN.mean, SEEN.std))
    found = _found((white - mean) / std, Augmentation(brightness=1), dice(1, brightness=1.0))
    torch.testing.assert_close(found, white)
