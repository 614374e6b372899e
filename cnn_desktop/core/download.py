"""Downloads that end in a whole, verified file under its final name, or in one sentence."""

import contextlib
import errno
import os
import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.connection import NETWORK_ERRORS, Connection, Head, host_of, reason_of
from cnn_desktop.core.errors import DownloadError, listed
from cnn_desktop.core.file_lock import FileLock
from cnn_desktop.core.files import sync_file, sync_folder
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.proofs import Hash, Proof
from cnn_desktop.core.units import bytes_text


def proof_of(urls: str | Sequence[str], *, size: int | None = None, md5: str = "", sha256: str = "") -> Proof:
    """What is known of the file at `urls`; for the arguments see `fetch`."""
    address = urls if isinstance(urls, str) else urls[0]
    given = (("md5", md5), ("sha256", sha256))
    return Proof(address, size, tuple(Hash(name, digest) for name, digest in given if digest))


def fetch(
    urls: str | Sequence[str],
    target: Path,
    *,
    size: int | None = None,
    md5: str = "",
    sha256: str = "",
    progress: Progress = no_progress,
) -> Path:
    """Download `target` from the first mirror that has it, and return it; one that is right already costs no network.

    What arrives is kept in `<name>.part` beside it. Where a hash is known, a download that was cut or cancelled goes on
    from there by `Range`, at the same mirror or the next; without one nothing could prove that both halves belong
    together, so it starts over. The SHA-256 of the first whole file is kept, and later ones are held against it.
    An address of https is never followed to http. Proxies are taken from the environment.

    Args:
        urls: the address, or several mirrors of the same file, the publisher's own first.
        size: bytes that the file must have.
        md5: its hash in hex.
        sha256: likewise, or its first digits, as in the names of torchvision's weight files.
        progress: told the bytes, and again while nothing comes; what it raises is let through at once, and the part
            stays for the next call.

    Raises:
        DownloadError: no connection, a refusal, wrong bytes or a full disk; says which file to put where instead.
    """
    mirrors = (urls,) if isinstance(urls, str) else tuple(urls)
    job = _Job(mirrors, target, proof_of(urls, size=size, md5=md5, sha256=sha256), progress)
    try:
        if not (target.is_file() and not job.proof.objection(target)):
            target.parent.mkdir(parents=True, exist_ok=True)
            with job.alone():
                job.run()
    except OSError as error:
        raise job.disk_failed(error) from error
    return target


class _MirrorError(Exception):
    """Why one mirror is of no use; the next may be."""


@dataclass(frozen=True)
class _Job:
    mirrors: Sequence[str]
    target: Path
    proof: Proof
    progress: Progress

    @property
    def part(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @contextlib.contextmanager
    def alone(self) -> Generator[None]:
        """Two that write the same part would spoil it."""
        lock = FileLock(self.part.with_name(f"{self.part.name}.lock"))
        if not lock.acquire(str(os.getpid())):
            message = _("{name} is being downloaded into {folder} already: wait for that, or cancel it there.")
            raise DownloadError(message.format(name=self.target.name, folder=self.target.parent))
        try:
            yield
        finally:
            lock.release()

    def run(self) -> None:
        if not (self._arrived() and not self.proof.objection(self.part)):
            self._from_any_mirror()
        self.proof.trust(self.part)
        sync_file(self.part)
        self.part.replace(self.target)
        sync_folder(self.target.parent)

    def _from_any_mirror(self) -> None:
        hosts: dict[str, list[str]] = {}
        for url in self.mirrors:
            try:
                return self._from(url)
            except _MirrorError as error:
                hosts.setdefault(str(error), []).append(host_of(url))
        raise self._failed("; ".join(f"{listed(names)}: {reason}" for reason, names in hosts.items()))

    def _from(self, url: str) -> None:
        was_resumed = self._arrived() > 0
        is_web_page = self._transfer(url)
        objection = self.proof.objection(self.part)
        if not objection:
            return None
        self.part.unlink()
        if was_resumed:  # the part may have been of another version: once more, from the beginning
            return self._from(url)
        if is_web_page:
            raise _MirrorError(_("a web page comes instead of the file; this network may want you to sign in first"))
        raise _MirrorError(_("what it sends {objection}").format(objection=objection))

    def _arrived(self) -> int:
        """Bytes from which one can go on; a part that nothing could prove is removed."""
        if not self.part.is_file():
            return 0
        if not self.proof.hashes:
            self.part.unlink()
            return 0
        return self.part.stat().st_size

    def _transfer(self, url: str) -> bool:
        """Connect again as long as each connection brings the part further; whether a web page came is returned."""
        furthest = -1
        while True:
            try:
                return self._connect(url)
            except NETWORK_ERRORS as error:
                arrived = self._arrived()
                if arrived <= max(furthest, 0):
                    raise _MirrorError(reason_of(error)) from error
                furthest = arrived

    def _connect(self, url: str) -> bool:
        done = self._arrived()
        with Connection(url, done) as connection:
            head = connection.head(lambda: self.progress(done, self.proof.size or 0))
            if head.status == 416 and done:  # the part is longer than the file
                self.part.unlink()
                return self._connect(url)
            self._check(head, done)
            self._write(connection, head, done)
        return head.is_web_page

    def _check(self, head: Head, done: int) -> None:
        """Refuse what can't become the file, before any of it is read."""
        size = self.proof.size
        if head.status not in (200, 206):
            raise _MirrorError(_("it answers “{answer}”").format(answer=f"{head.status} {head.reason}".strip()))
        if head.start > done:
            raise _MirrorError(_("it sends another part of the file than was asked for"))
        if None not in (size, head.total) and size != head.total:
            message = _("it has {found} bytes of it where {expected} are right")
            raise _MirrorError(message.format(found=head.total, expected=size))
        if not head.is_delimited and size is None and not self.proof.hashes:
            raise _MirrorError(_("it doesn't say how long the file is, so that a cut couldn't be noticed"))
        if head.total is not None and head.total - done > shutil.disk_usage(self.part.parent).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), head.total)

    def _write(self, connection: Connection, head: Head, done: int) -> None:
        total = head.total or self.proof.size or 0
        position = head.start  # before `done` where the server ignores Range: what is here already is passed over

        def tell() -> None:
            self.progress(done, total)

        tell()
        with self.part.open("ab") as stream:
            for chunk in connection.chunks(tell):
                stream.write(chunk[max(0, done - position) :])
                position += len(chunk)
                done = max(done, position)
                if total and done > total:
                    raise _MirrorError(_("it sends more than the file is long"))
                tell()

    def _failed(self, reasons: str) -> DownloadError:
        """What happened at the mirrors, and what can be done by hand."""
        message = _(
            "{name} can't be downloaded ({reasons}): try again later, or fetch {url} in another way and put it into "
            "{folder} as {name}{proof}."
        )
        proof = _(" (its {hashes})").format(hashes=listed(map(str, self.proof.hashes))) if self.proof.hashes else ""
        name, folder = self.target.name, self.target.parent
        return DownloadError(
            message.format(name=name, reasons=reasons, url=self.mirrors[0], folder=folder, proof=proof)
        )

    def disk_failed(self, error: OSError) -> DownloadError:
        folder, name, size = self.target.parent, self.target.name, self.proof.size
        if error.errno == errno.ENOSPC:
            needed = f" ({bytes_text(size)})" if size else ""
            message = _("The disk of {folder} is too full for {name}{needed}: make room there and download again.")
            return DownloadError(message.format(folder=folder, name=name, needed=needed))
        message = _("{name} can't be written into {folder}: {reason}.")
        return DownloadError(message.format(name=name, folder=folder, reason=error.strerror or error))
