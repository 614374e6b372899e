"""A few pictures that stand for all of a split."""

import numpy as np
import torch

from cnn_desktop.core.errors import ImageError, TrainingError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Split
from cnn_desktop.data.pictures import normalize


def sample(split: Split, preprocessing: Preprocessing, count: int, progress: Progress = no_progress) -> torch.Tensor:
    """At most `count` pictures, evenly spread over `split`, as a network sees them: float32 N×C×H×W.

    Those that can't be read are left out.

    Raises:
        TrainingError: none of them can be read.
    """
    pixels = sample_pixels(split, preprocessing, count, progress)
    if not len(pixels):
        raise TrainingError(_("None of {count} pictures that were tried can be read.").format(count=count))
    return normalize(torch.from_numpy(pixels), preprocessing)


def sample_pixels(
    split: Split, preprocessing: Preprocessing, count: int, progress: Progress = no_progress
) -> np.ndarray:
    """The same before they are normalised: uint8 N×C×H×W; none where none can be read."""
    chosen = np.unique(np.linspace(0, len(split) - 1, min(count, len(split))).round().astype(int))
    pictures: list[np.ndarray] = []
    for done, index in enumerate(chosen):
        progress(done, len(chosen))
        try:
            pictures.append(split.pixels(int(index), preprocessing))
        except ImageError:
            continue  # said when the split is read
    size = (preprocessing.channels, preprocessing.height, preprocessing.width)
    return np.stack(pictures) if pictures else np.empty((0, *size), np.uint8)
