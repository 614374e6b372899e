"""Mixup and cutmix: pictures mixed with their neighbours in the batch, and their classes with them."""

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from cnn_desktop.core.augmentation import Augmentation

_QUANTILES = 1024


class Mixer:
    """Mixes each picture of a batch with another one, by its own dice.

    The larger part stays the picture's own, as in fastai: who is mixed into whom is a matter of names, and so the
    picture's own class is the one to find. Where both ways are wanted, each picture takes one by the toss of a coin.

    Args:
        augmentation: where `mixes` is true.
        classes: how many there are.
    """

    def __init__(self, augmentation: Augmentation, classes: int) -> None:
        self.augmentation, self.classes = augmentation, classes
        # The first for mixup, the second for cutmix; where one isn't wanted, its row is never looked at.
        alphas = augmentation.mixup, augmentation.cutmix
        self._quantiles = torch.stack([lesser_share_quantiles(alpha or 1.0) for alpha in alphas])

    def __call__(
        self, batch: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """A mixed copy of a float batch N×C×H×W in channels_last, and the share of each class: float N×classes.

        Args:
            labels: int64, shape (N,).
            generator: on the batch's device; the same state gives the same pictures.
        """
        mixed, shares = self.mixed(batch, batch.roll(1, 0), generator)
        targets = F.one_hot(labels, self.classes).to(batch.dtype)
        return mixed, torch.lerp(targets.roll(1, 0), targets, shares[:, None])

    def mixed(
        self, batch: torch.Tensor, others: torch.Tensor, generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Each picture of `batch` mixed with that of `others` in its place, and the share that is its own: (N,)."""
        count, _channels, height, width = batch.shape
        weights = self._weights(count, height, width, generator)
        shares = weights.mean(dim=(1, 2))
        # Weights as large as the batch: torch is several times slower where it has to stretch them on the way.
        weights = weights[:, None].expand_as(batch).contiguous(memory_format=torch.channels_last)
        return torch.lerp(others, batch, weights), shares

    def _weights(self, count: int, height: int, width: int, generator: torch.Generator) -> torch.Tensor:
        """What each pixel keeps of its own picture: float32 N×H×W."""
        wanted = self.augmentation
        way, share, down, across = torch.rand(4, count, generator=generator, device=generator.device)
        is_cut = way < 0.5 if wanted.mixup and wanted.cutmix else torch.full_like(way, wanted.cutmix, dtype=torch.bool)
        lesser = self._lesser_shares(is_cut, share)
        length = lesser.sqrt()  # of the pasted rectangle's sides, whose middle may lie anywhere in the picture
        inside = _reach(height, length, down)[:, :, None] & _reach(width, length, across)[:, None, :]
        blended = torch.where(is_cut, 1.0, 1 - lesser)[:, None, None]
        return torch.where(inside & is_cut[:, None, None], 0.0, blended)

    def _lesser_shares(self, is_cut: torch.Tensor, die: torch.Tensor) -> torch.Tensor:
        self._quantiles = self._quantiles.to(die.device)
        place = die * _QUANTILES
        lower = place.long().clamp(max=_QUANTILES - 1)
        table = is_cut.long()
        return torch.lerp(self._quantiles[table, lower], self._quantiles[table, lower + 1], place - lower)


@lru_cache(maxsize=32)
def lesser_share_quantiles(alpha: float) -> torch.Tensor:
    """Quantiles, evenly spaced, of the lesser of λ and 1 - λ, λ being of Beta(`alpha`, `alpha`): float32.

    Found by integration over λ^alpha, in which the density has no pole; good for an `alpha` up to 2. So one draw of
    an even number is enough, on every device.
    """
    powers = np.linspace(0, 0.5**alpha, 8 * _QUANTILES + 1)
    density = (1 - powers ** (1 / alpha)) ** (alpha - 1)
    steps = (density[1:] + density[:-1]) / 2
    probability = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    wanted = np.interp(np.linspace(0, 1, _QUANTILES + 1), probability, powers)
    return torch.from_numpy(wanted ** (1 / alpha)).float()


def _reach(size: int, length: torch.Tensor, die: torch.Tensor) -> torch.Tensor:
    """Pixels of a side that lie within `length` of it around a place: bool N×size."""
    places = torch.arange(size, device=die.device)
    middle, half = (die * size).floor()[:, None], (length * size / 2).floor()[:, None]
    return (places >= middle - half) & (places < middle + half)
