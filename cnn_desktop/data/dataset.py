"""What a dataset is: pictures with labels in named splits, and where such things come from."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np
from PIL import Image

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.registry import Registry
from cnn_desktop.data.images import open_image
from cnn_desktop.data.path_list import PathList

# What decodes needs torch, for which nobody should wait who only asks which datasets there are.
if TYPE_CHECKING:
    from cnn_desktop.data.decoding import OpenedPicture

SplitName = Literal["train", "validation", "test"]
SPLIT_NAMES: tuple[SplitName, ...] = ("train", "validation", "test")


def split_title(split: str) -> str:
    """What a split is called in sentences: “training”, “validation”, “test”."""
    return {"train": _("training"), "validation": _("validation"), "test": _("test")}[split]


@dataclass(frozen=True, slots=True)
class PictureRef:
    """Which picture of a dataset; valid as long as the dataset's splits are what they are."""

    split: SplitName
    index: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was met on the way and isn't a picture of the dataset."""

    file: str
    """Its path below the dataset's folder, as a person reads it."""
    reason: str
    """Why, as the end of a sentence that begins with the file: “is a link that leads nowhere”."""


class Split(ABC):
    """Pictures with labels."""

    labels: np.ndarray
    """int64, shape (N,): each picture's place in the dataset's classes."""

    def __len__(self) -> int:
        return len(self.labels)

    @abstractmethod
    def picture(self, index: int) -> Image.Image:
        """The picture in its full size, upright, mode RGB or L.

        Raises:
            ImageError: it can't be read.
        """

    def pixels(self, index: int, preprocessing: Preprocessing) -> np.ndarray:
        """What a network is given of the picture before it is normalised: uint8, channels×height×width.

        Raises:
            ImageError: it can't be read.
        """
        from cnn_desktop.data.pictures import to_pixels  # noqa: PLC0415

        return to_pixels(self.picture(index), preprocessing)

    def opened(self, index: int) -> "OpenedPicture":
        """The picture, for a person and a network to look at.

        Raises:
            ImageError: it can't be read.
        """
        from cnn_desktop.data.decoding import OpenedPicture  # noqa: PLC0415

        return OpenedPicture(self.picture(index))

    @abstractmethod
    def key(self, index: int) -> str:
        """What the picture is called in every session and language; no other in the dataset is called so."""

    def all_keys(self) -> list[str]:
        """The keys of all pictures, in their order."""
        return [self.key(index) for index in range(len(self))]

    @abstractmethod
    def name(self, index: int) -> str:
        """What a person would call the picture: its file, or “test 17”."""

    @abstractmethod
    def subset(self, indices: np.ndarray) -> Self:
        """The pictures at `indices`, in that order, under the keys and names that they have here."""

    @abstractmethod
    def with_labels(self, labels: np.ndarray) -> Self:
        """The same pictures under other labels, int64 of shape (N,)."""

    @abstractmethod
    def joined(self, others: Sequence["Split"]) -> Self:
        """These pictures followed by those of `others`, which are of the same kind and size."""

    def _followed_by(self, others: Sequence["Split"]) -> list[Self]:
        parts = [self, *(other for other in others if isinstance(other, type(self)))]
        if len(parts) <= len(others):
            raise TypeError(f"pictures of another kind than {type(self).__name__}")
        return parts


class ArraySplit(Split):
    """Pictures of one size in memory.

    Args:
        images: uint8, N×height×width×channels with 1 or 3 channels.
        labels: whole numbers, shape (N,).
        origin: the published split that they come from.
        keys: shape (N,); None: the split and the number, “test 17”, as they come.
    """

    def __init__(
        self, images: np.ndarray, labels: np.ndarray, origin: SplitName, keys: np.ndarray | None = None
    ) -> None:
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in {1, 3} or len(images) != len(labels):
            raise ValueError(f"pictures of {images.dtype} {images.shape} for {len(labels)} labels")
        self.images = images
        self.labels = labels.astype(np.int64)
        self.origin: SplitName = origin
        self.keys = np.array([f"{origin} {number}" for number in range(len(labels))]) if keys is None else keys

    def picture(self, index: int) -> Image.Image:
        """The picture in mode L or RGB."""
        pixels = self.images[index]
        return Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)

    def key(self, index: int) -> str:
        """The published split and the number in it: “test 17”."""
        return str(self.keys[index])

    def all_keys(self) -> list[str]:
        """The keys of all pictures, in their order."""
        return self.keys.tolist()

    def name(self, index: int) -> str:
        """The same in the person's language."""
        word, number = self.key(index).split(" ", 1)
        return f"{split_title(word)} {number}"

    def subset(self, indices: np.ndarray) -> "ArraySplit":
        """A copy of the pictures at `indices`."""
        return ArraySplit(self.images[indices], self.labels[indices], self.origin, self.keys[indices])

    def with_labels(self, labels: np.ndarray) -> "ArraySplit":
        """The same array of pictures under other labels."""
        return ArraySplit(self.images, labels, self.origin, self.keys)

    def joined(self, others: Sequence[Split]) -> Self:
        """A copy of all of them."""
        parts = self._followed_by(others)
        images, labels, keys = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels", "keys")
        )
        return type(self)(images, labels, self.origin, keys)


class FileSplit(Split):
    """Picture files, read when they are asked for.

    Args:
        paths: the files.
        labels: whole numbers, shape (N,).
        folder: the dataset's; keys are paths below it.
    """

    def __init__(self, paths: Iterable[str | Path], labels: np.ndarray, folder: Path) -> None:
        self.paths = paths if isinstance(paths, PathList) else PathList(paths)
        self.labels = labels.astype(np.int64)
        self.folder = folder

    def picture(self, index: int) -> Image.Image:
        """The file's first frame, upright RGB.

        Raises:
            ImageError: it can't be read.
        """
        return open_image(self.paths[index])

    def pixels(self, index: int, preprocessing: Preprocessing) -> np.ndarray:
        """As every split; `scaled` JPEGs aren't decoded whole for that.

        Raises:
            ImageError: it can't be read.
        """
        from cnn_desktop.data.decoding import read_pixels  # noqa: PLC0415

        return read_pixels(self.paths[index], preprocessing)

    def opened(self, index: int) -> "OpenedPicture":
        """As every split.

        Raises:
            ImageError: it can't be read.
        """
        from cnn_desktop.data.decoding import open_picture  # noqa: PLC0415

        return open_picture(self.paths[index])

    def key(self, index: int) -> str:
        """The path below the dataset's folder, with `/`; bytes that aren't UTF-8 as `\\xe9`."""
        return self.paths[index : index + 1].below(self.folder)[0]

    def all_keys(self) -> list[str]:
        """The keys of all files, in their order."""
        return self.paths.below(self.folder)

    def name(self, index: int) -> str:
        """The file's path."""
        return shown(self.paths[index])

    def subset(self, indices: np.ndarray) -> "FileSplit":
        """The files at `indices`."""
        return FileSplit(self.paths.at(indices), self.labels[indices], self.folder)

    def with_labels(self, labels: np.ndarray) -> "FileSplit":
        """The same files under other labels."""
        return FileSplit(self.paths, labels, self.folder)

    def joined(self, others: Sequence[Split]) -> Self:
        """The files of all of them."""
        parts = self._followed_by(others)
        paths = [path for part in parts for path in part.paths.texts]
        return type(self)(paths, np.concatenate([part.labels for part in parts]), self.folder)


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
    folder: Path | None = None
    """Where its files lie; None for registered datasets."""
    rule: str = ""
    """How a folder was understood, in a sentence; empty for registered datasets."""
    skipped: tuple[Skipped, ...] = ()
    """Files that were left out because of their names or what they are; nothing was opened for that."""

    @property
    def source(self) -> str:
        """What a `RunConfig` calls it: the registered name, or the folder's path."""
        return self.name if self.folder is None else str(self.folder)


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
    folder: str = ""
    """Where it lies below the data root; empty: nowhere."""
    is_mirrorable: bool = True
    """Whether the mirror image of a picture shows the same class: that of a digit mostly shows none."""

    @property
    def published_names(self) -> Sequence[str]:
        """Names of the files that it is published as; empty: it isn't."""
        return ()

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

    def take_in(self, file: Path, md5: str, root: Path) -> bool:
        """Lay a published file out below the data root, where `load` finds it; whether it is one of this dataset's.

        Args:
            md5: of the file, in hex; nothing else says what it is.

        Raises:
            DownloadError: it can't be laid out.
        """
        return False


datasets: Registry[DatasetSource] = Registry(_("dataset"))
