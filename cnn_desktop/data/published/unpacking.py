"""Unpacking of downloaded archives: only what is expected, only where it belongs, only as large as it may be."""

import gzip
import tarfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from cnn_desktop.core.errors import DownloadError, listed
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _

MAX_FILE_BYTES = 1 << 30
"""No published file of ours is near this; an archive that unpacks to more is a bomb."""

_ERRORS = (OSError, EOFError, ValueError, zlib.error, tarfile.TarError)


def unpack_gzip(packed: Path, target: Path) -> None:
    """Write what `packed` holds to `target`, whole or not at all.

    Raises:
        DownloadError: damaged, too large, or the disk is full.
    """
    try:
        with gzip.open(packed) as source:
            _copy(source, target)
    except _ERRORS as error:
        raise _failed(packed, error) from error


def unpack_tar(packed: Path, folder: Path, names: Collection[str]) -> None:
    """Write the regular files `names` of an archive below `folder`, each whole or not at all; all else stays packed.

    Links, absolute names and names with `..` can't do harm: only names that were asked for are looked at.

    Raises:
        DownloadError: damaged, too large, without one of the files, or the disk is full.
    """
    missing = set(names)
    try:
        with tarfile.open(packed) as archive:
            for member in archive:
                if member.name in missing and member.isreg():
                    source = archive.extractfile(member)
                    assert source is not None
                    _copy(source, folder / member.name)
                    missing.remove(member.name)
    except _ERRORS as error:
        raise _failed(packed, error) from error
    if missing:
        raise DownloadError(
            _("{file} lacks {names}; remove it and download it again.").format(
                file=packed, names=listed(sorted(missing))
            )
        )


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _copy(source: _Readable, target: Path) -> None:
    left = MAX_FILE_BYTES
    with atomic_path(target) as temporary, temporary.open("wb") as written:
        while chunk := source.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise ValueError("more than the largest file that is expected")
            written.write(chunk)


def _failed(packed: Path, error: BaseException) -> DownloadError:
    if isinstance(error, OSError) and error.strerror:
        return DownloadError(_("{file} can't be unpacked: {reason}.").format(file=packed, reason=error.strerror))
    return DownloadError(_("{file} can't be unpacked; remove it and download it again.").format(file=packed))
