"""The dataset that a model was trained on, and its pictures as the Inspect page takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.pictures import GivenPicture

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, SplitName
    from cnn_desktop.models.model import Model


def open_model_dataset(model: Model, progress: Progress = no_progress) -> Dataset:
    """The dataset, as the person decided about it.

    Raises:
        BadInputError: the model doesn't say which.
        DatasetError: it isn't on this machine.
    """
    from cnn_desktop.data.sets import open_dataset

    name = str(model.figures.get("dataset", ""))
    if not name:
        raise BadInputError(_("{title} doesn't say on which dataset it was trained.").format(title=model.title))
    root = model.figures.get("data_root")
    return open_dataset(name, Path(str(root)) if root else None, progress)


def tested_split(dataset: Dataset) -> SplitName:
    """The part that training saw least: test, else validation, else training."""
    order: tuple[SplitName, ...] = ("test", "validation", "train")
    return next(name for name in order if name in dataset.splits)


def given_picture(dataset: Dataset, split: SplitName, index: int) -> GivenPicture:
    """One of its pictures, not yet read, under its name and class."""
    pictures = dataset.splits[split]
    text = _("{picture}, class {label}")
    label = dataset.classes[int(pictures.labels[index])]
    return GivenPicture(text.format(picture=pictures.name(index), label=label), lambda: pictures.opened(index))
