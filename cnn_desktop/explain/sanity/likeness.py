"""How alike two maps are, once they are of one size: by the order of their places, and by their structure."""

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import avg_pool2d

_WINDOW = 7
_SMALL = (0.01**2, 0.03**2)
"""The paper's constants, for values from 0 to 1."""


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's correlation, −1…1, of two arrays of one size; 0 where either is the same everywhere."""
    first, second = _ranks(one), _ranks(other)
    scale = first.std() * second.std()
    return float(((first - first.mean()) * (second - second.mean())).mean() / scale) if scale > 0 else 0.0


def structural_similarity(one: np.ndarray, other: np.ndarray) -> float:
    """The mean SSIM of two float h×w maps of 0…1 over windows of up to 7×7, −1…1; 1 where they are equal.

    Wang, Bovik, Sheikh, Simoncelli, 2004, “Image Quality Assessment: From Error Visibility to Structural Similarity”,
    with a window that weighs all places alike.
    """
    pair = torch.from_numpy(np.stack([one, other]).astype(np.float64))[:, None]
    window = min(_WINDOW, *one.shape)

    def mean(values: torch.Tensor) -> torch.Tensor:
        return avg_pool2d(values, window, stride=1)

    means, squares = mean(pair), mean(pair * pair)
    covariance = mean(pair[:1] * pair[1:]) - means[:1] * means[1:]
    variance = squares - means * means
    luminance = (2 * means[:1] * means[1:] + _SMALL[0]) / ((means * means).sum(0) + _SMALL[0])
    structure = (2 * covariance + _SMALL[1]) / (variance.sum(0) + _SMALL[1])
    return float((luminance * structure).mean())


def enlarged(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """A float h×w map at another size, float32, smoothly, as it is laid over the picture."""
    if values.shape == (height, width):
        return values.astype(np.float32)
    source = Image.fromarray(np.ascontiguousarray(values, np.float32))
    return np.clip(np.asarray(source.resize((width, height), Image.Resampling.BICUBIC)), 0, None)


def _ranks(values: np.ndarray) -> np.ndarray:
    """The place of each number in their order, float64; equal ones share the middle of their places."""
    _numbers, place, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[place.ravel()]
