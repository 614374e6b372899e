"""Bytes from an address, read by a thread of their own, so that whoever waits for them can leave at any time."""

import contextlib
import queue
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from cnn_desktop.core.language import _

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 20.0
"""Seconds without a single byte after which a connection counts as stalled."""

NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError)
"""What a connection raises that fails."""

_CHUNK = 1 << 16
_TICK = 0.1
"""Seconds between two looks at whether someone still wants the bytes."""

T = TypeVar("T")


@dataclass(frozen=True)
class Head:
    """What a server says before it sends."""

    status: int
    reason: str
    start: int
    """The first byte that it will send."""
    total: int | None
    """Bytes of the whole file, where it says so."""
    is_delimited: bool
    """Whether a connection that ends too early can be told from the end of the file."""
    is_web_page: bool


class Connection:
    """One request for the bytes of `url` from `start` on; proxies are taken from the environment.

    Both methods raise `NETWORK_ERRORS` when the network fails, and call `tick` while they wait: what that raises is let
    through, at once, even when the server is silent.
    """

    def __init__(self, url: str, start: int = 0) -> None:
        self._url, self._start = url, start
        self._news: queue.Queue[Head | bytes | Exception] = queue.Queue(2)
        self._is_left = threading.Event()
        self._response: requests.Response | None = None

    def __enter__(self) -> "Connection":
        # A daemon: a look-up of a name that hangs can't be interrupted, and must not keep the program from ending.
        threading.Thread(target=self._read, name=f"download {host_of(self._url)}", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_left.set()
        if self._response is not None:
            with contextlib.suppress(ValueError, RuntimeError, OSError):  # it has ended already
                self._response.raw.shutdown()

    def head(self, tick: Callable[[], None]) -> Head:
        """Wait for what the server says first."""
        return self._next(tick, Head)

    def chunks(self, tick: Callable[[], None]) -> Iterator[bytes]:
        """The bytes as they come, as they are sent: nothing is unpacked on the way."""
        while chunk := self._next(tick, bytes):
            yield chunk

    def _next(self, tick: Callable[[], None], kind: type[T]) -> T:
        while True:
            try:
                item = self._news.get(timeout=_TICK)
            except queue.Empty:
                tick()
                continue
            if isinstance(item, Exception):
                raise item
            assert isinstance(item, kind)
            return item

    def _read(self) -> None:
        # identity: a file that is compressed on its way couldn't be resumed by its own bytes.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={self._start}-"} if self._start else {})
        patience = (CONNECT_TIMEOUT, READ_TIMEOUT)
        try:
            with (
                _Session() as session,
                session.get(self._url, headers=headers, stream=True, timeout=patience) as response,
            ):
                self._response = response
                self._tell(_head(response))
                # The raw stream: requests would unpack a .gz whose server names its compression, and the hash differ.
                while not self._is_left.is_set() and (chunk := response.raw.read1(_CHUNK, decode_content=False)):
                    self._tell(chunk)
                self._tell(b"")
        except Exception as error:  # noqa: BLE001  it is raised where somebody waits for the bytes
            self._tell(error)

    def _tell(self, item: Head | bytes | Exception) -> None:
        while not self._is_left.is_set():
            try:
                self._news.put(item, timeout=_TICK)
            except queue.Full:
                continue
            return


class _Session(requests.Session):
    """Follows redirects, but never from https to anything less."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        location = super().get_redirect_target(resp)
        scheme = urlsplit(location).scheme if location else ""
        if scheme not in ("", "https") and urlsplit(resp.url).scheme == "https":
            refusal = _("it leads on to an unprotected address, {url}").format(url=location)
            raise requests.exceptions.InvalidURL(refusal)
        return location


def host_of(url: str) -> str:
    """The server's name (and port), as a person would call it."""
    return urlsplit(url).netloc.rpartition("@")[2] or url


def reason_of(error: Exception) -> str:
    """Why the network failed, in words for a person, found by the kind of error rather than its text."""
    chain: list[BaseException] = [error]
    while (below := chain[-1].__cause__ or chain[-1].__context__ or _wrapped(chain[-1])) and below not in chain:
        chain.append(below)
    for kinds, words in (
        ((urllib3.exceptions.ProxyError, requests.exceptions.ProxyError), _("the proxy doesn't let it through")),
        ((urllib3.exceptions.NameResolutionError,), _("there is no such name, or no network")),
        ((ConnectionRefusedError,), _("it refuses the connection")),  # urllib3 calls this a time-out too
        ((urllib3.exceptions.TimeoutError, requests.Timeout, TimeoutError), _("no answer in time")),
        ((urllib3.exceptions.SSLError, requests.exceptions.SSLError), _("its certificate can't be trusted")),
        ((requests.exceptions.InvalidURL,), " ".join(str(error).split())),
        ((urllib3.exceptions.IncompleteRead,), _("the connection ended too early")),
    ):
        if any(isinstance(item, kinds) for item in chain):
            return words
    return _("the network failed")


def _wrapped(error: BaseException) -> BaseException | None:
    inner = getattr(error, "reason", None) or next(iter(error.args), None)
    return inner if isinstance(inner, BaseException) else None


def _head(response: requests.Response) -> Head:
    headers = response.headers
    length = int(text) if (text := headers.get("Content-Length", "")).isdecimal() else None
    given = re.match(r"bytes (\d+)-", headers.get("Content-Range", "")) if response.status_code == 206 else None
    start = int(given[1]) if given else 0
    return Head(
        status=response.status_code,
        reason=response.reason or "",
        start=start,
        total=None if length is None else start + length,
        is_delimited=length is not None or "chunked" in headers.get("Transfer-Encoding", "").lower(),
        is_web_page=headers.get("Content-Type", "").startswith("text/html"),
    )
