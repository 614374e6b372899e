"""Rotation, shear, zoom and translation beside torchvision's."""

import math

import pytest
import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment.dice import Dice
from cnn_desktop.data.augment.warping import warped
from tests.unit.data.augment.conftest import dice, facts, random_batch

LIMITS = {"rotation": 40.0, "shear": 0.4, "zoom": 0.3, "translation": 0.2}


def _as_torchvision(picture: torch.Tensor, wanted: Augmentation, thrown: Dice, place: int) -> torch.Tensor:
    """One picture C×H×W through torchvision's `affine`, by the dice at `place`."""

    def either_way(limit: float, die: torch.Tensor) -> float:
        return limit * (2 * die[place].item() - 1)

    height, width = picture.shape[1:]
    return functional.affine(
        picture,
        angle=either_way(wanted.rotation, thrown.rotation),
        translate=[
            width * either_way(wanted.translation, thrown.shift_across),
            height * either_way(wanted.translation, thrown.shift_down),
        ],
        scale=1 + either_way(wanted.zoom, thrown.zoom),
        shear=[math.degrees(math.atan(either_way(wanted.shear, thrown.shear))), 0.0],
        interpolation=InterpolationMode.BILINEAR,
    )


@pytest.mark.parametrize("fields", [*((name,) for name in LIMITS), tuple(LIMITS)])
@pytest.mark.parametrize("size", [(24, 24), (20, 31)])
def test_every_picture_is_as_torchvision_makes_it(
    fields: tuple[str, ...], size: tuple[int, int], device: torch.device
) -> None:
    wanted = Augmentation.checked({name: LIMITS[name] for name in fields})
    batch = random_batch(12, facts(*size), device)
    thrown = Dice.thrown(len(batch), torch.Generator(device).manual_seed(1))
    found = warped(batch, wanted, thrown)
    compared = 0
    for place, (picture, ours) in enumerate(zip(batch, found, strict=True)):
        theirs = _as_torchvision(picture, wanted, thrown, place)
        inside = _as_torchvision(torch.ones_like(picture), wanted, thrown, place) > 0.9999  # outside they differ
        torch.testing.assert_close(ours[inside], theirs[inside], rtol=0, atol=2e-4)
        compared += int(inside.sum())
    assert compared > 0.5 * batch.numel()
    assert (found - batch).abs().mean() > 0.05


@pytest.mark.parametrize(("die", "factor"), [(0.0, -1.0), (1.0, 1.0)])
def test_dice_reach_the_limits_either_way(die: float, factor: float) -> None:
    batch = random_batch(1, facts(21, 21))
    turned = warped(batch, Augmentation(rotation=90), dice(1, rotation=die))
    torch.testing.assert_close(turned, torch.rot90(batch, -int(factor), dims=(2, 3)), rtol=0, atol=1e-4)


def test_the_middle_of_the_dice_changes_nothing() -> None:
    batch = random_batch(3, facts(16, 19))
    found = warped(batch, Augmentation.checked(LIMITS), dice(3))
    torch.testing.assert_close(found, batch, rtol=0, atol=1e-4)


def test_the_border_is_repeated_outside_of_a_picture(device: torch.device) -> None:
    pixels = torch.ones(8, 3, 16, 16, device=device)
    wanted = Augmentation(rotation=45, zoom=0.5, translation=0.5)
    thrown = Dice.thrown(8, torch.Generator(device).manual_seed(0))
    torch.testing.assert_close(warped(pixels, wanted, thrown), pixels)
