"""Flips, crops and erasing: every pixel of the new batch is one of the old, or none."""

import math

import torch

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment.dice import Dice, between

_ERASED_AREA = 0.02, 0.33
_ERASED_SHAPE = 0.3, 3.3
"""Height over width."""


def moves(wanted: Augmentation) -> bool:
    """Whether there is anything to do for `moved`."""
    return bool(wanted.horizontal_flip or wanted.vertical_flip or wanted.crop_padding or wanted.erasing)


def moved(batch: torch.Tensor, wanted: Augmentation, dice: Dice) -> torch.Tensor:
    """Say for each pixel of the batch N×C×H×W from which other one it comes, and gather them all at once.

    What a crop finds outside is what lies inside, mirrored at the edge. What is erased is zero: after normalisation the
    mean colour.
    """
    count, channels, height, width = batch.shape
    dtype = torch.int32 if batch.numel() < 2**31 else torch.int64  # numbers of pixels: half as much to write
    rows = _places(height, wanted.vertical_flip, dice.vertical_flip, dtype)
    columns = _places(width, wanted.horizontal_flip, dice.horizontal_flip, dtype)
    if reach := wanted.crop_padding:
        rows, columns = (
            _folded(places + ((2 * reach + 1) * die).to(dtype)[:, None] - reach, size)
            for places, die, size in ((rows, dice.crop_down, height), (columns, dice.crop_across, width))
        )
    first_rows = torch.arange(count, device=batch.device, dtype=dtype)[:, None] * height
    sources = ((first_rows + rows) * width)[:, :, None] + columns[:, None, :]
    # As a list of pixels: one index for each is several times as fast as one index for each dimension.
    pixels = batch.permute(0, 2, 3, 1).reshape(-1, channels).index_select(0, sources.flatten())
    if wanted.erasing:
        pixels.masked_fill_(_erased(wanted.erasing, dice, height, width).flatten()[:, None], 0)
    return pixels.view(count, height, width, channels).permute(0, 3, 1, 2)


def _places(size: int, flips: bool, die: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """From which row or column of the picture each comes: N×size, mirrored where the die shows less than a half."""
    places = torch.arange(size, device=die.device, dtype=dtype).expand(len(die), -1)
    return torch.where((die < 0.5)[:, None], places.flip(1), places) if flips else places


def _folded(places: torch.Tensor, size: int) -> torch.Tensor:
    """Places outside of 0 … size - 1 as those inside that a mirror at the first and at the last of them would show."""
    period = max(1, 2 * (size - 1))
    places = places % period
    return torch.minimum(places, period - places) if size > 1 else places


def _erased(share: float, dice: Dice, height: int, width: int) -> torch.Tensor:
    """One rectangle, whole inside, in a `share` of the pictures: bool N×H×W; area and shape as in Zhong et al. 2017."""
    area = between(*_ERASED_AREA, dice.erased_area) * height * width
    flattest, tallest = map(math.log, _ERASED_SHAPE)
    shape = torch.exp(between(flattest, tallest, dice.erased_shape))
    is_erased = dice.erasing < share
    rows = _stretch(height, torch.sqrt(area * shape), dice.erased_down)
    columns = _stretch(width, torch.sqrt(area / shape), dice.erased_across)
    return (rows & is_erased[:, None])[:, :, None] & columns[:, None, :]


def _stretch(size: int, length: torch.Tensor, die: torch.Tensor) -> torch.Tensor:
    """A stretch of `length`, rounded, somewhere within `size`: bool N×size."""
    length = length.round().clamp(max=size)
    start = (die * (size - length + 1)).floor()
    places = torch.arange(size, device=die.device)
    return (places >= start[:, None]) & (places < (start + length)[:, None])
