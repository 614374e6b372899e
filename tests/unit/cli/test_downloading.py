"""`datasets download`, from a local server."""

import functools
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.sets.mnist import Mnist
from tests.unit.cli.conftest import Answer
from tests.unit.data.test_published import fake_mnist

Command = Callable[..., Answer]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What is published as MNIST are eight pictures in the folder that is given, on a server of the test's own."""
    folder = tmp_path / "server"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    small = fake_mnist(folder, f"http://127.0.0.1:{server.server_port}/")
    for name in ("files", "mirrors", "download_bytes"):
        monkeypatch.setattr(datasets["mnist"], name, getattr(small, name))
    yield folder
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_dataset_is_downloaded_into_the_data_root(command: Command, mnist: Path, tmp_path: Path) -> None:
    root = tmp_path / "data"
    answer = command("datasets", "download", "mnist", "--data-root", root, "--json")
    assert answer.code == 0, answer.err
    assert answer.lines[-1] == {
        "event": "download_finished",
        "name": "mnist",
        "data_root": str(root),
        "was_present": False,
    }
    told = [line for line in answer.lines if line["event"] == "download_progress"]
    size = datasets["mnist"].download_bytes
    assert told[-1]["done"] == told[-1]["total"] == size
    assert {"name", "bytes_per_second", "seconds_left"} <= set(told[-1])
    assert Mnist().is_present(root)


def test_what_is_here_is_checked_and_not_fetched_again(command: Command, mnist: Path, tmp_path: Path) -> None:
    root = tmp_path / "data"
    assert "is in" in command("datasets", "download", "mnist", "--data-root", root).out
    for file in mnist.iterdir():
        file.unlink()
    answer = command("datasets", "download", "mnist", "--data-root", root)
    assert answer.code == 0
    assert "already, and whole" in answer.out
    (root / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(b"damaged")
    answer = command("datasets", "download", "mnist", "--data-root", root)
    assert answer.code == 2
    assert "train-images-idx3-ubyte" in answer.err


def test_a_failure_is_one_sentence_with_file_folder_and_hash(command: Command, mnist: Path, tmp_path: Path) -> None:
    gone = datasets["mnist"].files[0]  # pyright: ignore[reportAttributeAccessIssue]
    (mnist / gone.name).unlink()
    answer = command("datasets", "download", "mnist", "--data-root", tmp_path / "data")
    assert answer.code == 1
    assert all(part in answer.err for part in ("404", gone.name, gone.md5, str(tmp_path / "data" / "MNIST" / "raw")))


def test_an_interrupt_keeps_what_has_arrived(
    command: Command, mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn_desktop.core.transfer import TransferMeter

    tell = TransferMeter.tell

    def interrupted(self: TransferMeter, done: int, total: int, now: float | None = None) -> object:
        if done > total // 2:
            raise KeyboardInterrupt
        return tell(self, done, total, now)

    monkeypatch.setattr(TransferMeter, "tell", interrupted)
    answer = command("datasets", "download", "mnist", "--data-root", tmp_path / "data")
    assert answer.code == 130
    assert "what has arrived is kept" in answer.err
    monkeypatch.setattr(TransferMeter, "tell", tell)
    assert command("datasets", "download", "mnist", "--data-root", tmp_path / "data").code == 0


@pytest.mark.parametrize(("name", "said"), [("digits", "already"), ("mnits", "mnist")])
def test_a_name_without_a_download(command: Command, name: str, said: str, tmp_path: Path) -> None:
    answer = command("datasets", "download", name, "--data-root", tmp_path)
    assert answer.code == (2 if name == "mnits" else 0)
    assert said in answer.out + answer.err
