"""A training looked at again through its snapshots: what it answered when, and what it took for what."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.batches import pixel_store
from cnn_desktop.data.dataset import SplitName
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.explain.viewing import picture_batch
from cnn_desktop.models.model import Model
from cnn_desktop.predict.evaluation.confusion import confusion_matrix
from cnn_desktop.train.runs.listing import read_run
from cnn_desktop.train.runs.snapshots import SnapshotInfo, open_snapshot, snapshots_of

MOST_PICTURES = 1000
"""Of the validation part, by which a moment is measured: a share then is right to about three per cent."""
_AT_ONCE = 8 * 224 * 224
"""Pixels that a processor is given at a time."""
_UNLEARNED: tuple[SplitName, ...] = ("validation", "test")


class Sample:
    """Pictures that a run didn't learn from, as its network is given them.

    Args:
        run_dir: the run's folder.
        model: any state of its network.
        progress: counts the pictures that are read.

    Raises:
        DatasetError: the dataset isn't on this machine, or has nothing that the run didn't learn from.
        BadInputError: the run's settings can't be read.
    """

    def __init__(self, run_dir: Path, model: Model, progress: Progress = no_progress) -> None:
        config = read_run(run_dir).config
        dataset = with_validation(open_dataset(config.dataset, config.data_root, progress), config.val_fraction)
        split = next((dataset.splits[name] for name in _UNLEARNED if name in dataset.splits), None)
        if split is None or not len(split) or dataset.classes != model.classes:
            text = _("“{dataset}” has no pictures by which this run can be measured.")
            raise DatasetError(text.format(dataset=dataset.title))
        chosen = np.unique(np.linspace(0, len(split) - 1, min(MOST_PICTURES, len(split))).round().astype(int))
        self.classes = model.classes
        self._store = pixel_store(split.subset(chosen), model.preprocessing, torch.device("cpu"), progress)

    def __len__(self) -> int:
        return len(self._store)

    def confusion(self, model: Model, progress: Progress = no_progress) -> np.ndarray:
        """int64 classes×classes: how many pictures of the class of a row `model` takes for that of a column."""
        size = model.preprocessing
        at_once = max(1, _AT_ONCE // (size.height * size.width))
        labels, answers = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        with torch.inference_mode():
            for pixels, own in self._store.batches(None, at_once):
                progress(sum(map(len, labels)), len(self))
                labels.append(own.numpy())
                answers.append(model.module(normalize(pixels, size)).argmax(1).numpy())
        return confusion_matrix(np.concatenate(labels), np.concatenate(answers), len(self.classes))


def run_of(ref: str) -> Path | None:
    """The run's folder that the name of a model stands for: its own, or that of a model file in it.

    None where the run has no snapshots, or where there is none.
    """
    path = next((path for path in (Path(ref), runs_dir() / ref) if ref and path.exists()), None)
    if path is None:
        return None
    folder = path if path.is_dir() else path.parent
    return folder if snapshots_of(folder) else None


def probabilities_over_time(
    snapshots: Sequence[SnapshotInfo], picture: OpenedPicture, progress: Progress = no_progress
) -> np.ndarray:
    """float32 snapshots×classes: how probable each class was for `picture` at each moment.

    Raises:
        ModelError: a snapshot has gone, or one bit of it has changed.
        ImageError: the picture can't be read.
    """
    rows: list[np.ndarray] = []
    for done, snapshot in enumerate(snapshots):
        progress(done, len(snapshots))
        model = open_snapshot(snapshot)
        with torch.inference_mode():
            rows.append(model.module(picture_batch(model, picture))[0].softmax(0).numpy())
    return np.stack(rows)
