"""What a dataset is: pictures with labels in named splits, and where such things come from."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self

import numpy as np
from PIL import Image

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.registry import Registry
from cnn_desktop.data.images import open_image, shown

SplitName = Literal["train", "validation", "test"]


class Split(ABC):
    """Pictures with labels."""

    labels: np.ndarray
    """int64, shape (N,): each picture's place in the dataset's classes."""

    def __len__(self) -> int:
        return len(self.labels)

    @abstractmethod
    def picture(self, index: int) -> Image.Image:
        """The picture, upright, mode RGB or L.

        Raises:
            ImageError: it can't be read.
        """

    @abstractmethod
    def name(self, index: int) -> str:
        """What a person would call the picture: its file, or “test 17”."""

    @abstractmethod
    def subset(self, indices: np.ndarray) -> Self:
        """The pictures at `indices`, in that order, under the names that they have here."""


class ArraySplit(Split):
    """Pictures of one size in memory.

    Args:
        images: uint8, N×height×width×channels with 1 or 3 channels.
        labels: whole numbers, shape (N,).
        title: what the split is called in names of pictures.
        numbers: each picture's number in its published split; as they come where None.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray, title: str, numbers: np.ndarray | None = None) -> None:
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in {1, 3} or len(images) != len(labels):
            raise ValueError(f"pictures of {images.dtype} {images.shape} for {len(labels)} labels")
        self.images = images
        self.labels = labels.astype(np.int64)
        self.title = title
        self.numbers = np.arange(len(labels)) if numbers is None else numbers

    def picture(self, index: int) -> Image.Image:
        """The picture in mode L or RGB."""
        pixels = self.images[index]
        return Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)

    def name(self, index: int) -> str:
        """The split and the number: “test 17”."""
        return f"{self.title} {self.numbers[index]}"

    def subset(self, indices: np.ndarray) -> "ArraySplit":
        """A copy of the pictures at `indices`."""
        return ArraySplit(self.images[indices], self.labels[indices], self.title, self.numbers[indices])


class FileSplit(Split):
    """Picture files, read when they are asked for."""

    def __init__(self, paths: tuple[Path, ...], labels: np.ndarray) -> None:
        self.paths = paths
        self.labels = labels.astype(np.int64)

    def picture(self, index: int) -> Image.Image:
        """The file's first frame, upright RGB.

        Raises:
            ImageError: it can't be read.
        """
        return open_image(self.paths[index])

    def name(self, index: int) -> str:
        """The file's path."""
        return shown(self.paths[index])

    def subset(self, indices: np.ndarray) -> "FileSplit":
        """The files at `indices`."""
        return FileSplit(tuple(self.paths[index] for index in indices), self.labels[indices])


Splits = Mapping[SplitName, Split]
"""`train` always; the others where the dataset has them."""


@dataclass(frozen=True)
class Dataset:
    """Pictures with labels in named splits."""

    name: str
    """The registered name, or the folder's."""
    title: str
    classes: tuple[str, ...]
    channels: Literal[1, 3]
    image_size: tuple[int, int] | None
    """(height, width) where all pictures have it; None for folders."""
    splits: Splits
    notices: tuple[str, ...] = ()
    """Sentences that a person should read."""


class DatasetSource(ABC):
    """Where a dataset comes from: one instance is registered for each."""

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    class_count: int = 0
    """0: not known before it is opened."""
    picture_count: int = 0
    """In all splits; 0: not known before it is opened."""
    download_bytes: int = 0
    """0: nothing to download."""

    @abstractmethod
    def is_present(self, root: Path) -> bool:
        """Whether `load` finds it below the data root."""

    @abstractmethod
    def load(self, root: Path, progress: Progress = no_progress) -> Dataset:
        """Read it from below the data root.

        Raises:
            DatasetError: absent, with both ways to get it; or damaged.
        """

    def download(self, root: Path, progress: Progress = no_progress) -> None:
        """Fetch it to below the data root, where `load` finds it.

        Raises:
            DownloadError: it did not arrive whole.
            DatasetError: there is nothing to download.
        """
        raise DatasetError(_("{title} needs no download.").format(title=self.title))


datasets: Registry[DatasetSource] = Registry(_("dataset"))
