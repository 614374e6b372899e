"""Every dataset that can be asked for by name: one module beside this one for each, found and registered here."""

import importlib
import os
import pkgutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from cnn_desktop.core.errors import BadInputError, DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import data_root
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Dataset, datasets
from cnn_desktop.data.decisions import DecisionBook, decided

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

from cnn_desktop.data.sets.folder import open_folder  # noqa: E402 - registered in the order of names, above


def open_dataset(
    name_or_folder: str, root: Path | None = None, progress: Progress = no_progress, *, as_found: bool = False
) -> Dataset:
    """Load a registered dataset from below `root` (None: the data root), or open a folder of pictures.

    Args:
        as_found: without what the person decided about it.

    Raises:
        BadInputError: neither a name nor a folder; near names are listed.
        DatasetError: absent, damaged, a folder without two classes, or one of which the decisions leave too little.
    """
    found = _found(name_or_folder, root, progress)
    if as_found:
        return found
    book = DecisionBook.of(found.source)
    dataset = decided(found, book.decisions)
    if dataset is not found and len(np.unique(dataset.splits["train"].labels)) < 2:
        message = _(
            "Your decisions leave {title} without two classes of training pictures; take some back on the Data page."
        )
        raise DatasetError(message.format(title=dataset.title))
    return replace(dataset, notices=(*dataset.notices, book.notice)) if book.notice else dataset


def is_mirrorable(name_or_folder: str) -> bool:
    """Whether the mirror image of a picture shows the same class; of a folder's it is supposed."""
    return name_or_folder not in datasets or datasets[name_or_folder].is_mirrorable


def _found(name_or_folder: str, root: Path | None, progress: Progress) -> Dataset:
    if name_or_folder in datasets:
        return datasets[name_or_folder].load(data_root() if root is None else root, progress)
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        return open_folder(folder, progress)
    if folder.exists():
        message = _(
            "{path} is a file; a dataset is a folder with a folder of pictures for each class, and the "
            "Data page makes one of an archive."
        )
        raise BadInputError(message.format(path=folder))
    if os.sep in name_or_folder or folder.is_absolute():
        raise BadInputError(_("There is no folder {path}.").format(path=folder))
    return datasets[name_or_folder].load(folder, progress)  # raises, with near names
