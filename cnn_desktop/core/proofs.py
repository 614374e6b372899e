"""What a downloaded file must be: the publisher's hash, and our own SHA-256 from the first download on."""

import contextlib
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import downloads_dir

_SHA256_DIGITS = 64
_CHUNK = 1 << 20


class Fingerprint(BaseModel):
    """What we know of a file that once was downloaded whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    published: tuple[str, ...]
    """The publisher's hashes by which it was proven."""
    size: int
    sha256: str
    since: date


@dataclass(frozen=True)
class Hash:
    """A hash in hex, or its first digits."""

    algorithm: str
    digest: str

    def __str__(self) -> str:
        title = self.algorithm.upper().replace("SHA", "SHA-")
        if self.algorithm == "sha256" and len(self.digest) < _SHA256_DIGITS:
            title = _("SHA-256 beginning with")
        return f"{title} {self.digest}"


@dataclass(frozen=True)
class Proof:
    """How the file at `address` can be told from others.

    What the publisher says of it is often weak (MD5, eight digits) or nothing; so the SHA-256 of the first file that
    was right is kept in the program's own data, and every later one must have it too.
    """

    address: str
    size: int | None = None
    published: tuple[Hash, ...] = ()

    @property
    def hashes(self) -> list[Hash]:
        """All that is known: the publisher's, then our own."""
        own = self._own()
        return [*self.published, *([Hash("sha256", own.sha256)] if own else [])]

    def objection(self, path: Path) -> str:
        """Why `path` isn't the file, as the end of a sentence; empty where nothing speaks against it.

        Raises:
            OSError: it can't be read.
        """
        if self.size is not None and path.stat().st_size != self.size:
            return _("isn't the right file: it has {found} bytes where {expected} are right").format(
                found=path.stat().st_size, expected=self.size
            )
        found = _digests(path, {"sha256", *(item.algorithm for item in self.published)})
        if not all(found[item.algorithm].startswith(item.digest.lower()) for item in self.published):
            return _("isn't the right file")
        own = self._own()
        if own is not None and found["sha256"] != own.sha256:
            return _(
                "isn't the file that was downloaded on {date}; if its publisher has renewed it, remove {record}"
            ).format(date=own.since, record=self._record)
        if own is None and self.published:
            self._remember(path.stat().st_size, found["sha256"])
        return ""

    def trust(self, path: Path) -> None:
        """Take `path`, which has just arrived whole, for the right file from now on where nothing else is known.

        Raises:
            OSError: it can't be read.
        """
        if not self.hashes:
            self._remember(path.stat().st_size, _digests(path, {"sha256"})["sha256"])

    @property
    def _record(self) -> Path:
        name = self.address.rstrip("/").rpartition("/")[2][:60]
        return downloads_dir() / f"{name}-{hashlib.sha256(self.address.encode()).hexdigest()[:12]}.json"

    def _own(self) -> Fingerprint | None:
        try:
            own = Fingerprint.model_validate_json(self._record.read_bytes())
        except (OSError, ValidationError):
            return None  # a record that can't be read proves nothing; the next right file makes a new one
        # Where the program has learnt of a new version, the old one's record says nothing.
        return own if own.published == self._published_texts else None

    @property
    def _published_texts(self) -> tuple[str, ...]:
        return tuple(f"{item.algorithm}:{item.digest.lower()}" for item in self.published)

    def _remember(self, size: int, sha256: str) -> None:
        own = Fingerprint(
            address=self.address, published=self._published_texts, size=size, sha256=sha256, since=date.today()
        )
        with contextlib.suppress(OSError):  # the file is right all the same, and the next one is asked again
            write_atomic(self._record, own.model_dump_json(indent=1))


def _digests(path: Path, algorithms: Iterable[str]) -> dict[str, str]:
    """Several hashes of a file that is read once."""
    # Not for secrecy: publishers give MD5, and some systems refuse it otherwise.
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            for item in hashes.values():
                item.update(chunk)
    return {name: item.hexdigest() for name, item in hashes.items()}
