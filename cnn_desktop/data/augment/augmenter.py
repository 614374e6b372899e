"""All changes to one picture at a time, in their order."""

import torch

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.augment.dice import Dice
from cnn_desktop.data.augment.moving import moved, moves
from cnn_desktop.data.augment.recolouring import recoloured, recolours
from cnn_desktop.data.augment.warping import warped, warps


class Augmenter:
    """Carries out an `Augmentation`, each picture by its own dice: turned and bent, recoloured, then moved and covered.

    Args:
        augmentation: what is wanted; mixing is a `Mixer`'s part.
        preprocessing: how the batches are normalised.
    """

    def __init__(self, augmentation: Augmentation, preprocessing: Preprocessing) -> None:
        self.augmentation, self.preprocessing = augmentation, preprocessing

    def __call__(
        self, batch: torch.Tensor, generator: torch.Generator, flip: torch.Tensor | None = None
    ) -> torch.Tensor:
        """A changed copy of a normalised float batch N×C×H×W, in channels_last; the batch itself if nothing is wanted.

        Args:
            generator: on the batch's device; the same state gives the same pictures.
            flip: the dice for mirroring left to right, where they aren't thrown: float32 of shape (N,).
        """
        wanted = self.augmentation
        if not (warps(wanted) or recolours(wanted) or moves(wanted)):
            return batch
        dice = Dice.thrown(len(batch), generator)
        if flip is not None:
            dice = dice._replace(horizontal_flip=flip)
        if warps(wanted):
            batch = warped(batch, wanted, dice)
        if recolours(wanted):
            batch = recoloured(batch, wanted, self.preprocessing, dice)
        batch = batch.contiguous(memory_format=torch.channels_last)
        return moved(batch, wanted, dice) if moves(wanted) else batch
