"""What a zip or tar holds, one member after the other, without trusting a word of it."""

import bz2
import gzip
import io
import lzma
import posixpath
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from typing_extensions import Buffer, override

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.progress import Progress

DAMAGED = (
    *(ArithmeticError, AssertionError, EOFError, LookupError, MemoryError, NotImplementedError, OSError, ValueError),
    *(struct.error, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile),
)
"""What the readers of archives were seen to raise on what isn't whole."""

Kind = Literal["zip", "tar", "gzip", "bzip2", "xz"]
MemberKind = Literal["file", "folder", "other"]
Count = Callable[[int], None]
"""Told of every byte that is unpacked; raises where there are too many."""

_MAGIC: dict[bytes, Kind] = {
    **{b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"},
    **{b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"},
}
_BLOCK = tarfile.BLOCKSIZE
_LARGEST_READ = 16 << 20
"""No header of a tar comes near it; contents are read in smaller pieces."""


@dataclass(frozen=True)
class Member:
    """A thing in an archive."""

    name: str
    kind: MemberKind
    leads_to: str | None
    """Where a link points, from the top of the archive or from the root of the system."""
    open: Callable[[], IO[bytes]]
    """Its content; for files only."""


def kind_of_archive(path: Path) -> Kind | None:
    """Zip, or how a tar is packed, by its first bytes; None for all else.

    Raises:
        OSError: it can't be read.
    """
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        head = stream.read(8)
        kind = _packing(head)
        if kind == "zip":
            return kind
        stream.seek(0)
        try:
            return kind if _begins_tar(_decompressed(stream, kind).read(_BLOCK)) else None
        except DAMAGED:
            return None


def members(archive: Path, kind: Kind, count: Count, progress: Progress) -> Generator[Member]:
    """All members in their order; each has to be read before the next is asked for.

    Args:
        archive: the file.
        kind: as `kind_of_archive` said.
        count: told of unpacked bytes.
        progress: in bytes of the archive.

    Raises:
        DatasetError: locked by a password.
        One of `DAMAGED`: not whole.
    """
    with ExitStack() as stack:
        raw = stack.enter_context(archive.open("rb"))
        packed = stack.enter_context(io.BufferedReader(_Reported(raw, archive.stat().st_size, progress), 1 << 18))
        if kind == "zip":
            yield from _zip_members(stack.enter_context(zipfile.ZipFile(packed)), archive, count)
        else:
            unpacked = stack.enter_context(_Counted(_decompressed(packed, kind), count))
            stream = cast("IO[bytes]", unpacked)
            yield from _tar_members(stack.enter_context(tarfile.TarFile(fileobj=stream, errors="surrogateescape")))


def _zip_members(archive: zipfile.ZipFile, path: Path, count: Count) -> Iterator[Member]:
    for info in archive.infolist():
        if info.flag_bits & 1:
            message = _("{file} is locked by a password; unpack it yourself and open the folder.")
            raise DatasetError(message.format(file=shown(path)))
        name, mode = _zip_name(info), stat.S_IFMT(info.external_attr >> 16)
        leads_to = None
        if mode == stat.S_IFLNK:
            with archive.open(info) as stream:
                target = stream.read(_BLOCK * 8).decode(errors="surrogateescape")
            leads_to = posixpath.join(posixpath.dirname(name), target)
        is_plain = mode in {0, stat.S_IFREG, stat.S_IFDIR}
        kind: MemberKind = "other" if not is_plain else "folder" if info.is_dir() or mode == stat.S_IFDIR else "file"
        yield Member(name, kind, leads_to, lambda info=info: cast("IO[bytes]", _Counted(archive.open(info), count)))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name, also of programs that write UTF-8 and don't say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _tar_members(archive: tarfile.TarFile) -> Iterator[Member]:
    while (info := archive.next()) is not None:
        archive.members.clear()  # pyright: ignore[reportAttributeAccessIssue] - a million of them would stay in memory
        leads_to = None
        if info.issym():
            leads_to = posixpath.join(posixpath.dirname(info.name), info.linkname)
        elif info.islnk():
            leads_to = info.linkname
        kind: MemberKind = "folder" if info.isdir() else "file" if info.isreg() and not info.issparse() else "other"
        yield Member(info.name, kind, leads_to, lambda info=info: _content(archive, info))


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(info)
    if content is None:
        raise tarfile.ReadError(f"{info.name} has no content")
    return content


def _decompressed(stream: IO[bytes], kind: Kind) -> IO[bytes]:
    if kind == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    if kind == "bzip2":
        return cast("IO[bytes]", bz2.BZ2File(stream))
    return cast("IO[bytes]", lzma.LZMAFile(stream)) if kind == "xz" else stream


def _packing(head: bytes) -> Kind:
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    return "tar"


def _begins_tar(block: bytes) -> bool:
    """Whether a block is the header of a member: old ones have no mark, but all have a checksum.

    Raises:
        ValueError: none at all.
    """
    checksum = sum(block[:148]) + sum(b" " * 8) + sum(block[156:])
    return len(block) == _BLOCK and int(block[148:156].strip(b" \0"), 8) == checksum


class _Reported(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, stream: IO[bytes], size: int, progress: Progress) -> None:
        self._stream = stream
        self._size = size
        self._progress = progress

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        self._progress(min(self._stream.tell(), self._size), self._size)
        with memoryview(buffer).cast("B") as view:
            content = self._stream.read(len(view))
            view[: len(content)] = content
        return len(content)


class _Counted(io.RawIOBase):
    """What comes out of a packed file, every byte of it counted, those that are passed over too."""

    def __init__(self, stream: IO[bytes], count: Count) -> None:
        self._stream = stream
        self._count = count
        self._place = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def tell(self) -> int:
        return self._place

    @override
    def read(self, size: int = -1, /) -> bytes:
        if not 0 <= size <= _LARGEST_READ:
            raise ValueError(f"a header of {size} bytes")
        content = self._stream.read(size)
        self._place += len(content)
        self._count(len(content))
        return content

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET or offset < self._place:
            raise ValueError("a way back that no whole archive asks for")
        while self._place < offset and self.read(min(1 << 20, offset - self._place)):
            pass
        return self._place

    @override
    def close(self) -> None:
        self._stream.close()
        super().close()
