"""Random changes to whole batches on their device, drawn anew for every picture."""

import math

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from cnn_desktop.core.augmentation import Augmentation


class Augmenter:
    """Carries out an `Augmentation`, each picture by its own dice.

    Crops move whole pixels and fill with zeros, which after normalisation is the mean colour. Rotation, shear and zoom
    are one bilinear sampling, which repeats the border outside of the picture, as the tutorials' generators do.
    """

    def __init__(self, augmentation: Augmentation) -> None:
        self.augmentation = augmentation

    def __call__(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """A changed copy of a float batch N×C×H×W, in channels_last; the batch itself where nothing is to be done.

        Args:
            generator: on the batch's device; the same state gives the same pictures.
        """
        wanted = self.augmentation
        if wanted.rotation or wanted.shear or wanted.zoom:
            batch = self._transformed(batch, generator)
        if wanted.horizontal_flip or wanted.crop_padding:
            batch = self._flipped_and_cropped(batch, generator)
        return batch

    def _flipped_and_cropped(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Say for each pixel from which one of the padded batch it comes, and gather them all at once."""
        count, channels, height, width = batch.shape
        padding = self.augmentation.crop_padding
        rows = torch.arange(height, device=batch.device).expand(count, -1)
        columns = torch.arange(width, device=batch.device).expand(count, -1)
        if self.augmentation.horizontal_flip:
            flipped = self._draw(generator, batch) < 0.5
            columns = torch.where(flipped[:, None], columns.flip(1), columns)
        if padding:
            rows, columns = (
                part + (self._draw(generator, batch) * (2 * padding + 1)).long()[:, None] for part in (rows, columns)
            )
            batch = F.pad(batch, (padding,) * 4)
        first_rows = torch.arange(count, device=batch.device)[:, None] * batch.shape[2]
        sources = (first_rows + rows)[:, :, None] * batch.shape[3] + columns[:, None, :]
        # As a list of pixels: one index for each is several times as fast as one index for each dimension.
        pixels = batch.permute(0, 2, 3, 1).reshape(-1, channels).index_select(0, sources.flatten())
        return pixels.view(count, height, width, channels).permute(0, 3, 1, 2)

    def _transformed(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Sample each picture through its own affine map, given for coordinates of -1…1 across the picture."""
        wanted = self.augmentation
        angle = self._between(-math.radians(wanted.rotation), math.radians(wanted.rotation), generator, batch)
        shear = self._between(-wanted.shear, wanted.shear, generator, batch)
        scale = self._between(1 - wanted.zoom, 1 + wanted.zoom, generator, batch)
        # Where a pixel of the new picture comes from: turned, then sheared along the rows, then scaled, all in pixels.
        cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
        aspect = batch.shape[2] / batch.shape[3]
        zero = torch.zeros_like(cos)
        across = torch.stack([cos - shear * sin, (shear * cos + sin) * aspect, zero], dim=1)
        down = torch.stack([-sin / aspect, cos, zero], dim=1)
        grid = F.affine_grid(torch.stack([across, down], dim=1), list(batch.shape), align_corners=False)
        sampled = F.grid_sample(batch, grid, mode="bilinear", padding_mode="border", align_corners=False)
        return sampled.contiguous(memory_format=torch.channels_last)

    def _between(self, low: float, high: float, generator: torch.Generator, batch: torch.Tensor) -> torch.Tensor:
        return low + (high - low) * self._draw(generator, batch)

    def _draw(self, generator: torch.Generator, batch: torch.Tensor) -> torch.Tensor:
        return torch.rand(len(batch), generator=generator, device=batch.device)
