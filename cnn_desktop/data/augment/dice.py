"""What is left to chance for each picture of a batch."""

from typing import NamedTuple, Self

import torch


class Dice(NamedTuple):
    """Numbers in 0…1, float32 of shape (N,), one a picture.

    All are thrown at once, whether they are needed or not, so that each change draws the same numbers whatever else is
    wanted: while a slider moves, nothing else does.
    """

    horizontal_flip: torch.Tensor
    vertical_flip: torch.Tensor
    crop_across: torch.Tensor
    crop_down: torch.Tensor
    rotation: torch.Tensor
    shear: torch.Tensor
    zoom: torch.Tensor
    shift_across: torch.Tensor
    shift_down: torch.Tensor
    brightness: torch.Tensor
    contrast: torch.Tensor
    saturation: torch.Tensor
    hue: torch.Tensor
    erasing: torch.Tensor
    erased_area: torch.Tensor
    erased_shape: torch.Tensor
    erased_across: torch.Tensor
    erased_down: torch.Tensor

    @classmethod
    def thrown(cls, count: int, generator: torch.Generator) -> Self:
        """For `count` pictures, on the generator's device."""
        return cls(*torch.rand(count, len(cls._fields), generator=generator, device=generator.device).unbind(1))


def alternating(pixels: torch.Tensor, epoch: int) -> torch.Tensor:
    """Zero for each picture of a uint8 batch N×C×H×W in every other epoch, one in the others: float32 of shape (N,).

    Half of the pictures begin with a zero: those whose pixels add up to an even number, so that nothing needs to be
    known of a picture but itself. A network sees both faces of each picture in any two epochs, where chance would show
    it one of them twice in half of the cases.

    Source: Jordan, “94% on CIFAR-10 in 3.29 seconds on a single GPU”, arXiv:2404.00498 (2024).
    """
    return ((pixels.sum((1, 2, 3), dtype=torch.int64) + epoch) % 2).float()


def between(low: float, high: float, die: torch.Tensor) -> torch.Tensor:
    """Evenly spread from `low` to `high`."""
    return low + (high - low) * die
