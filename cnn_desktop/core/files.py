"""Files that are whole or absent: atomic writes, hashes, sweeping of what a crash left behind."""

import contextlib
import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Generator
from pathlib import Path

_TEMP_MARK = ".cnn-desktop-part"


@contextlib.contextmanager
def atomic_path(target: Path) -> Generator[Path]:
    """Yield a temporary path beside `target`; when the block ends well, it becomes `target`, durably.

    The file is fsynced, renamed, and its folder fsynced. When the block raises, `target` stays as it was.

    Raises:
        OSError: the disk is full or fails; `target` is untouched.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{uuid.uuid4().hex[:12]}{_TEMP_MARK}")
    try:
        yield temporary
        sync_file(temporary)
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomic(target: Path, content: bytes | str) -> None:
    """Write `content` to `target` (text as UTF-8), whole or not at all."""
    with atomic_path(target) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)


def copy_new(source: Path, target: Path) -> None:
    """Copy a file with its dates and permissions, whole or not at all, and never over what is there.

    Raises:
        FileExistsError: there is something called `target` already.
        OSError: `source` can't be read, the disk is full or fails; there is no `target`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    temporary = target.with_name(f".{uuid.uuid4().hex[:12]}{_TEMP_MARK}")
    try:
        shutil.copyfile(source, temporary)
        sync_file(temporary)
        shutil.copystat(source, temporary)
        _name_new(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _name_new(file: Path, target: Path) -> None:
    """Give a file a name that nobody has, though others may be looking for one at this moment."""
    try:
        target.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError as error:  # a disk that has no links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        file.rename(target)


def sync_file(file: Path) -> None:
    """Make what was written to `file` durable."""
    with file.open("r+b") as written:  # Windows flushes only what may be written
        os.fsync(written.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sweep(folder: Path) -> list[Path]:
    """Remove temporary files that a killed program left directly in `folder`; return what was removed."""
    leftovers = [path for path in folder.glob(f".*{_TEMP_MARK}") if path.is_file()]
    for path in leftovers:
        path.unlink(missing_ok=True)
    return leftovers


def free_bytes(path: Path) -> int:
    """Bytes that are free on the disk of `path`, or of the nearest folder above it that exists; 0 where it fails."""
    for folder in (path, *path.parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(folder).free
    return 0
