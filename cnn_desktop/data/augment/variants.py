"""Variants of a picture as a person looks at them."""

import numpy as np
import torch

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.augment.augmenter import Augmenter
from cnn_desktop.data.augment.mixing import Mixer
from cnn_desktop.data.pictures import normalize

_PIXELS_AT_ONCE = 400_000
"""What stays in a processor's cache is worked on in half the time."""


def variants(
    pixels: np.ndarray, augmentation: Augmentation, preprocessing: Preprocessing, count: int, seed: int
) -> np.ndarray:
    """What training would make of a picture but for mixing, as colours again: uint8 count×H×W×C.

    Args:
        pixels: uint8 C×H×W, preprocessed.
        augmentation: what is wanted; changed in one field, all others draw the same numbers.
        preprocessing: of the network that is to see them.
        count: how many.
        seed: the same one gives the same variants.
    """
    unmixed = augmentation.changed(mixup=0, cutmix=0)
    return mixed_variants(pixels, pixels[None], unmixed, preprocessing, count, seed)[0]


def mixed_variants(
    pixels: np.ndarray,
    others: np.ndarray,
    augmentation: Augmentation,
    preprocessing: Preprocessing,
    count: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """As `variants`, mixed with `others`: uint8 count×H×W×C, and the share of each that is its own, float32 (count,).

    Args:
        pixels: uint8 C×H×W, preprocessed.
        others: uint8 K×C×H×W, preprocessed; one variant of each is mixed in, in turn, so that a few are enough.
        augmentation: what is wanted; changed in one field, all others draw the same numbers.
        preprocessing: of the network that is to see them.
        count: how many.
        seed: the same one gives the same variants.
    """
    augmenter, mixer = Augmenter(augmentation, preprocessing), Mixer(augmentation, 1)
    own, other = (torch.Generator().manual_seed(seed + place) for place in range(2))
    picture = _normalised(pixels[None], preprocessing)
    partners = augmenter(_normalised(others, preprocessing), other) if augmentation.mixes else picture
    height, width = picture.shape[2:]
    size = max(1, _PIXELS_AT_ONCE // (height * width))
    result, shares = np.empty((count, height, width, len(pixels)), np.uint8), np.ones(count, np.float32)
    for start in range(0, count, size):
        part = slice(start, min(start + size, count))
        batch = augmenter(picture.expand(part.stop - start, -1, -1, -1), own)
        if augmentation.mixes:
            turns = torch.arange(start, part.stop) % len(partners)
            batch, kept = mixer.mixed(batch, partners[turns], other)
            shares[part] = kept.numpy()
        result[part] = _as_seen(batch, preprocessing)
    return result, shares


def _normalised(pixels: np.ndarray, preprocessing: Preprocessing) -> torch.Tensor:
    """uint8 N×C×H×W to a normalised batch in channels_last."""
    last = torch.from_numpy(np.array(pixels.transpose(0, 2, 3, 1), order="C"))
    return normalize(last.permute(0, 3, 1, 2), preprocessing)


def _as_seen(batch: torch.Tensor, preprocessing: Preprocessing) -> np.ndarray:
    """A normalised batch N×C×H×W back to uint8 N×H×W×C."""
    count, channels, height, width = batch.shape
    # Whole rows at once: torch is several times slower where it has to repeat three numbers on the way.
    scale, offset = (255 * torch.tensor(values).repeat(width) for values in (preprocessing.std, preprocessing.mean))
    rows = batch.permute(0, 2, 3, 1).reshape(-1, width * channels)
    colours = torch.addcmul(offset + 0.5, rows, scale).to(torch.uint8)  # which cuts off, and so rounds
    return colours.view(count, height, width, channels).numpy()
