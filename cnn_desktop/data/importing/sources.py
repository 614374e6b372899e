"""From whatever a person has (a folder, a table, an archive, a published file) to a dataset that can be opened."""

import hashlib
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.errors import BadInputError, DatasetError, listed
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.paths import data_root, imports_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import DatasetSource
from cnn_desktop.data.importing.archive_members import kind_of_archive
from cnn_desktop.data.importing.archives import sweep_unfinished, unpack
from cnn_desktop.data.importing.layout import read_layout
from cnn_desktop.data.importing.table_file import is_table_name
from cnn_desktop.data.sets import datasets

_LARGEST_PUBLISHED = 1 << 30
"""Bytes. No published file that is known here comes near it, so larger ones aren't read to find that out."""

_DAY = 24 * 3600


@dataclass(frozen=True)
class Imported:
    """What came of it."""

    source: str
    """What a `RunConfig` calls the dataset: a registered name or a folder."""
    sentence: str
    """What was done, for the person."""


def import_source(path: Path, progress: Progress = no_progress) -> Imported:
    """Make a dataset of a folder, a table in its folder, a zip or tar, or a file that torchvision's datasets come as.

    Folders stay where they are. Archives are unpacked below `imports_dir()`, once. Published files are known by their
    hashes and laid out in the data root.

    Args:
        progress: in bytes of the archive.

    Raises:
        BadInputError: nothing of these; says what can be used.
        DatasetError: damaged, hostile, too large, or without two classes of pictures; nothing is left of it.
        DownloadError: a published file can't be laid out: the disk is full or can't be written.
        CancelledError: `progress` raised it; nothing is left.
    """
    if path.is_dir():
        return _taken_from_folder(path, progress) or Imported(str(path), _("The pictures stay where they are."))
    if not path.exists():
        raise BadInputError(_("{file} doesn't exist.").format(file=shown(path)))
    if is_table_name(path.name):
        text = _("The pictures stay where they are; {table} is read with them.")
        return Imported(str(path.parent), text.format(table=shown(Path(path.name))))
    try:
        published = _published(path, progress)
        kind = kind_of_archive(path)
    except OSError as error:
        message = _("{file} can't be read: {reason}.")
        raise DatasetError(message.format(file=shown(path), reason=error.strerror or error)) from error
    if published is not None:
        return published
    if kind is None:
        message = _("{file} is no dataset; give a folder, a zip or tar of one, or a CSV that lies beside the pictures.")
        raise BadInputError(message.format(file=shown(path)))
    return _unpacked(path, progress)


def discard_import(source: str, progress: Progress = no_progress) -> None:
    """Remove what was unpacked for the dataset `source`; a person's own folders and registered datasets stay.

    Args:
        progress: never told anything; so that it can be called as other long work is.
    """
    place = Path(source).parent
    if place.parent == imports_dir():
        shutil.rmtree(place, ignore_errors=True)


def _unpacked(archive: Path, progress: Progress) -> Imported:
    status = archive.stat()
    mark = hashlib.sha256(f"{archive.name} {status.st_size} {status.st_mtime_ns}".encode(errors="replace")).hexdigest()
    place = imports_dir() / mark[:12]
    folder = place / _stem(archive.name)
    if folder.is_dir():
        return Imported(str(folder), _("It was unpacked before, to {folder}.").format(folder=shown(folder)))
    sweep_unfinished(imports_dir(), time.time() - _DAY)
    done = unpack(archive, folder, progress)
    try:
        taken = _taken_from_folder(folder, progress)
        if taken is None:
            read_layout(folder, progress).require_classes()
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    if taken is not None:
        shutil.rmtree(place, ignore_errors=True)
        return taken
    text = ngettext("{count} file was unpacked to {folder}.", "{count} files were unpacked to {folder}.", done.files)
    sentence = text.format(count=done.files, folder=shown(folder))
    if done.left_out:
        text = ngettext(
            "{count} link or the like was left packed.", "{count} links and the like were left packed.", done.left_out
        )
        sentence += " " + text.format(count=done.left_out)
    return Imported(str(folder), sentence)


def _stem(name: str) -> str:
    """What a person calls an archive: its name without endings."""
    return re.sub(r"(\.tar)?\.(zip|tar|tgz|gz|tbz2?|bz2|txz|xz)$", "", name, flags=re.IGNORECASE) or name


def _published(file: Path, progress: Progress) -> Imported | None:
    """Lay out a file of a registered dataset, with those of its others that lie beside it; None for all other files."""
    if file.suffix.lower() not in {".gz", ".tgz"} or not file.is_file() or file.stat().st_size > _LARGEST_PUBLISHED:
        return None
    root, md5 = data_root(), _md5(file, progress)
    for source in _sources():
        if source.take_in(file, md5, root):
            return _completed(source, file, root, progress)
    for source in _sources():
        if file.name in source.published_names:
            message = _("{file} isn't the file that was published as a part of {title}: fetch it again.")
            raise DatasetError(message.format(file=shown(file), title=source.title))
    return None


def _completed(source: DatasetSource, file: Path, root: Path, progress: Progress) -> Imported:
    """Take in what else `source` needs from beside `file`."""
    others = [file.with_name(name) for name in source.published_names if name != file.name]
    for other in others:
        if other.is_file() and not source.is_present(root):
            source.take_in(other, _md5(other, progress), root)
    if source.is_present(root):
        return _laid_out(source, root)
    message = _(
        "{file} is a part of {title} and is in its place now; give the others too, or put them beside it: {names}."
    )
    names = listed(other.name for other in others)
    raise DatasetError(message.format(file=shown(file), title=source.title, names=names))


def _taken_from_folder(folder: Path, progress: Progress) -> Imported | None:
    """Copy the one registered dataset that a folder is, or holds, in torchvision's layout; None where it isn't one."""
    folder = folder.absolute()
    known = [
        (source, base)
        for source in _sources()
        for base in (folder, *folder.parents[:2])
        if (base == folder or folder.is_relative_to(base / source.folder)) and source.is_present(base)
    ]
    if len(known) != 1:
        return None
    source, base = known[0]
    source.load(base)  # checks what it reads
    _copy(base / source.folder, data_root() / source.folder, progress)
    return _laid_out(source, data_root())


def _sources() -> list[DatasetSource]:
    """Those that are published as files."""
    return [source for source in map(datasets.__getitem__, datasets) if source.published_names]


def _copy(folder: Path, target: Path, progress: Progress) -> None:
    if target.exists() and target.samefile(folder):
        return
    files = [path for path in folder.rglob("*") if path.is_file()]
    for done, file in enumerate(files):
        progress(done, len(files))
        with atomic_path(target / file.relative_to(folder)) as temporary:
            shutil.copyfile(file, temporary)


def _laid_out(source: DatasetSource, root: Path) -> Imported:
    text = _("This is {title}, whole and as published; it is in {folder} now.")
    return Imported(source.name, text.format(title=source.title, folder=shown(root / source.folder)))


def _md5(file: Path, progress: Progress) -> str:
    digest, size = hashlib.md5(usedforsecurity=False), file.stat().st_size
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            progress(stream.tell(), size)
    return digest.hexdigest()
