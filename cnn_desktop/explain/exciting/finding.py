"""Looks through the pictures of a split once, for all channels of all layers."""

from collections.abc import Iterator

import numpy as np
import torch

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.batches import PixelStore, pixel_store
from cnn_desktop.data.dataset import Dataset, SplitName
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.exciting.record import Excitement
from cnn_desktop.explain.exciting.storing import drawn_pictures, keep, known_excitement
from cnn_desktop.explain.recording import Operation, Recording, maps_of, outline, record
from cnn_desktop.models.model import Model

PICTURES = 10
"""Shown for each channel."""

_BATCH_BYTES = 2**28
"""Of all that a network computes for a batch; none of it can be let go of before the pass ends."""
_LARGEST_BATCH = 256


def most_exciting(
    model: Model, dataset: Dataset, split: SplitName, most: int, progress: Progress = no_progress
) -> Excitement:
    """Run `most` pictures of a split, drawn once and for all, through the network; all, where there are fewer.

    Kept on disk for the same model and pictures. `progress` counts pictures.

    Raises:
        DatasetError: hardly any of the pictures can be read.
        CancelledError: `progress` raised it.
    """
    if (known := known_excitement(model, dataset, split, most)) is not None:
        return known
    pictures = dataset.splits[split]
    drawn = drawn_pictures(len(pictures), most)
    device = next(model.module.parameters()).device
    store = pixel_store(
        pictures.subset(drawn), model.preprocessing, device, lambda _done, total: progress(0, total), memory_limit=0
    )
    layers = [found for found in _outline(model).operations.values() if found.is_layer]
    strongest = {layer.name: _Strongest(layer.map_shape[0], device) for layer in layers}
    count = 0
    for recording, size in _recordings(model, store):
        for layer in layers:
            strongest[layer.name].take(recording.operations[layer.name], count)
        count += size
        progress(count, len(drawn))
    if not count:
        raise DatasetError(_("None of the pictures of “{dataset}” could be read.").format(dataset=dataset.title))
    found = _joined(layers, strongest, drawn[store.indices], count)
    keep(found, model, dataset, split, most)
    return found


def _outline(model: Model) -> Recording:
    size = model.preprocessing
    return outline(model.module, (size.channels, size.height, size.width))


def _recordings(model: Model, store: PixelStore) -> Iterator[tuple[Recording, int]]:
    """What the network makes of each batch, and how many pictures that are."""
    numbers = sum(found.output.numel() for found in _outline(model).operations.values())
    batch_size = max(1, min(_LARGEST_BATCH, _BATCH_BYTES // (4 * numbers)))
    for pixels, labels in store.batches(None, batch_size):
        yield record(model.module, normalize(pixels, model.preprocessing)), len(labels)


class _Strongest:
    """The pictures that excite each of C channels most, among those seen so far."""

    def __init__(self, channels: int, device: torch.device) -> None:
        self.values = torch.empty(channels, 0, device=device)
        self.pictures = torch.empty(channels, 0, dtype=torch.int64, device=device)
        self.cells = torch.empty(channels, 0, dtype=torch.int64, device=device)

    def take(self, operation: Operation, first: int) -> None:
        """Take in what a batch gave, whose pictures are numbered from `first`."""
        maps = maps_of(operation).flatten(2)
        largest = maps.max(dim=2)
        values = torch.cat([self.values, largest.values.T.nan_to_num(nan=-torch.inf)], dim=1)
        numbers = torch.arange(first, first + len(maps), device=values.device).expand(values.shape[0], -1)
        best = values.topk(min(PICTURES, values.shape[1]), dim=1)
        self.values = best.values
        self.pictures = torch.cat([self.pictures, numbers], dim=1).gather(1, best.indices)
        self.cells = torch.cat([self.cells, largest.indices.T], dim=1).gather(1, best.indices)


def _joined(layers: list[Operation], strongest: dict[str, _Strongest], indices: np.ndarray, count: int) -> Excitement:
    parts = [strongest[layer.name] for layer in layers]
    channels = [len(part.values) for part in parts]
    return Excitement(
        names=np.array([layer.name for layer in layers]),
        starts=np.concatenate([[0], np.cumsum(channels)]).astype(np.int64),
        widths=np.array([layer.map_shape[2] if len(layer.map_shape) == 3 else 1 for layer in layers], np.int64),
        values=torch.cat([part.values for part in parts]).cpu().numpy(),
        pictures=indices[torch.cat([part.pictures for part in parts]).cpu().numpy()],
        cells=torch.cat([part.cells for part in parts]).cpu().numpy(),
        looked_at=np.array(count),
    )
