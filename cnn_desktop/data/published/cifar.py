"""CIFAR-10 and CIFAR-100: pickled pictures in torchvision's layout, read without running anything.

The format: https://www.cs.toronto.edu/~kriz/cifar.html (rows of 3,072 bytes: 32×32 red, then green, then blue).
"""

import hashlib
import io
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import ArraySplit, Dataset, DatasetSource, SplitName
from cnn_desktop.data.published.files import PublishedFile, absent, fetch_files
from cnn_desktop.data.published.unpacking import unpack_tar


class CifarSource(DatasetSource):
    """A dataset of pickled batches in `<folder>`."""

    archive: PublishedFile
    train_files: Sequence[PublishedFile]
    test_files: Sequence[PublishedFile]
    names_file: PublishedFile
    names_key: ClassVar[str]
    labels_key: ClassVar[str]
    mirrors: Sequence[str]

    @property
    def _files(self) -> list[PublishedFile]:
        return [*self.train_files, *self.test_files, self.names_file]

    def is_present(self, root: Path) -> bool:
        """Whether all files are there."""
        return all((root / self.folder / file.name).is_file() for file in self._files)

    def load(self, root: Path, progress: Progress = no_progress) -> Dataset:
        """Read and check all files; see `DatasetSource.load`."""
        if not self.is_present(root):
            raise absent(self, [f"{self.folder}/{file.name}" for file in self._files], root)
        contents: dict[str, dict[str, Any]] = {}
        for done, file in enumerate(self._files):
            progress(done, len(self._files))
            contents[file.name] = _read(root / self.folder / file.name, file.md5)
        progress(len(self._files), len(self._files))
        names = contents[self.names_file.name].get(self.names_key)
        if not isinstance(names, list) or len(names) < 2:
            raise _damaged(root / self.folder / self.names_file.name)
        classes = tuple(str(name).replace("_", " ") for name in names)
        train = self._split(root, contents, self.train_files, "train", len(classes))
        test = self._split(root, contents, self.test_files, "test", len(classes))
        return Dataset(self.name, self.title, classes, 3, (32, 32), {"train": train, "test": test})

    def download(self, root: Path, progress: Progress = no_progress) -> None:
        """Fetch the archive and unpack its batches, as torchvision lays them out; see `DatasetSource.download`."""
        fetch_files([self.archive], self.mirrors, root, self.download_bytes, progress)
        self._unpack(root / self.archive.name, root)

    @property
    def published_names(self) -> Sequence[str]:
        """The archive's name."""
        return (self.archive.name,)

    def take_in(self, file: Path, md5: str, root: Path) -> bool:
        """Unpack the batches if it is the archive; see `DatasetSource.take_in`."""
        if md5 != self.archive.md5:
            return False
        self._unpack(file, root)
        return True

    def _unpack(self, archive: Path, root: Path) -> None:
        unpack_tar(archive, root, [f"{self.folder}/{file.name}" for file in self._files])

    def _split(
        self,
        root: Path,
        contents: dict[str, dict[str, Any]],
        files: Sequence[PublishedFile],
        origin: SplitName,
        classes: int,
    ) -> ArraySplit:
        images: list[np.ndarray] = []
        labels: list[np.ndarray] = []
        for file in files:
            pixels, truth = contents[file.name].get("data"), contents[file.name].get(self.labels_key)
            if not _fit(pixels, truth, classes):
                raise _damaged(root / self.folder / file.name)
            images.append(np.asarray(pixels).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
            labels.append(np.asarray(truth, dtype=np.int64))
        return ArraySplit(np.ascontiguousarray(np.concatenate(images)), np.concatenate(labels), origin)


def _fit(pixels: object, truth: object, classes: int) -> bool:
    return (
        isinstance(pixels, np.ndarray)
        and isinstance(truth, list)
        and pixels.dtype == np.uint8
        and pixels.shape == (len(truth), 3 * 32 * 32)
        and all(isinstance(label, int) and 0 <= label < classes for label in truth)
    )


class _ArraysOnly(pickle.Unpickler):
    """Makes numpy arrays and plain values, and refuses all else that a pickle may ask for."""

    _allowed = {
        (module, name): made
        for module in ("numpy.core.multiarray", "numpy._core.multiarray", "numpy")
        for name, made in {
            "_reconstruct": np.empty(0).__reduce__()[0],
            "ndarray": np.ndarray,
            "dtype": np.dtype,
        }.items()
    } | {("_codecs", "encode"): lambda text, _encoding: text.encode("latin1")}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._allowed:
            raise pickle.UnpicklingError(f"{module}.{name} is not an array")
        return self._allowed[module, name]


def _read(path: Path, md5: str) -> dict[str, Any]:
    """A batch, after its hash was found right: what differs by a bit isn't even looked into."""
    try:
        content = path.read_bytes()
    except OSError as error:
        message = _("{file} can't be read: {reason}.")
        raise DatasetError(message.format(file=path, reason=error.strerror or error)) from error
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise _damaged(path)
    try:
        batch = _ArraysOnly(io.BytesIO(content), encoding="latin1").load()
    except (pickle.UnpicklingError, ArithmeticError, AttributeError, EOFError, LookupError, MemoryError) as error:
        raise _damaged(path) from error
    except (TypeError, ValueError) as error:
        raise _damaged(path) from error
    if not isinstance(batch, dict):
        raise _damaged(path)
    return batch


def _damaged(path: Path) -> DatasetError:
    return DatasetError(
        _("{file} isn't the file that was published; remove it and download it again.").format(file=path)
    )
