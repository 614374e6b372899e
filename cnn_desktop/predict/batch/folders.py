"""Copies of pictures in folders of the classes that they were taken for."""

import errno
import filecmp
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.files import copy_new
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.predict.batch.answer import Answer

UNSURE = "unsure"
UNREADABLE = "unreadable"

_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
"""What one system or another refuses in the name of a folder; folders of pictures travel."""
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
_LONGEST = 60
"""Characters of a folder's name; file systems end at 255 bytes."""
_LONGEST_NAME_BYTES = 255
_DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@dataclass
class Copied:
    """What came of copying."""

    counts: dict[str, int] = field(default_factory=dict)
    """Pictures in each folder, those that lay there already among them."""
    problems: list[str] = field(default_factory=list)
    """Why a file could not be copied, a sentence each."""


def copy_into_folders(
    answers: Sequence[Answer], target: Path, threshold: float = 0.0, progress: Progress = no_progress
) -> Copied:
    """Copy each picture into `target`/its best class, or `unsure`, or where the model has no answer `unreadable`.

    Each copy is whole or absent, and nothing is overwritten: of two files of one name, the second gets a number. A copy
    that lies there from an earlier try is left as it is, so that copying may be interrupted and begun again.

    Raises:
        CnnDesktopError: nothing can be written into `target`.
        CancelledError: `progress` said so; what was copied stays.
    """
    copied = Copied()
    names = _FolderNames()
    taken: set[Path] = set()
    for done, answer in enumerate(answers):
        progress(done, len(answers))
        if answer.top is None and not answer.image.is_file():
            continue  # a folder, or nothing at all: there is nothing to copy
        folder = names.of(answer, threshold)
        try:
            taken.add(_copy(answer.image, target / folder, taken))
            copied.counts[folder] = copied.counts.get(folder, 0) + 1
        except OSError as error:
            if error.errno in _DISK_IS_FULL or not _is_writable(target):
                raise _unwritable(target, error) from error
            reason = error.strerror or one_line(error)
            text = _("{file} wasn't copied: {reason}.")
            copied.problems.append(text.format(file=shown(answer.image), reason=reason))
    return copied


class _FolderNames:
    """A folder for each class: classes whose names would become the same folder get numbers."""

    def __init__(self) -> None:
        self._by_class: dict[str, str] = {}
        self._used = {UNSURE, UNREADABLE}

    def of(self, answer: Answer, threshold: float) -> str:
        if answer.top is None:
            return UNREADABLE
        if answer.is_unsure(threshold):
            return UNSURE
        label = answer.top[0].label
        if label not in self._by_class:
            self._by_class[label] = self._unused(label)
        return self._by_class[label]

    def _unused(self, label: str) -> str:
        wanted = _FORBIDDEN.sub("_", label)[:_LONGEST].strip(". ") or "_"
        wanted = f"{wanted}_" if wanted.lower() in _RESERVED else wanted
        name, number = wanted, 1
        while name.casefold() in self._used:
            number += 1
            name = f"{wanted} ({number})"
        self._used.add(name.casefold())
        return name


def _copy(source: Path, folder: Path, taken: set[Path]) -> Path:
    """Copy `source` into `folder` under the first name that is free, or holds the same from an earlier try."""
    number = 1
    while True:
        copy = folder / _numbered(source, number)
        number += 1
        if copy in taken:
            continue
        try:
            copy_new(source, copy)
        except FileExistsError:
            if not copy.is_file() or not filecmp.cmp(source, copy, shallow=False):
                continue
        return copy


def _numbered(source: Path, number: int) -> str:
    if number == 1:
        return source.name
    end = f" ({number}){source.suffix}"
    stem = source.stem
    while len(f"{stem}{end}".encode(errors="surrogateescape")) > _LONGEST_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{end}"


def _is_writable(target: Path) -> bool:
    """Whether a file can be made there now."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        probe = target / ".cnn-desktop-probe"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _unwritable(target: Path, error: OSError) -> CnnDesktopError:
    text = _("Nothing can be written into {folder} ({reason}); make room there or choose another folder.")
    return CnnDesktopError(text.format(folder=shown(target), reason=error.strerror or one_line(error)))
