"""Every file below a folder, once each, whatever links, pipes and locked folders lie among them."""

import contextlib
import os
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress

REPORT_EVERY = 5_000
"""Entries of one folder, some milliseconds."""

_DIGITS = re.compile(r"\d+|\D+")


@dataclass
class Found:
    """What a walk met."""

    folders: dict[Path, list[str]] = field(default_factory=dict)
    """The folder that was walked and every one below it, each with the names of its regular files in natural order;
    hidden ones left out."""
    problems: list[tuple[Path, str]] = field(default_factory=list)
    """What was left out, and why in a few words."""
    outside: list[Path] = field(default_factory=list)
    """Links that lead out of the folder; what they lead to was taken in."""
    hidden: list[Path] = field(default_factory=list)
    """Files and folders that systems keep for themselves; not looked into."""


def walk(folder: Path, progress: Progress = no_progress) -> Found:
    """Walk `folder`; links are followed last, so that what they lead to is counted under its own name.

    Args:
        progress: told how many files were found; the total isn't known.

    Raises:
        OSError: `folder` itself is missing or can't be listed.
    """
    return _Walk(folder, progress).run()


def natural_key(path: Path) -> list[list[tuple[int, int, str]]]:
    """Sort key for paths: number 2 before number 10, capitals beside small letters."""
    return [natural_text_key(part) for part in path.parts]


def natural_text_key(text: str) -> list[tuple[int, int, str]]:
    """Sort key for one name; see `natural_key`."""
    parts = _DIGITS.findall(text)
    # The text itself comes last, so that names that differ only in capitals have one order everywhere.
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts] + [(2, 0, text)]


class _Walk:
    def __init__(self, folder: Path, progress: Progress) -> None:
        self.root = folder
        self.progress = progress
        self.found = Found()
        self.seen_folders: set[tuple[int, int]] = set()
        self.links: deque[Path] = deque()
        self.file_links: list[Path] = []
        self.file_count = 0

    def run(self) -> Found:
        self._enter(self.root, self._list(self.root))
        while self.links:
            self._try(self._follow, self.links.popleft())
        if self.file_links:  # last, when every file that has its own name there is known
            counted = self._identities()
            for link in self.file_links:
                self._try(lambda link: self._count_file(link, counted), link)
        for names in self.found.folders.values():
            names.sort(key=natural_text_key)
            self.progress(self.file_count, 0)  # sorting takes as long as listing
        return self.found

    def _try(self, step: Callable[[Path], None], link: Path) -> None:
        try:
            step(link)
        except FileNotFoundError:
            self._problem(link, _("is a link that leads nowhere"))
        except (OSError, RuntimeError) as error:  # Python 3.11 raises RuntimeError for links in a circle
            self._problem(link, _cannot_read(error))

    def _list(self, folder: Path) -> list[os.DirEntry[str]]:
        self.seen_folders.add(_identity(folder))
        known: list[os.DirEntry[str]] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                known.append(entry)
                if not len(known) % REPORT_EVERY:
                    self.progress(self.file_count + len(known), 0)
        return sorted(known, key=lambda entry: entry.name)

    def _enter(self, folder: Path, entries: list[os.DirEntry[str]]) -> None:
        """Take in `folder` and all real folders below it; keep links for later."""
        waiting = [(folder, entries)]
        while waiting:
            folder, entries = waiting.pop()
            below = self._sort(folder, entries)
            self.file_count += len(self.found.folders[folder])
            self.progress(self.file_count, 0)
            for path in reversed(below):
                try:
                    if _identity(path) not in self.seen_folders:  # else reached by a link before
                        waiting.append((path, self._list(path)))
                except OSError as error:
                    self._problem(path, _cannot_read(error))

    def _sort(self, folder: Path, entries: list[os.DirEntry[str]]) -> list[Path]:
        """Put a folder's entries where they belong; return the folders among them."""
        names = self.found.folders.setdefault(folder, [])
        below: list[Path] = []
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                self.found.hidden.append(folder / entry.name)
            elif entry.is_symlink():
                self.links.append(folder / entry.name)
            elif entry.is_dir(follow_symlinks=False):
                below.append(folder / entry.name)
            elif entry.is_file(follow_symlinks=False):
                names.append(entry.name)
            else:
                self._problem(folder / entry.name, _("isn't a regular file"))
        return below

    def _follow(self, link: Path) -> None:
        """Take in the folder that a link leads to, unless it is a part or the whole of what was walked already."""
        target = link.resolve(strict=True)
        if target.is_file():
            self.file_links.append(link)
        elif not target.is_dir():
            self._problem(link, _("leads to what isn't a regular file"))
        elif _identity(target) in self.seen_folders or self.root.resolve().is_relative_to(target):
            self._problem(link, _("is a link to a folder that was counted already"))
        else:
            entries = self._list(link)
            self._note_outside(link, target)
            self._enter(link, entries)

    def _count_file(self, link: Path, counted: set[tuple[int, int]]) -> None:
        identity = _identity(link)
        if identity in counted:
            self._problem(link, _("is a link to a file that was counted already"))
            return
        counted.add(identity)
        self._note_outside(link, link.resolve())
        self.found.folders[link.parent].append(link.name)

    def _identities(self) -> set[tuple[int, int]]:
        identities: set[tuple[int, int]] = set()
        for folder, names in self.found.folders.items():
            for name in names:
                with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                    identities.add(_identity(folder / name))
        return identities

    def _note_outside(self, link: Path, target: Path) -> None:
        if not target.is_relative_to(self.root.resolve()):
            self.found.outside.append(link)

    def _problem(self, path: Path, reason: str) -> None:
        self.found.problems.append((path, reason))


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _cannot_read(error: OSError | RuntimeError) -> str:
    if isinstance(error, PermissionError):
        return _("may not be read: its permissions don't allow it")
    return _("can't be read: {reason}").format(reason=getattr(error, "strerror", None) or _("it leads in a circle"))
