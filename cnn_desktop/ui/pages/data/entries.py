"""What the list of datasets offers, gathered in a job's thread once the engine is there. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import bytes_text


@dataclass(frozen=True)
class DatasetEntry:
    """A line of the list."""

    source: str
    """The registered name, or the folder's path: what a `RunConfig` calls it."""
    title: str
    summary: str
    is_folder: bool
    """Whether it is the person's own."""
    is_present: bool
    download_bytes: int = 0

    @property
    def line(self) -> str:
        """The smaller text below the title."""
        if self.is_present:
            return self.summary
        if self.download_bytes:
            return _("{size} to download").format(size=bytes_text(self.download_bytes))
        return _("No longer there") if self.is_folder else _("Not here")


def list_entries(folders: Sequence[str], progress: Progress = no_progress) -> list[DatasetEntry]:
    """The person's folders as they are remembered, then every registered dataset."""
    from cnn_desktop.core.paths import data_root
    from cnn_desktop.data.sets import datasets

    progress(0, 0)
    own = [folder_entry(folder, is_present=Path(folder).is_dir()) for folder in folders]
    registered = [
        DatasetEntry(
            source=name,
            title=source.title,
            summary=_size_text(source.picture_count, source.class_count) or source.summary,
            is_folder=False,
            is_present=source.is_present(data_root()),
            download_bytes=source.download_bytes,
        )
        for name, source in ((name, datasets[name]) for name in datasets)
        if name != "folder"
    ]
    return [*own, *registered]


def is_folder(source: str) -> bool:
    """Whether that is a folder of the person's, and no registered name."""
    return Path(source).is_absolute()


def folder_entry(folder: str, *, is_present: bool = True) -> DatasetEntry:
    """The line of a folder of the person's."""
    place = Path(folder)
    return DatasetEntry(folder, place.name or folder, _short(place.parent), is_folder=True, is_present=is_present)


def _short(place: Path) -> str:
    home = Path.home()
    return f"~/{place.relative_to(home).as_posix()}" if place != home and place.is_relative_to(home) else str(place)


def _size_text(pictures: int, classes: int) -> str:
    text = _("{pictures:,} in {classes} classes")
    return text.format(pictures=pictures, classes=classes) if pictures else ""
