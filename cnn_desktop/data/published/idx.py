"""MNIST and its relatives: pictures and labels in IDX files, in torchvision's layout.

The format: http://yann.lecun.com/exdb/mnist/ (two zero bytes, the type, the number of dimensions, each dimension as a
big-endian 32-bit number, then the values).
"""

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, ClassVar, cast

import numpy as np

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import ArraySplit, Dataset, DatasetSource, SplitName
from cnn_desktop.data.published.files import PublishedFile, absent, fetch_files
from cnn_desktop.data.published.unpacking import unpack_gzip

_UNSIGNED_BYTE = 8
_MAX_VALUES = 1 << 30


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """The values of an IDX file of unsigned bytes, packed by gzip or not, as uint8 with that many dimensions.

    Raises:
        DatasetError: another kind of file, cut off, or with bytes left over.
    """
    try:
        with _open(path) as stream:
            head = stream.read(4 + 4 * dimensions)
            shape = np.frombuffer(head[4:], dtype=">u4").astype(np.int64)
            if head[:4] != bytes([0, 0, _UNSIGNED_BYTE, dimensions]) or len(shape) != dimensions:
                raise DatasetError(_("{file} isn't the IDX file that its name says.").format(file=path))
            count = int(np.prod(shape, dtype=np.float64))
            values = stream.read(min(count, _MAX_VALUES) + 1)  # one more shows what is too long
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise _damaged(path) from error
    if len(values) != count:
        raise _damaged(path)
    return np.frombuffer(bytearray(values), dtype=np.uint8).reshape(shape)


class IdxSource(DatasetSource):
    """A dataset of four IDX files in `<folder>/raw`."""

    classes: ClassVar[tuple[str, ...]]
    files: Sequence[PublishedFile]
    """The packed files: training pictures, training labels, test pictures, test labels."""
    mirrors: Sequence[str]

    def is_present(self, root: Path) -> bool:
        """Whether all four files are there, packed or not."""
        return all(self._find(root, file) for file in self.files)

    def load(self, root: Path, progress: Progress = no_progress) -> Dataset:
        """Read the four files; see `DatasetSource.load`."""
        paths = [self._find(root, file) for file in self.files]
        found = [path for path in paths if path]
        if len(found) < len(paths):
            raise absent(self, [file.name for file in self.files], self._raw(root))
        progress(0, 2)
        train = self._read_split(found[0], found[1], "train")
        progress(1, 2)
        test = self._read_split(found[2], found[3], "test")
        progress(2, 2)
        height, width = train.images.shape[1:3]
        return Dataset(self.name, self.title, self.classes, 1, (height, width), {"train": train, "test": test})

    def download(self, root: Path, progress: Progress = no_progress) -> None:
        """Fetch the four files and unpack them, as torchvision lays them out; see `DatasetSource.download`."""
        fetch_files(self.files, self.mirrors, self._raw(root), self.download_bytes, progress)
        for file in self.files:
            packed = self._raw(root) / file.name
            unpack_gzip(packed, packed.with_suffix(""))

    @property
    def published_names(self) -> Sequence[str]:
        """The four packed files."""
        return [file.name for file in self.files]

    def take_in(self, file: Path, md5: str, root: Path) -> bool:
        """Unpack it if it is one of the four; see `DatasetSource.take_in`."""
        name = next((known.name for known in self.files if known.md5 == md5), None)
        if name is None:
            return False
        unpack_gzip(file, (self._raw(root) / name).with_suffix(""))
        return True

    def _read_split(self, images: Path, labels: Path, origin: SplitName) -> ArraySplit:
        pictures, truth = read_idx(images, 3), read_idx(labels, 1)
        if len(pictures) != len(truth) or not len(truth) or truth.max() >= len(self.classes):
            raise DatasetError(
                _("{images} and {labels} don't belong together: the labels don't fit the pictures.").format(
                    images=images, labels=labels.name
                )
            )
        return ArraySplit(pictures[..., None], truth, origin)

    def _raw(self, root: Path) -> Path:
        return root / self.folder / "raw"

    def _find(self, root: Path, file: PublishedFile) -> Path | None:
        packed = self._raw(root) / file.name
        return next((path for path in (packed.with_suffix(""), packed) if path.is_file()), None)


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _damaged(path: Path) -> DatasetError:
    return DatasetError(_("{file} is damaged or cut off; remove it and download it again.").format(file=path))
