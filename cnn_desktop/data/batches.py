"""A split as uint8 batches on the device: held there whole where it fits, else decoded ahead by threads."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np
import torch

from cnn_desktop.core.errors import DatasetError, ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import ArraySplit, Split
from cnn_desktop.data.memory import memory_for_pixels
from cnn_desktop.data.reading import Reader

MAX_SKIPPED_SHARE = 0.5
"""When more of a split's pictures than this can't be read, it isn't the dataset that was chosen any more."""

Batch = tuple[torch.Tensor, torch.Tensor]


class PixelStore(ABC):
    """A split, preprocessed, as uint8 batches on a device."""

    labels: torch.Tensor
    """int64, shape (N,), on the device; when streamed, also of pictures that turn out to be unreadable."""
    skipped: list[str]
    """A sentence for each picture that couldn't be read; when streamed, it grows while batches are read."""

    def __len__(self) -> int:
        return len(self.labels)

    def move_to(self, device: torch.device) -> None:
        """Keep what is held on `device`; batches must not be asked for before it is back."""
        self.labels = self.labels.to(device)

    @property
    @abstractmethod
    def indices(self) -> np.ndarray:
        """int64: which of the split's pictures these are; when streamed, less those found unreadable so far."""

    @abstractmethod
    def batches(self, order: torch.Tensor | None, batch_size: int) -> Iterator[Batch]:
        """uint8 N×C×H×W in channels_last, and labels; the last batch may be smaller.

        Args:
            order: int64 places in this store, on any device; None: all, as they come.

        Raises:
            DatasetError: while streaming, more than `MAX_SKIPPED_SHARE` of the pictures couldn't be read.
        """


def pixel_store(
    split: Split,
    preprocessing: Preprocessing,
    device: torch.device,
    progress: Progress = no_progress,
    memory_limit: int | None = None,
    cached: bool = True,
) -> PixelStore:
    """Preprocess `split` for `device`; pictures that can't be read are left out and listed.

    Args:
        memory_limit: bytes that its pixels may take; None: what `memory_for_pixels` finds.
        cached: read what was decoded before from disk, and keep what is decoded now (`data.caches.pixel_cache`).

    Raises:
        DatasetError: most of its pictures can't be read.
    """
    if not len(split):
        raise DatasetError(_("There are no pictures to work with."))
    if not stays_in_memory(split, preprocessing, device, memory_limit):
        return _Streamed(split, Reader(split, preprocessing, cached), device)
    if isinstance(split, ArraySplit) and _is_ready(split, preprocessing):
        return _InMemory(split.images, split.labels, device, np.arange(len(split)), [])
    pixels, kept, skipped = _read_all(Reader(split, preprocessing, cached), len(split), progress)
    return _InMemory(pixels, split.labels[kept], device, np.array(kept, dtype=np.int64), skipped)


def stays_in_memory(
    split: Split, preprocessing: Preprocessing, device: torch.device, memory_limit: int | None = None
) -> bool:
    """Whether `pixel_store` holds the whole of `split` on `device`, or decodes it again in each epoch."""
    if device.type == "cpu" and isinstance(split, ArraySplit) and _is_ready(split, preprocessing):
        return True  # it is the same memory once more
    size = len(split) * preprocessing.height * preprocessing.width * preprocessing.channels
    return size <= (memory_for_pixels(device) if memory_limit is None else memory_limit)


class _InMemory(PixelStore):
    """All pixels as one tensor, N×height×width×channels, out of which batches are gathered."""

    def __init__(
        self, pixels: np.ndarray, labels: np.ndarray, device: torch.device, indices: np.ndarray, skipped: list[str]
    ) -> None:
        self.pixels = torch.from_numpy(pixels if pixels.flags.writeable else pixels.copy()).to(device)
        self.labels = torch.from_numpy(labels).to(device)
        self.skipped = skipped
        self._indices = indices

    @property
    def indices(self) -> np.ndarray:
        return self._indices

    def move_to(self, device: torch.device) -> None:
        super().move_to(device)
        self.pixels = self.pixels.to(device)

    def batches(self, order: torch.Tensor | None, batch_size: int) -> Iterator[Batch]:
        if order is None:
            parts = zip(self.pixels.split(batch_size), self.labels.split(batch_size), strict=True)
        else:
            places = order.to(self.labels.device).split(batch_size)
            parts = ((self.pixels.index_select(0, part), self.labels.index_select(0, part)) for part in places)
        for pixels, labels in parts:
            # Channels lie last in memory already; only the names of the dimensions change.
            yield pixels.permute(0, 3, 1, 2), labels


class _Streamed(PixelStore):
    """Pictures read by threads while the batches before them are worked on."""

    def __init__(self, split: Split, reader: Reader, device: torch.device) -> None:
        self.split = split
        self.device = device
        self.labels = torch.from_numpy(split.labels).to(device)
        self.skipped = []
        self._reader = reader
        self._unreadable: set[int] = set()

    @property
    def indices(self) -> np.ndarray:
        return np.delete(np.arange(len(self)), list(self._unreadable))

    def batches(self, order: torch.Tensor | None, batch_size: int) -> Iterator[Batch]:
        indices = np.arange(len(self)) if order is None else order.cpu().numpy()
        with contextlib.closing(self._reader.batches(indices, batch_size)) as batches:
            for parts in batches:
                errors = {place: error for part in parts for place, error in part.errors.items()}
                pixels, chosen = parts[0].pixels, np.concatenate([part.indices for part in parts])
                if errors:
                    for place, error in errors.items():
                        self._skip(int(chosen[place]), error)
                    good = [place for place in range(len(chosen)) if place not in errors]
                    pixels, chosen = pixels[good], chosen[good]
                if len(chosen):
                    yield self._to_device(pixels).permute(0, 3, 1, 2), self._to_device(self.split.labels[chosen])

    def _skip(self, index: int, error: ImageError) -> None:
        if index in self._unreadable:
            return
        self._unreadable.add(index)
        self.skipped.append(str(error))
        _refuse_mostly_unreadable(self.skipped, len(self))

    def _to_device(self, values: np.ndarray) -> torch.Tensor:
        tensor = torch.from_numpy(values)
        return (
            tensor.pin_memory().to(self.device, non_blocking=True)
            if self.device.type == "cuda"
            else tensor.to(self.device)
        )


def _is_ready(split: ArraySplit, preprocessing: Preprocessing) -> bool:
    """Whether the pictures have the wanted size and channels, so that preprocessing leaves their pixels as they are."""
    size = preprocessing.height, preprocessing.width
    same = split.images.shape[1:] == (*size, preprocessing.channels)
    return same and (preprocessing.resize == "stretch" or preprocessing.shorter_side == min(size))


def _read_all(reader: Reader, count: int, progress: Progress) -> tuple[np.ndarray, list[int], list[str]]:
    """Pixels (uint8, N×height×width×channels) of the readable pictures, which these are, and why the others aren't."""
    kept: list[int] = []
    skipped: list[str] = []
    pixels, reading = reader.all()
    with contextlib.closing(reading) as parts:
        for part in parts:
            progress(part.begin, count)
            for place in range(part.begin, part.begin + len(part.indices)):
                if place in part.errors:
                    skipped.append(str(part.errors[place]))
                    _refuse_mostly_unreadable(skipped, count)
                else:
                    if len(kept) < place:  # it moves up where others are missing
                        pixels[len(kept)] = pixels[place]
                    kept.append(place)
    progress(count, count)
    return pixels[: len(kept)], kept, skipped


def _refuse_mostly_unreadable(skipped: list[str], count: int) -> None:
    if len(skipped) > MAX_SKIPPED_SHARE * count:
        message = _("More than half of the {count} pictures can't be read; the last of them: {reason}")
        raise DatasetError(message.format(count=count, reason=skipped[-1]))
