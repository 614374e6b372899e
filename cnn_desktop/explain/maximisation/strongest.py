"""Which picture of a dataset excites a unit most, measured as the picture that was searched for."""

from dataclasses import dataclass

import numpy as np
import torch

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.batches import pixel_store
from cnn_desktop.data.dataset import Split
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.independence import independent
from cnn_desktop.explain.maximisation.unit import Unit, Watch
from cnn_desktop.models.model import Model

_BATCH_PIXELS = 8 * 224 * 224
_LARGEST_BATCH = 256


@dataclass(frozen=True)
class Strongest:
    """The picture that excites a unit most."""

    index: int
    """Its place in the split."""
    excitement: float
    count: int
    """How many were asked."""


def strongest(model: Model, unit: Unit, split: Split, most: int, progress: Progress = no_progress) -> Strongest:
    """Ask about `most` pictures of a split, drawn once and for all; all, where there are fewer.

    `progress` counts pictures.

    Raises:
        DatasetError: hardly any of them can be read.
        ModelError: the network has no such unit.
        CancelledError: `progress` raised it.
    """
    drawn = np.sort(np.random.default_rng(0).permutation(len(split))[:most])
    module = independent(model.module)
    device = next(module.parameters()).device
    size = model.preprocessing
    store = pixel_store(split.subset(drawn), size, device, lambda _done, total: progress(0, total), 0)
    batch_size = max(1, min(_LARGEST_BATCH, _BATCH_PIXELS // (size.height * size.width)))
    watch = Watch(module, unit)
    values: list[np.ndarray] = []
    try:
        with torch.inference_mode():
            for pixels, _labels in store.batches(None, batch_size):
                values.append(watch(normalize(pixels, size).contiguous()).float().cpu().numpy())
                progress(sum(map(len, values)), len(drawn))
    finally:
        watch.close()
    found = np.concatenate(values) if values else np.empty(0)
    if not np.isfinite(found).any():
        raise DatasetError(_("None of the dataset's pictures excites the unit by a number."))
    best = int(np.nanargmax(np.where(np.isfinite(found), found, np.nan)))
    return Strongest(int(drawn[store.indices[best]]), float(found[best]), len(found))
