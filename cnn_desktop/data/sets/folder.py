"""A person's own pictures: a folder with a folder for each class."""

from pathlib import Path

import numpy as np

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Dataset, DatasetSource, FileSplit, Splits, datasets
from cnn_desktop.data.importing.layout import read_layout


@datasets.register("folder")
class Folder(DatasetSource):
    """Stands for any folder in lists of datasets; `open_folder` opens one."""

    name = "folder"
    title = _("Folder of pictures")
    summary = _("Your own pictures: a folder with a folder for each class, with or without train, val and test above")

    def is_present(self, root: Path) -> bool:
        """Never: it has to be chosen."""
        return False

    def load(self, root: Path, progress: Progress = no_progress) -> Dataset:
        """Say that the folder itself has to be named.

        Raises:
            BadInputError: always.
        """
        raise BadInputError(_("Give the path of your folder of pictures instead of the word “folder”."))


def open_folder(folder: Path, progress: Progress = no_progress) -> Dataset:
    """A folder as a dataset; its pictures are opened only when they are asked for.

    Raises:
        DatasetError: no folder, or without two classes of pictures; says what was found and what is expected.
    """
    layout = read_layout(folder, progress)
    layout.require_classes()
    label = {name: number for number, name in enumerate(layout.classes)}
    splits: Splits = {
        split: FileSplit(
            [path for paths in by_class.values() for path in paths],
            np.repeat([label[name] for name in by_class], [len(paths) for paths in by_class.values()]),
            folder,
        )
        for split, by_class in layout.pictures.items()
    }
    name = folder.resolve().name
    return Dataset(
        name,
        name,
        layout.classes,
        3,
        None,
        splits,
        notices=layout.notices,
        folder=folder,
        rule=layout.rule,
        skipped=layout.skipped,
    )
