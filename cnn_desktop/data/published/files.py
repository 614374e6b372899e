"""Datasets that somebody publishes as files: which, from where, and what to say when they are absent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.download import fetch
from cnn_desktop.core.errors import DatasetError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.units import bytes_text
from cnn_desktop.data.dataset import DatasetSource


@dataclass(frozen=True)
class PublishedFile:
    """A file with the hash that its publisher (and torchvision) gives."""

    name: str
    md5: str


def fetch_files(
    files: Sequence[PublishedFile], mirrors: Sequence[str], folder: Path, total: int, progress: Progress
) -> None:
    """Download `files` into `folder`, each from the first mirror that has it; progress runs over all of them.

    Args:
        mirrors: addresses that end in `/`, to which the names are added.
        total: bytes of all files together.

    Raises:
        DownloadError: a file that no mirror gave whole.
    """
    before = 0
    for file in files:
        target = folder / file.name
        urls = [mirror + file.name for mirror in mirrors]
        fetch(urls, target, md5=file.md5, progress=_shifted(progress, before, total))
        before += target.stat().st_size
        progress(before, total)


def absent(source: DatasetSource, names: Sequence[str], folder: Path) -> DatasetError:
    """The error for a dataset whose files aren't there, with all ways out."""
    return DatasetError(
        _(
            "{title} isn't here yet: choose Download in the window ({size}), run “cnn-desktop datasets download "
            "{name}”, or put the files {names} into {folder}."
        ).format(
            title=source.title,
            size=bytes_text(source.download_bytes),
            name=source.name,
            names=listed(names),
            folder=folder,
        )
    )


def _shifted(progress: Progress, before: int, total: int) -> Callable[[int, int], None]:
    return lambda done, _of_file: progress(before + done, total)
