"""Downloads against a real local server that behaves as badly as servers do."""

import errno
import hashlib
import os
import random
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from cnn_desktop.core import download
from cnn_desktop.core.download import fetch, fetch_from_any
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
        if fault == "wrong bytes":
            return self.answer(bytes(len(CONTENT)))
        if fault == "gzip named":
            return self.answer(CONTENT, encoding="gzip")
        start = int(self.headers["Range"][6:-1]) if self.headers["Range"] and "range ignored" not in fault else 0
        if start >= len(CONTENT):
            return self.send_error(416)
        return self.answer(CONTENT[start:], start, cut="cut" in fault, stall=fault == "stall")

    def answer(
        self, body: bytes, start: int = 0, *, cut: bool = False, stall: bool = False, encoding: str = ""
    ) -> None:
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
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


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


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
        sha256_prefix=SHA256[:8],
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
    fetch(server.url, target, sha256_prefix=SHA256[:8])
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
    monkeypatch.setattr(download, "READ_TIMEOUT", 0.3)
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
    monkeypatch.setattr(download, "READ_TIMEOUT", 0.2)
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
        fetch(server.url, target, sha256_prefix=SHA256[:8])
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


def test_a_server_that_ignores_ranges_begins_again(server: Server, target: Path) -> None:
    server.always = "range ignored"
    target.parent.mkdir()
    target.with_name("weights.pth.part").write_bytes(CONTENT[:1000])
    fetch(server.url, target, md5=MD5)
    assert server.ranges == ["bytes=1000-"]
    assert target.read_bytes() == CONTENT


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
        fetch("http://127.0.0.1:9/w.pth", target, sha256_prefix="397923af")
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


def test_mirrors_are_tried_in_turn(server: Server, target: Path) -> None:
    fetch_from_any(["http://127.0.0.1:9/a", server.url], target, md5=MD5)
    assert target.read_bytes() == CONTENT
    with pytest.raises(DownloadError, match="404"):
        server.always = "404"
        fetch_from_any(["http://127.0.0.1:9/a", server.url], target.with_name("other"), md5=MD5)
