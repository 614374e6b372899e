"""The built-in digits (Alpaydin and Kaynak, 1998), as scikit-learn brings them."""

from pathlib import Path

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import ArraySplit, Dataset, DatasetSource, Splits, datasets
from cnn_desktop.data.splits import stratified

BRIGHTEST = 16
TEST_PART = 0.2
SPLIT_SEED = 0


@datasets.register("digits")
class Digits(DatasetSource):
    """1,797 real handwritten digits of 8×8."""

    name = "digits"
    title = _("Digits")
    summary = _(
        "1,797 real handwritten digits of 8×8 pixels, in grey; always here. "
        "A fifth, the same one every time, is for testing."
    )
    class_count = 10
    picture_count = 1_797
    is_mirrorable = False

    def is_present(self, root: Path) -> bool:
        """Always: it comes with the program."""
        return True

    def load(self, root: Path, progress: Progress = no_progress) -> Dataset:
        """Read it from scikit-learn's package; see `DatasetSource.load`."""
        from sklearn.datasets import load_digits  # noqa: PLC0415 - a second that nobody should wait for at the start

        brightness, labels = load_digits(return_X_y=True)
        images = np.rint(brightness.reshape(-1, 8, 8, 1) * (255 / BRIGHTEST)).astype(np.uint8)
        train, test = stratified(labels, TEST_PART, SPLIT_SEED)
        splits: Splits = {
            "train": ArraySplit(images[train], labels[train], "train"),
            "test": ArraySplit(images[test], labels[test], "test"),
        }
        return Dataset(self.name, self.title, tuple("0123456789"), 1, (8, 8), splits)
