"""Downloads that end in a whole, verified file under its final name, or in one sentence."""

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from cnn_desktop.core.errors import DownloadError, listed
from cnn_desktop.core.files import sync_folder
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import bytes_text

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 20.0
"""Seconds without a single byte after which a connection counts as stalled."""

_CHUNK = 1 << 16


def fetch(
    url: str,
    target: Path,
    *,
    size: int | None = None,
    md5: str | None = None,
    sha256: str | None = None,
    sha256_prefix: str | None = None,
    progress: Progress = no_progress,
) -> Path:
    """Download `url` to `target` and return `target`; a `target` that is right already costs no network.

    What arrives is kept in `<name>.part` beside it. Where a hash is given, a download that was cut or cancelled goes
    on from there by `Range`; without one nothing could prove that both halves belong together, so it starts over.
    An address of https is never followed to http. Proxies are taken from the environment.

    Args:
        size: bytes that the file must have.
        md5, sha256: its hash in hex.
        sha256_prefix: the first digits of its SHA-256, as in the names of torchvision's weight files.
        progress: told the bytes; what it raises is let through, and the part stays for the next call.

    Raises:
        DownloadError: no connection, a refusal, wrong bytes or a full disk; says which file to put where instead.
    """
    hashes = (
        _Hash("MD5", "md5", md5),
        _Hash("SHA-256", "sha256", sha256),
        _Hash(_("SHA-256 beginning with"), "sha256", sha256_prefix),
    )
    job = _Job(url, target, size, tuple(item for item in hashes if item.digest))
    try:
        if target.is_file() and job.proves(target):
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        job.run(progress)
    except requests.RequestException as error:
        raise job.failed(_("{host} can't be reached ({reason})"), host=job.host, reason=_reason(error)) from error
    except urllib3.exceptions.HTTPError as error:
        broke_off = _("the connection to {host} broke off ({reason})")
        raise job.failed(broke_off, host=job.host, reason=_reason(error)) from error
    except OSError as error:
        raise job.disk_failed(error) from error
    return target


def fetch_from_any(
    urls: Iterable[str],
    target: Path,
    *,
    size: int | None = None,
    md5: str | None = None,
    progress: Progress = no_progress,
) -> Path:
    """`fetch` from the first of several mirrors that has the file.

    Raises:
        DownloadError: none of them did; the reason is the last one's.
    """
    last: DownloadError | None = None
    for url in urls:
        try:
            return fetch(url, target, size=size, md5=md5, progress=progress)
        except DownloadError as error:
            last = error
    raise last or DownloadError(_("There is no address from which to download {name}.").format(name=target.name))


@dataclass(frozen=True)
class _Hash:
    title: str
    algorithm: str
    digest: str | None

    def __str__(self) -> str:
        return f"{self.title} {self.digest}"

    def fits(self, path: Path) -> bool:
        with path.open("rb") as stream:
            # Not for secrecy: publishers give these digests, and some systems refuse MD5 otherwise.
            found = hashlib.file_digest(stream, lambda: hashlib.new(self.algorithm, usedforsecurity=False)).hexdigest()
        return found.startswith((self.digest or "").lower())


class _Session(requests.Session):
    """Follows redirects, but never from https to http."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        location = super().get_redirect_target(resp)
        if location and urlsplit(resp.url).scheme == "https" and urlsplit(location).scheme == "http":
            refusal = _("it leads on to an unprotected address, {url}").format(url=location)
            raise requests.exceptions.InvalidURL(refusal)
        return location


@dataclass(frozen=True)
class _Job:
    url: str
    target: Path
    size: int | None
    hashes: tuple[_Hash, ...]

    @property
    def part(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc or self.url

    def proves(self, path: Path) -> bool:
        if self.size is not None and path.stat().st_size != self.size:
            return False
        return all(item.fits(path) for item in self.hashes)

    def run(self, progress: Progress) -> None:
        started_at = self._resume_from()
        if not (started_at and self.proves(self.part)):
            self._transfer(progress)
            if not self.proves(self.part):
                self.part.unlink()
                if not started_at:
                    raise self.failed(_("what {host} sends isn't the right file"), host=self.host)
                # The part may have been of another version: once more, from the beginning.
                return self.run(progress)
        _make_durable(self.part, self.target)
        return None

    def _resume_from(self) -> int:
        if not self.part.is_file():
            return 0
        if not self.hashes:
            self.part.unlink()
            return 0
        return self.part.stat().st_size

    def _transfer(self, progress: Progress) -> None:
        """Connect again as long as each connection brings the part further."""
        furthest = -1
        while True:
            try:
                return self._connect(progress)
            except (requests.RequestException, urllib3.exceptions.HTTPError):
                arrived = self._resume_from()
                if arrived <= max(furthest, 0):
                    raise
                furthest = arrived

    def _connect(self, progress: Progress) -> None:
        start = self._resume_from()
        # identity: a file that is compressed on its way couldn't be resumed by its own bytes.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        with (
            _Session() as session,
            session.get(self.url, headers=headers, stream=True, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT)) as response,
        ):
            if response.status_code == 416 and start:  # the part is longer than the file
                self.part.unlink()
                return self._connect(progress)
            if response.status_code not in {200, 206}:
                raise self.failed(
                    _("{host} answers “{status} {reason}”"),
                    host=self.host,
                    status=response.status_code,
                    reason=response.reason,
                )
            if not _continues(response, start):
                start = 0
            self._write(response, start, progress)
        return None

    def _write(self, response: requests.Response, start: int, progress: Progress) -> None:
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdecimal() else self.size or 0
        if self.size is not None and total != self.size:
            raise self.failed(
                _("{host} has {found} bytes of it where {expected} are right"),
                host=self.host,
                found=total,
                expected=self.size,
            )
        self._check_room(total - start)
        with self.part.open("ab" if start else "wb") as stream:
            done = start
            progress(done, total)
            for chunk in _chunks(response):
                stream.write(chunk)
                done += len(chunk)
                if total and done > total:
                    raise self.failed(_("{host} sends more than the file is long"), host=self.host)
                progress(done, total)

    def _check_room(self, needed: int) -> None:
        if needed > shutil.disk_usage(self.part.parent).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), needed)

    def failed(self, what: str, **fields: object) -> DownloadError:
        """`what` happened, and what can be done by hand."""
        message = _(
            "{name} can't be downloaded: {what}; try again later, or fetch {url} in another way and put it into "
            "{folder} as {name}{proof}."
        )
        proof = _(" (its {hashes})").format(hashes=listed(map(str, self.hashes))) if self.hashes else ""
        return DownloadError(
            message.format(
                name=self.target.name, what=what.format(**fields), url=self.url, folder=self.target.parent, proof=proof
            )
        )

    def disk_failed(self, error: OSError) -> DownloadError:
        folder = self.target.parent
        if error.errno == errno.ENOSPC:
            needed = f" ({bytes_text(self.size)})" if self.size else ""
            message = _(
                "The disk of {folder} is too full for {name}{needed}: make room there and download again; "
                "what has arrived so far is kept."
            ).format(folder=folder, name=self.target.name, needed=needed)
        else:
            message = _("{name} can't be written into {folder}: {reason}.").format(
                name=self.target.name, folder=folder, reason=error.strerror or error
            )
        return DownloadError(message)


def _continues(response: requests.Response, start: int) -> bool:
    """Whether the server goes on from `start`; many ignore `Range` and begin again."""
    if not start or response.status_code != 206:
        return False
    given = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return given is not None and int(given[1]) == start


def _chunks(response: requests.Response) -> Iterator[bytes]:
    # The raw stream: requests would unpack a .gz whose server names its compression, and the hash would differ.
    return response.raw.stream(_CHUNK, decode_content=False)


def _make_durable(part: Path, target: Path) -> None:
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.replace(target)
    sync_folder(target.parent)


def _reason(error: Exception) -> str:
    """Why, in words for a person, found by the kind of error rather than its text."""
    chain: list[BaseException] = [error]
    while (below := chain[-1].__cause__ or chain[-1].__context__ or _wrapped(chain[-1])) and below not in chain:
        chain.append(below)
    for kinds, words in (
        ((urllib3.exceptions.NameResolutionError,), _("there is no such name, or no network")),
        ((ConnectionRefusedError,), _("it refuses the connection")),  # urllib3 calls this a time-out too
        ((urllib3.exceptions.TimeoutError, requests.Timeout, TimeoutError), _("no answer in time")),
        ((urllib3.exceptions.SSLError, requests.exceptions.SSLError), _("its certificate can't be trusted")),
        ((requests.exceptions.InvalidURL,), " ".join(str(error).split())),
        ((urllib3.exceptions.IncompleteRead,), _("it ended too early")),
    ):
        if any(isinstance(item, kinds) for item in chain):
            return words
    return _("the network failed")


def _wrapped(error: BaseException) -> BaseException | None:
    inner = getattr(error, "reason", None) or next(iter(error.args), None)
    return inner if isinstance(inner, BaseException) else None
