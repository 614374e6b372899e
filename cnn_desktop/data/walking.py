"""Every file below a folder, once each, whatever links, pipes and locked folders lie among them."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress


@dataclass
class Found:
    """What a walk met."""

    files: list[Path] = field(default_factory=list)
    """Regular files, as paths below the folder that was walked; hidden ones left out."""
    problems: list[tuple[Path, str]] = field(default_factory=list)
    """What was left out, and why in a few words."""
    outside: list[Path] = field(default_factory=list)
    """Links that lead out of the folder; what they lead to was taken in."""
    folders: list[Path] = field(default_factory=list)
    """Every folder below the one that was walked."""


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
    parts = re.findall(r"\d+|\D+", text)
    # The text itself comes last, so that names that differ only in capitals have one order everywhere.
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts] + [(2, 0, text)]


class _Walk:
    def __init__(self, folder: Path, progress: Progress) -> None:
        self.root = folder
        self.progress = progress
        self.found = Found()
        self.seen_folders: set[tuple[int, int]] = set()
        self.links: list[Path] = []

    def run(self) -> Found:
        entries = self._list(self.root)
        self._enter(self.root, entries)
        real = [*self.found.files]
        known: set[tuple[int, int]] | None = None
        while self.links:
            link = self.links.pop(0)
            target = self._resolve(link)
            if target is None:
                continue
            if target.is_dir():
                self._follow_folder(link, target)
            elif target.is_file():
                known = {_identity(path) for path in real} if known is None else known
                self._follow_file(link, target, known)
            else:
                self._problem(link, _("leads to what isn't a regular file"))
        return self.found

    def _list(self, folder: Path) -> list[os.DirEntry[str]]:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)

    def _enter(self, folder: Path, entries: list[os.DirEntry[str]]) -> None:
        """Take in `folder` and all real folders below it; keep links for later."""
        waiting = [(folder, entries)]
        while waiting:
            folder, entries = waiting.pop()
            self.seen_folders.add(_identity(folder))
            below: list[Path] = []
            for entry in entries:
                self._sort(entry, Path(entry.path), below)
            self.progress(len(self.found.files), 0)
            for path in reversed(below):
                try:
                    if _identity(path) in self.seen_folders:  # reached by a link before
                        continue
                    waiting.append((path, self._list(path)))
                except OSError as error:
                    self._problem(path, _cannot_list(error))
                self.found.folders.append(path)

    def _sort(self, entry: os.DirEntry[str], path: Path, below: list[Path]) -> None:
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            return
        if entry.is_symlink():
            self.links.append(path)
        elif entry.is_dir(follow_symlinks=False):
            below.append(path)
        elif entry.is_file(follow_symlinks=False):
            self.found.files.append(path)
        else:
            self._problem(path, _("isn't a regular file"))

    def _resolve(self, link: Path) -> Path | None:
        try:
            return link.resolve(strict=True)
        except (OSError, RuntimeError):
            self._problem(link, _("is a link that leads nowhere"))
            return None

    def _follow_folder(self, link: Path, target: Path) -> None:
        try:
            if _identity(target) in self.seen_folders or self.root.resolve().is_relative_to(target):
                self._problem(link, _("is a link to a folder that was counted already"))
                return
            entries = self._list(link)
        except OSError as error:
            self._problem(link, _cannot_list(error))
            return
        self._note_outside(link, target)
        self.found.folders.append(link)
        self._enter(link, entries)

    def _follow_file(self, link: Path, target: Path, known: set[tuple[int, int]]) -> None:
        identity = _identity(target)
        if identity in known:
            self._problem(link, _("is a link to a file that was counted already"))
            return
        known.add(identity)
        self._note_outside(link, target)
        self.found.files.append(link)

    def _note_outside(self, link: Path, target: Path) -> None:
        if not target.is_relative_to(self.root.resolve()):
            self.found.outside.append(link)

    def _problem(self, path: Path, reason: str) -> None:
        self.found.problems.append((path, reason))


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _cannot_list(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return _("is a folder that may not be read")
    return _("is a folder that can't be read: {reason}").format(reason=error.strerror or error)
