"""Rotation, shear, zoom and translation: one bilinear sampling of the whole batch."""

import math

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment.dice import Dice, between


def warps(wanted: Augmentation) -> bool:
    """Whether there is anything to do for `warped`."""
    return bool(wanted.rotation or wanted.shear or wanted.zoom or wanted.translation)


def warped(batch: torch.Tensor, wanted: Augmentation, dice: Dice) -> torch.Tensor:
    """Sample each picture of N×C×H×W through its own map, which is that of torchvision's `affine`.

    Outside of the picture its border is repeated, as the tutorials' generators do.
    """
    grid = _grid(_sources(wanted, dice, *batch.shape[2:]), *batch.shape[2:])
    return F.grid_sample(batch, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _sources(wanted: Augmentation, dice: Dice, height: int, width: int) -> torch.Tensor:
    """For each picture the map from a place in the new one to one in the old, in -1…1 across and down: (N, 2, 3)."""
    most = math.radians(wanted.rotation)
    angle = between(-most, most, dice.rotation)
    shear = between(-wanted.shear, wanted.shear, dice.shear)
    scale = between(1 - wanted.zoom, 1 + wanted.zoom, dice.zoom)
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    aspect = height / width
    across = torch.stack([cos + shear * -sin, (shear * cos + sin) * aspect], dim=1)
    down = torch.stack([-sin / aspect, cos], dim=1)
    linear = torch.stack([across, down], dim=1)
    shift = torch.stack([dice.shift_across, dice.shift_down], dim=1)
    shift = between(-2 * wanted.translation, 2 * wanted.translation, shift)
    return torch.cat([linear, -linear @ shift[:, :, None]], dim=2)


def _grid(maps: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """What `affine_grid` gives, N×H×W×2, as a sum of what columns and rows add: far less work on a processor."""
    columns, rows = (
        torch.linspace(1 / size - 1, 1 - 1 / size, size, device=maps.device, dtype=maps.dtype)
        for size in (width, height)
    )
    from_columns = maps[:, :, 0, None] * columns + maps[:, :, 2, None]
    from_rows = maps[:, :, 1, None] * rows
    return (from_columns[:, :, None, :] + from_rows[:, :, :, None]).permute(0, 2, 3, 1)
