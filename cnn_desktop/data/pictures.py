"""Carries out `core.preprocessing.Preprocessing`: the only path from a picture to a tensor."""

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import interpolate

from cnn_desktop.core.preprocessing import Preprocessing

_INTERPOLATIONS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

_MAX_RESIZED = 16_000_000
"""Pixels. A panorama of 20,000×10 resized by its shorter side would take gigabytes, all but its centre for nothing."""


def to_pixels(picture: Image.Image, preprocessing: Preprocessing) -> np.ndarray:
    """A picture of mode RGB or L as uint8, channels×height×width; see `fitted`."""
    mode = "L" if preprocessing.channels == 1 else "RGB"
    seen = picture if picture.mode == mode else picture.convert(mode)
    return fitted(np.array(seen).reshape(seen.height, seen.width, preprocessing.channels), preprocessing)


def fitted(pixels: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """uint8 height×width×channels of any size as uint8 channels×height×width of the size wanted.

    Resized with antialiasing filters. With Pillow's, `crop` gives the pixels of torchvision's `Resize(shorter_side)`
    and `CenterCrop` on the same picture; with torch's, pixels that differ from those by 1 here and there.
    """
    height, width = pixels.shape[:2]
    full = _full_size((width, height), preprocessing)
    # Python rounds halves to even here, as torchvision does.
    left, top = round((full[0] - preprocessing.width) / 2), round((full[1] - preprocessing.height) / 2)
    right, bottom = left + preprocessing.width, top + preprocessing.height
    if full[0] * full[1] > _MAX_RESIZED:
        across, down = width / full[0], height / full[1]
        box = left * across, top * down, right * across, bottom * down
        return _by_pillow(pixels, (preprocessing.width, preprocessing.height), preprocessing, box).transpose(2, 0, 1)
    if (width, height) != full:
        resize = _by_torch if preprocessing.resizer == "torch" else _by_pillow
        pixels = resize(pixels, full, preprocessing)
    return pixels[top:bottom, left:right].transpose(2, 0, 1)


def received_part(size: tuple[int, int], preprocessing: Preprocessing) -> tuple[float, float, float, float]:
    """Which part of a picture of `size` (width, height) a network is given: left, top, right, bottom as shares of 1."""
    full = _full_size(size, preprocessing)
    left, top = round((full[0] - preprocessing.width) / 2), round((full[1] - preprocessing.height) / 2)
    right, bottom = left + preprocessing.width, top + preprocessing.height
    return left / full[0], top / full[1], right / full[0], bottom / full[1]


def normalize(pixels: torch.Tensor, preprocessing: Preprocessing) -> torch.Tensor:
    """uint8 N×C×H×W on any device to float32 of the same shape and memory format: to 0…1, less mean, over std."""
    batch = pixels.to(torch.float32).div_(255)
    # In channels_last, whole rows at once: torch is several times slower where it has to repeat three numbers itself.
    width = batch.shape[3] if batch.is_contiguous(memory_format=torch.channels_last) else 0
    values = batch.permute(0, 2, 3, 1).view(-1, width * batch.shape[1]) if width else batch
    if any(preprocessing.mean):
        values.sub_(_per_channel(preprocessing.mean, batch.device, width))
    if any(part != 1 for part in preprocessing.std):
        values.div_(_per_channel(preprocessing.std, batch.device, width))
    return batch


def _per_channel(values: tuple[float, ...], device: torch.device, width: int) -> torch.Tensor:
    """For a row of `width` pixels, or for channels×height×width where that is 0."""
    numbers = torch.tensor(values, device=device)
    return numbers.repeat(width) if width else numbers[:, None, None]


def _by_pillow(
    pixels: np.ndarray,
    size: tuple[int, int],
    preprocessing: Preprocessing,
    box: tuple[float, float, float, float] | None = None,
) -> np.ndarray:
    picture = Image.fromarray(pixels if preprocessing.channels == 3 else pixels[..., 0])
    resized = picture.resize(size, _INTERPOLATIONS[preprocessing.interpolation], box)
    return np.array(resized).reshape(size[1], size[0], preprocessing.channels)


def _by_torch(pixels: np.ndarray, size: tuple[int, int], preprocessing: Preprocessing) -> np.ndarray:
    batch = torch.from_numpy(pixels)[None].permute(0, 3, 1, 2)
    mode = preprocessing.interpolation
    resized = interpolate(batch, (size[1], size[0]), mode=mode, align_corners=False, antialias=True)
    return resized[0].permute(1, 2, 0).numpy()


def _full_size(size: tuple[int, int], preprocessing: Preprocessing) -> tuple[int, int]:
    """What a picture of `size` (width, height) is resized to, before its centre is taken."""
    shorter_side = preprocessing.shorter_side
    if preprocessing.resize == "stretch" or shorter_side is None:
        return preprocessing.width, preprocessing.height
    width, height = size
    longer_side = int(shorter_side * max(size) / min(size))
    return (shorter_side, longer_side) if width <= height else (longer_side, shorter_side)
