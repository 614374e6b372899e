"""Carries out `core.preprocessing.Preprocessing`: the only path from a picture to a tensor."""

import numpy as np
import torch
from PIL import Image

from cnn_desktop.core.preprocessing import Preprocessing

_INTERPOLATIONS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

_MAX_RESIZED = 16_000_000
"""Pixels. A panorama of 20,000×10 resized by its shorter side would take gigabytes, all but its centre for nothing."""


def to_pixels(picture: Image.Image, preprocessing: Preprocessing) -> np.ndarray:
    """A picture of mode RGB or L as uint8, channels×height×width.

    Resized by Pillow with its antialiasing filters; `crop` gives the pixels of torchvision's `Resize(shorter_side)` and
    `CenterCrop` on the same picture.
    """
    mode = "L" if preprocessing.channels == 1 else "RGB"
    seen = picture if picture.mode == mode else picture.convert(mode)
    pixels = np.array(_resized(seen, preprocessing))
    return pixels.reshape(preprocessing.height, preprocessing.width, preprocessing.channels).transpose(2, 0, 1)


def normalize(pixels: torch.Tensor, preprocessing: Preprocessing) -> torch.Tensor:
    """uint8 N×C×H×W on any device to float32 of the same shape and memory format: to 0…1, less mean, over std."""
    batch = pixels.to(torch.float32).div_(255)
    if any(preprocessing.mean):
        batch.sub_(_per_channel(preprocessing.mean, batch))
    if any(part != 1 for part in preprocessing.std):
        batch.div_(_per_channel(preprocessing.std, batch))
    return batch


def _per_channel(values: tuple[float, ...], batch: torch.Tensor) -> torch.Tensor:
    return torch.tensor(values, dtype=batch.dtype, device=batch.device)[:, None, None]


def _resized(picture: Image.Image, preprocessing: Preprocessing) -> Image.Image:
    size = preprocessing.width, preprocessing.height
    filter_ = _INTERPOLATIONS[preprocessing.interpolation]
    if preprocessing.resize == "stretch" or preprocessing.shorter_side is None:
        return picture if picture.size == size else picture.resize(size, filter_)
    full = _full_size(picture.size, preprocessing.shorter_side)
    # Python rounds halves to even here, as torchvision does.
    left, top = round((full[0] - size[0]) / 2), round((full[1] - size[1]) / 2)
    right, bottom = left + size[0], top + size[1]
    if full[0] * full[1] > _MAX_RESIZED:
        across, down = picture.width / full[0], picture.height / full[1]
        return picture.resize(size, filter_, box=(left * across, top * down, right * across, bottom * down))
    if picture.size != full:
        picture = picture.resize(full, filter_)
    return picture.crop((left, top, right, bottom))


def _full_size(size: tuple[int, int], shorter_side: int) -> tuple[int, int]:
    width, height = size
    longer_side = int(shorter_side * max(size) / min(size))
    return (shorter_side, longer_side) if width <= height else (longer_side, shorter_side)
