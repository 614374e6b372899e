"""Downloads against a real local server that behaves as badly as servers do."""

import contextlib
import errno
import hashlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from cnn_desktop.core import connection, download
from cnn_desktop.core.download import fetch
from cnn_desktop.core.errors import CancelledError, DownloadError

CONTENT = random.Random(0).randbytes(1_000_000)
MD5 = hashlib.md5(CONTENT).hexdigest()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves CONTENT; `faults` are answered with first, one a request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.faults: list[str] = []
        self.always = ""
        self.ranges: list[str | None] = []
        self.sent = 0
        self.released = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the play."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/weights-{SHA256[:8]}.pth"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        fault = self.server.faults.pop(0) if self.server.faults else self.server.always
        self.server.ranges.append(self.headers["Range"])
        if fault == "404":
            return self.send_error(404)
        if fault == "silent":
            self.server.released.wait(20)
            self.close_connection = True
            return None
        whole: dict[str, Callable[[], None]] = {
            "web page": lambda: self.answer(b"<html>Sign in</html>", kind="text/html; charset=utf-8"),
            "no length": lambda: self.answer(CONTENT[:1000], length=False),
            "other part": lambda: self.answer(CONTENT[700_000:], 700_000),
            "wrong bytes": lambda: self.answer(bytes(len(CONTENT))),
            "gzip named": lambda: self.answer(CONTENT, encoding="gzip"),
        }
        if fault in whole:
            return whole[fault]()
        start = int(self.headers["Range"][6:-1]) if self.headers["Range"] and "range ignored" not in fault else 0
        if start >= len(CONTENT):
            return self.send_error(416)
        return self.answer(CONTENT[start:], start, cut="cut" in fault, stall=fault == "stall")

    def answer(
        self,
        body: bytes,
        start: int = 0,
        *,
        cut: bool = False,
        stall: bool = False,
        encoding: str = "",
        kind: str = "",
        length: bool = True,
    ) -> None:
        self.send_response(206 if start else 200)
        if kind:
            self.send_header("Content-Type", kind)
        if length:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.close_connection = True
        if start:
            self.send_header("Content-Range", f"bytes {start}-{start + len(body) - 1}/{start + len(body)}")
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        body = body[: len(body) // 2] if cut or stall else body
        self.wfile.write(body)
        self.wfile.flush()
        self.server.sent += len(body)
        if stall:
            self.server.released.wait(20)
        if cut or stall:
            self.close_connection = True


@contextlib.contextmanager
def serving(server: Server) -> Iterator[Server]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as server:
        yield server


@pytest.fixture
def mirror() -> Iterator[Server]:
    with serving(Server()) as server:
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "weights.pth"


def leftovers(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path != target)


def stop_after(count: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done >= count:
            raise CancelledError("enough")

    return progress


def test_a_download_is_whole_verified_and_reported(server: Server, target: Path) -> None:
    seen: list[tuple[int, int]] = []
    fetched = fetch(
        server.url,
        target,
        size=len(CONTENT),
        md5=MD5.upper(),
        sha256=SHA256,
        progress=lambda *now: seen.append(now),
    )
    assert fetched == target
    assert target.read_bytes() == CONTENT
    assert leftovers(target) == []
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)


def test_a_file_that_is_right_already_costs_no_request(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(CONTENT)
    fetch(server.url, target, sha256=SHA256)
    assert server.ranges == []


def test_a_file_that_is_wrong_is_replaced(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"damaged")
    fetch(server.url, target, sha256=SHA256[:8])
    assert target.read_bytes() == CONTENT


def test_a_cut_connection_goes_on_where_it_broke(server: Server, target: Path) -> None:
    server.faults = ["cut", "cut"]
    fetch(server.url, target, md5=MD5)
    assert target.read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=500000-", "bytes=750000-"]
    assert server.sent == len(CONTENT)


def test_a_cut_without_a_hash_is_an_error_that_keeps_nothing_doubtful(server: Server, target: Path) -> None:
    server.faults = ["cut"]
    with pytest.raises(DownloadError, match="ended too early"):
        fetch(server.url, target)
    assert not target.exists()
    fetch(server.url, target)
    assert server.ranges == [None, None]
    assert target.read_bytes() == CONTENT


def test_a_server_that_always_cuts_at_the_same_place_ends_in_an_error(server: Server, target: Path) -> None:
    server.always = "range ignored, cut"
    with pytest.raises(DownloadError, match="ended too early"):
        fetch(server.url, target, md5=MD5)
    assert server.ranges == [None, "bytes=500000-"]
    assert not target.exists()


def test_a_stalled_connection_times_out_and_the_next_call_goes_on(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "READ_TIMEOUT", 0.3)
    server.faults = ["stall", "stall", "404"]
    with pytest.raises(DownloadError, match="404"):
        fetch(server.url, target, md5=MD5)
    assert not target.exists()
    kept = target.with_name("weights.pth.part").stat().st_size
    assert 600_000 < kept <= 750_000
    fetch(server.url, target, md5=MD5)
    assert server.ranges[-1] == f"bytes={kept}-"
    assert target.read_bytes() == CONTENT


def test_a_stall_without_a_byte_says_so(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "READ_TIMEOUT", 0.2)
    server.faults = ["stall"]
    with pytest.raises(DownloadError, match="no answer in time"):
        fetch(server.url, target)


def test_an_answer_of_404_says_what_to_do_by_hand(server: Server, target: Path) -> None:
    server.always = "404"
    with pytest.raises(DownloadError) as raised:
        fetch(server.url, target, md5=MD5)
    message = str(raised.value)
    assert all(part in message for part in ("404", server.url, str(target.parent), "weights.pth", MD5))
    assert "\n" not in message
    assert leftovers(target) == []


def test_wrong_bytes_are_removed(server: Server, target: Path) -> None:
    server.always = "wrong bytes"
    with pytest.raises(DownloadError, match="isn't the right file"):
        fetch(server.url, target, sha256=SHA256[:8])
    assert list(target.parent.iterdir()) == []


def test_a_part_of_another_version_is_dropped_and_the_file_fetched_anew(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.with_name("weights.pth.part").write_bytes(bytes(1000))
    fetch(server.url, target, md5=MD5)
    assert server.ranges == ["bytes=1000-", None]
    assert target.read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_dropped(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.with_name("weights.pth.part").write_bytes(bytes(len(CONTENT) + 1))
    fetch(server.url, target, md5=MD5)
    assert target.read_bytes() == CONTENT


def test_a_part_that_is_whole_only_takes_its_name(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.with_name("weights.pth.part").write_bytes(CONTENT)
    fetch(server.url, target, md5=MD5)
    assert server.ranges == []
    assert leftovers(target) == []


def test_a_server_that_ignores_ranges_is_read_from_the_beginning_without_losing_the_part(
    server: Server, target: Path
) -> None:
    server.faults = ["range ignored, cut", "404"]
    target.parent.mkdir()
    part = target.with_name("weights.pth.part")
    part.write_bytes(CONTENT[:600_000])
    with pytest.raises(DownloadError, match="404"):
        fetch(server.url, target, md5=MD5)  # cut at half a megabyte, which was here already
    assert part.read_bytes() == CONTENT[:600_000]
    server.always = "range ignored"
    seen: list[int] = []
    fetch(server.url, target, md5=MD5, progress=lambda done, total: seen.append(done))
    assert server.ranges == ["bytes=600000-"] * 3
    assert target.read_bytes() == CONTENT
    assert seen[0] == 600_000 and seen == sorted(seen)


def test_another_part_than_was_asked_for_is_refused(server: Server, target: Path) -> None:
    server.always = "other part"
    target.parent.mkdir()
    target.with_name("weights.pth.part").write_bytes(CONTENT[:1000])
    with pytest.raises(DownloadError, match="another part of the file"):
        fetch(server.url, target, md5=MD5)
    assert not target.exists()


def test_a_size_that_differs_is_refused_before_it_is_read(server: Server, target: Path) -> None:
    with pytest.raises(DownloadError, match="1000000 bytes of it where 999 are right"):
        fetch(server.url, target, size=999)
    assert leftovers(target) == []


def test_cancelling_keeps_the_part_and_going_on_reads_only_the_rest(server: Server, target: Path) -> None:
    with pytest.raises(CancelledError):
        fetch(server.url, target, md5=MD5, progress=stop_after(300_000))
    assert not target.exists()
    kept = target.with_name("weights.pth.part").stat().st_size
    assert 300_000 <= kept < len(CONTENT)
    first: list[int] = []
    fetch(server.url, target, md5=MD5, progress=lambda done, total: first.append(done))
    assert server.ranges == [None, f"bytes={kept}-"]
    assert first[0] == kept
    assert target.read_bytes() == CONTENT


def test_a_gz_file_stays_packed_when_the_server_names_its_packing(server: Server, target: Path) -> None:
    server.always = "gzip named"
    fetch(server.url, target, md5=MD5)
    assert target.read_bytes() == CONTENT


def test_https_is_never_followed_to_http(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def redirect(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: object) -> requests.Response:
        if not request.url.startswith("https:"):
            return original(adapter, request, **options)
        response = requests.Response()
        response.status_code = 302
        response.headers["Location"] = server.url
        response.request, response.url, response.raw = request, request.url, open(os.devnull, "rb")  # noqa: PTH123, SIM115
        return response

    original = HTTPAdapter.send
    monkeypatch.setattr(HTTPAdapter, "send", redirect)
    with pytest.raises(DownloadError, match="unprotected address"):
        fetch("https://127.0.0.1/weights.pth", target, md5=MD5)
    assert server.ranges == []
    assert not target.exists()


def test_no_server_is_a_sentence_with_the_way_out(target: Path) -> None:
    with pytest.raises(DownloadError, match="refuses the connection") as raised:
        fetch("http://127.0.0.1:9/w.pth", target, sha256="397923af")
    assert all(part in str(raised.value) for part in ("http://127.0.0.1:9/w.pth", str(target.parent), "397923af"))


def test_a_name_that_nobody_knows_is_a_sentence(target: Path) -> None:
    with pytest.raises(DownloadError, match="no such name, or no network"):
        fetch("http://nowhere.invalid/w.pth", target)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.with_name("weights.pth.part").symlink_to("/dev/full")
    with pytest.raises(DownloadError, match=r"too full for weights.pth \(1.0 MB\): make room"):
        fetch(server.url, target, size=len(CONTENT))


def test_too_little_room_is_said_before_anything_is_written(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 10})())
    with pytest.raises(DownloadError, match="too full"):
        fetch(server.url, target, size=len(CONTENT))
    assert server.sent < len(CONTENT) or leftovers(target) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="can't be written into"):
        fetch(server.url, tmp_path / "file" / "weights.pth")


def test_what_is_not_renamed_is_not_there(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(download.os, "fsync", fail)
    with pytest.raises(DownloadError, match=os.strerror(errno.EIO)):
        fetch(server.url, target, md5=MD5)
    assert not target.exists()


def test_a_silent_server_does_not_keep_a_cancel_waiting(server: Server, target: Path) -> None:
    """Neither before it answers nor in the middle of the file; the time-out is twenty seconds."""
    for fault in ("silent", "stall"):
        server.faults = [fault]
        begun: list[float] = []

        def cancel(
            done: int, total: int, begun: list[float] = begun, enough: int = 400_000 * (fault == "stall")
        ) -> None:
            begun.append(time.monotonic())
            if done >= enough and begun[-1] - begun[0] > 0.3:
                raise CancelledError("enough")

        with pytest.raises(CancelledError):
            fetch(server.url, target, md5=MD5, progress=cancel)
        assert time.monotonic() - begun[-1] < 10
        assert len(begun) >= 3  # it was asked all the while
    kept = target.with_name("weights.pth.part").stat().st_size
    assert kept == 500_000
    fetch(server.url, target, md5=MD5)
    assert server.ranges[-1] == "bytes=500000-"


def test_a_cancelled_connection_ends_its_thread(server: Server, target: Path) -> None:
    server.faults = ["stall"]
    before = set(threading.enumerate())
    with pytest.raises(CancelledError):
        fetch(server.url, target, md5=MD5, progress=stop_after(100_000))
    readers = [thread for thread in threading.enumerate() if thread not in before and "download" in thread.name]
    for thread in readers:
        thread.join(2)
    assert not any(thread.is_alive() for thread in readers)


def test_the_next_mirror_goes_on_from_the_same_part(server: Server, mirror: Server, target: Path) -> None:
    server.faults = ["cut", "404"]
    fetch([server.url, mirror.url], target, md5=MD5)
    assert target.read_bytes() == CONTENT
    assert mirror.ranges == ["bytes=500000-"]
    assert server.sent + mirror.sent == len(CONTENT)


def test_a_mirror_with_wrong_bytes_does_not_spoil_the_next(server: Server, mirror: Server, target: Path) -> None:
    server.always = "wrong bytes"
    fetch([server.url, mirror.url], target, md5=MD5)
    assert target.read_bytes() == CONTENT
    assert mirror.ranges == [None]


def test_without_a_hash_the_next_mirror_begins_anew(server: Server, mirror: Server, target: Path) -> None:
    server.always = "cut"
    fetch([server.url, mirror.url], target)
    assert target.read_bytes() == CONTENT
    assert mirror.ranges == [None]


def test_where_no_mirror_helps_each_says_why(server: Server, mirror: Server, target: Path) -> None:
    server.always = "404"
    mirror.always = "wrong bytes"
    with pytest.raises(DownloadError) as raised:
        fetch([server.url, mirror.url, "http://127.0.0.1:9/w.pth", "http://127.0.0.1:7/w.pth"], target, md5=MD5)
    message = str(raised.value)
    assert f"127.0.0.1:{server.server_port}: it answers “404" in message
    assert f"127.0.0.1:{mirror.server_port}: what it sends isn't the right file" in message
    assert "127.0.0.1:9, 127.0.0.1:7: it refuses the connection" in message
    assert leftovers(target) == []


def test_our_own_hash_is_asked_of_every_later_download(server: Server, target: Path, tmp_path: Path) -> None:
    """A publisher that gives no hash: what came first is what must come again."""
    fetch(server.url, target)
    server.always = "wrong bytes"
    with pytest.raises(DownloadError, match=f"isn't the file that was downloaded on .*SHA-256 {SHA256}"):
        fetch(server.url, tmp_path / "again" / "weights.pth")
    server.always = ""
    server.faults = ["cut"]
    fetch(server.url, tmp_path / "again" / "weights.pth")
    assert server.ranges[-1] == "bytes=500000-"  # a known hash makes going on possible


def test_a_file_on_disk_that_has_changed_is_fetched_anew(server: Server, target: Path) -> None:
    fetch(server.url, target)
    target.write_bytes(CONTENT[:-1] + b"?")
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT


def test_a_network_that_wants_a_sign_in_is_named(server: Server, target: Path) -> None:
    server.always = "web page"
    with pytest.raises(DownloadError, match="a web page comes instead of the file"):
        fetch(server.url, target, md5=MD5)
    assert list(target.parent.iterdir()) == []


def test_a_file_whose_end_nobody_knows_is_refused_without_a_hash(server: Server, target: Path) -> None:
    server.always = "no length"
    with pytest.raises(DownloadError, match="doesn't say how long the file is"):
        fetch(server.url, target)
    with pytest.raises(DownloadError, match="isn't the right file"):
        fetch(server.url, target, md5=MD5)
    assert list(target.parent.iterdir()) == []


def test_two_downloads_of_one_file_do_not_spoil_each_other(server: Server, target: Path) -> None:
    server.faults = ["stall"]
    refused: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        if done >= 500_000 and not refused:
            with pytest.raises(DownloadError) as raised:
                fetch(server.url, target, md5=MD5)
            refused.append(str(raised.value))
            server.released.set()

    fetch(server.url, target, md5=MD5, progress=meanwhile)
    assert "being downloaded" in refused[0] and str(target.parent) in refused[0]
    assert target.read_bytes() == CONTENT
    assert leftovers(target) == []


def test_a_proxy_is_honoured(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = f"http://127.0.0.1:{server.server_port}"
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    monkeypatch.setenv("no_proxy", "")
    fetch("http://nowhere.invalid/weights.pth", target, md5=MD5)  # only the proxy can answer
    assert target.read_bytes() == CONTENT
    with pytest.raises(DownloadError, match=r"nowhere\.invalid: the proxy doesn't let it through"):
        fetch("https://nowhere.invalid/other.pth", target.with_name("other.pth"), md5=MD5)


def test_a_proxy_that_is_not_there_is_named_as_the_reason(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(DownloadError, match="the proxy doesn't let it through"):
        fetch("http://nowhere.invalid/weights.pth", target, md5=MD5)
