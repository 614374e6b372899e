"""Archives that anybody may have made: unpacked whole or not at all, never outside of the target, never without end.

What leads outside is a reason to refuse the archive. Links, devices and the like that stay inside are left packed.
"""

import errno
import os
import re
import shutil
import uuid
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.files import sync_folder
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import bytes_text
from cnn_desktop.data.importing.archive_members import DAMAGED, Member, kind_of_archive, members

_UNFINISHED = ".cnn-desktop-unpacking"
_UNWRITABLE = {errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EILSEQ}
"""What the system says of names that it can't have, or has already."""


@dataclass(frozen=True)
class Caps:
    """How large an archive may become."""

    total: int = 200 << 30
    """Bytes."""
    files: int = 2_000_000
    ratio: int = 200
    """Bytes unpacked for each packed one: photos stay below 2, drawings below 100, zeros come to 1,000."""
    unsuspicious: int = 1 << 30
    """The ratio isn't looked at below so many bytes."""


@dataclass(frozen=True)
class Unpacked:
    """What was done."""

    files: int
    left_out: int
    """Links, devices, names that this system can't have, second files of one name."""


def unpack(archive: Path, target: Path, progress: Progress = no_progress, caps: Caps | None = None) -> Unpacked:
    """Write the regular files of `archive` below the new folder `target`, all or none.

    Args:
        archive: zip, or tar packed by gzip, bzip2, xz or not.
        target: must not exist. A temporary folder beside it becomes it at the end.
        progress: in bytes of the archive.
        caps: None: the usual ones.

    Raises:
        DatasetError: hostile, too large, locked, damaged, of another kind, or the disk is full or fails.
        CancelledError: `progress` raised it; nothing is left.
    """
    try:
        kind = kind_of_archive(archive)
        if kind is None:
            message = _("{file} can't be unpacked: it is neither zip nor tar.")
            raise DatasetError(message.format(file=shown(archive)))
        writer = _Writer(archive, Caps() if caps is None else caps)
        with _whole_folder(target) as temporary, closing(members(archive, kind, writer.count, progress)) as found:
            for member in found:
                writer.write(member, temporary)
    except DAMAGED as error:
        raise _failed(archive, error) from error
    return Unpacked(writer.files, writer.left_out)


def sweep_unfinished(folder: Path, before: float) -> None:
    """Remove what a killed program left of unpacking into `folder`, but for what was touched since `before`."""
    for left in folder.glob(f"*{_UNFINISHED}"):
        if left.stat().st_mtime < before:
            shutil.rmtree(left, ignore_errors=True)


class _Writer:
    def __init__(self, archive: Path, caps: Caps) -> None:
        self.archive = archive
        self.caps = caps
        self.packed = archive.stat().st_size
        self.files = self.left_out = self.unpacked = self.met = 0

    def count(self, size: int) -> None:
        """Take note of unpacked bytes.

        Raises:
            DatasetError: there are too many.
        """
        self.unpacked += size
        if self.unpacked > self.caps.total:
            raise self._refused(_("it holds more than {limit}").format(limit=bytes_text(self.caps.total)))
        if self.unpacked > max(self.caps.unsuspicious, self.caps.ratio * self.packed):
            text = _("it unpacks to more than {times} times its size, as pictures never do")
            raise self._refused(text.format(times=self.caps.ratio))

    def write(self, member: Member, folder: Path) -> None:
        """Write a file below `folder`, where its name says.

        Raises:
            DatasetError: the name leads elsewhere, or there are too many.
            OSError: the disk is full or fails.
        """
        self.met += 1
        if self.met > self.caps.files:
            raise self._refused(_("it holds more than {limit} files").format(limit=self.caps.files))
        parts = self._parts(member.name)
        if member.leads_to is not None:
            self._parts(member.leads_to)
        if member.kind == "folder":
            return
        if member.kind == "other" or not parts:
            self.left_out += 1
            return
        try:
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            written = target.open("xb")
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno not in _UNWRITABLE:
                raise
            self.left_out += 1
            return
        with written, member.open() as source:
            shutil.copyfileobj(source, written, 1 << 20)
        self.files += 1

    def _parts(self, name: str) -> tuple[str, ...]:
        """A path in the archive as names of folders and the file.

        Raises:
            DatasetError: it leads outside.
        """
        plain = name.replace("\\", "/")
        if plain.startswith("/") or re.match("[A-Za-z]:", plain):
            raise self._refused(_("it holds the path {path}, which isn't below a folder").format(path=_plain(name)))
        parts: list[str] = []
        for part in plain.split("/"):
            if part == ".." and not parts:
                text = _("it holds the path {path}, which leads out of the folder that it would be unpacked to")
                raise self._refused(text.format(path=_plain(name)))
            if part == "..":
                parts.pop()
            elif part not in {"", "."}:
                parts.append(part)
        return tuple(parts)

    def _refused(self, reason: str) -> DatasetError:
        text = _("{file} isn't unpacked: {reason}.")
        return DatasetError(text.format(file=shown(self.archive), reason=reason))


@contextmanager
def _whole_folder(target: Path) -> Generator[Path]:
    """A temporary folder that becomes `target` when the block ends well, and is gone when it doesn't."""
    temporary = target.with_name(f".{uuid.uuid4().hex[:12]}{_UNFINISHED}")
    temporary.mkdir(parents=True)
    try:
        yield temporary
        temporary.rename(target)
        sync_folder(target.parent)
    finally:
        if temporary.exists():
            shutil.rmtree(temporary, ignore_errors=True)


def _plain(name: str) -> str:
    """A name as it may be printed."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)


def _failed(archive: Path, error: BaseException) -> DatasetError:
    if isinstance(error, OSError) and error.errno is not None:
        message = _("{file} can't be unpacked: {reason}.")
        return DatasetError(message.format(file=shown(archive), reason=os.strerror(error.errno)))
    if isinstance(error, NotImplementedError):
        message = _("{file} is packed in a way that isn't known here; unpack it yourself and open the folder.")
    else:
        message = _("{file} is damaged or cut off: it can't be unpacked; fetch it again.")
    return DatasetError(message.format(file=shown(archive)))
