"""Every dataset that can be asked for by name: one module beside this one for each, found and registered here."""

import importlib
import os
import pkgutil
from pathlib import Path

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import data_root
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Dataset, datasets

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

from cnn_desktop.data.sets.folder import open_folder  # noqa: E402 - registered in the order of names, above


def open_dataset(name_or_folder: str, root: Path | None = None, progress: Progress = no_progress) -> Dataset:
    """Load a registered dataset from below `root` (None: the data root), or open a folder of pictures.

    Raises:
        BadInputError: neither a name nor a folder; near names are listed.
        DatasetError: absent, damaged, or a folder without two classes.
    """
    if name_or_folder in datasets:
        return datasets[name_or_folder].load(data_root() if root is None else root, progress)
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        return open_folder(folder, progress)
    if folder.exists():
        message = _("{path} is a file; a dataset is a folder with a folder of pictures for each class.")
        raise BadInputError(message.format(path=folder))
    if os.sep in name_or_folder or folder.is_absolute():
        raise BadInputError(_("There is no folder {path}.").format(path=folder))
    return datasets[name_or_folder].load(folder, progress)  # raises, with near names
