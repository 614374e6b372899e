"""The pictures that all contestants train on: real ones where there are any, else random bytes of the same shape."""

import os
from functools import partial
from pathlib import Path

import numpy as np

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import ArraySplit, Dataset, DatasetSource, Splits, datasets

# As many as MNIST and CIFAR-10 have for training, but for what a last, smaller batch of 128 would hold.
_SHAPES = {"mnist": (59_904, 28, 28, 1), "cifar10": (49_920, 32, 32, 3)}
_CLASSES = 10


def write_pictures(folder: Path, name: str) -> Path:
    """Write `<name>.npz` with `images` (uint8, N×height×width×channels) and `labels` (int64, shape (N,)).

    They are those of the training split where `CNN_DESKTOP_DATA` or `CNN_DESKTOP_TEST_DATA` holds the dataset.
    """
    root = real_data()
    count, *size = _SHAPES[name]
    if root is not None and _source(name).is_present(root):
        split = _source(name).load(root).splits["train"]
        assert isinstance(split, ArraySplit)
        images, labels = split.images[:count], split.labels[:count]
    else:
        generator = np.random.default_rng(0)
        images = generator.integers(0, 256, (count, *size), dtype=np.uint8)
        labels = generator.integers(0, _CLASSES, count)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.npz"
    np.savez(file, images=images, labels=labels)
    return file


def read_pictures(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels that `write_pictures` wrote."""
    with np.load(file) as arrays:
        return arrays["images"], arrays["labels"]


def real_data() -> Path | None:
    """The folder of real datasets that the environment names, if any."""
    given = os.environ.get("CNN_DESKTOP_DATA") or os.environ.get("CNN_DESKTOP_TEST_DATA")
    return Path(given) if given else None


def _source(name: str) -> DatasetSource:
    import cnn_desktop.data.sets  # noqa: F401, PLC0415 - registers them; in the window not before torch is there

    return datasets[name]


class WrittenPictures(DatasetSource):
    """What `write_pictures` left in the data root, as a dataset that can be chosen by name."""

    summary = "For benchmarks"
    class_count = _CLASSES

    def __init__(self, name: str) -> None:
        self._file = f"{name}.npz"
        self.name = self.title = dataset_name(name)  # pyright: ignore[reportAttributeAccessIssue]
        self.picture_count = _SHAPES[name][0]

    def is_present(self, root: Path) -> bool:
        """Whether the benchmark wrote it."""
        return (root / self._file).is_file()

    def load(self, root: Path, progress: Progress = no_progress) -> Dataset:
        """One split, for training."""
        images, labels = read_pictures(root / self._file)
        height, width, channels = images.shape[1:]
        classes = tuple(str(number) for number in range(_CLASSES))
        splits: Splits = {"train": ArraySplit(images, labels, "train")}
        return Dataset(self.name, self.title, classes, channels, (height, width), splits)


def dataset_name(name: str) -> str:
    """The registered name of the pictures that were written as `name`."""
    return f"benchmark-{name}"


def register_pictures() -> None:
    """Let the program know the datasets; in a contestant's process, which nobody else looks into."""
    for name in _SHAPES:
        datasets.register(dataset_name(name))(partial(WrittenPictures, name))
