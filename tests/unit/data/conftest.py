"""What tests of pictures share."""

import functools
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Maker = Callable[..., Path]


@pytest.fixture
def make_picture() -> Maker:
    """Write a small picture of random pixels, the same for the same seed."""

    def make(path: Path, seed: int = 0, size: tuple[int, int] = (12, 9)) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
        return path

    return make


@pytest.fixture
def class_folder(tmp_path: Path, make_picture: Maker) -> Path:
    """Two classes, cats with three pictures and dogs with two."""
    folder = tmp_path / "pets"
    for seed, name in enumerate(("cats/1.png", "cats/2.png", "cats/10.png", "dogs/a.png", "dogs/b.jpg")):
        make_picture(folder / name, seed)
    return folder


@pytest.fixture
def web_folder(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which a server hands out its files."""
    folder = tmp_path / "web"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def unprivileged(make_picture: Maker) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A class folder that anybody may reach, and a call that gives up root's rights until the test ends."""
    if not hasattr(os, "seteuid"):
        pytest.skip("this system has no user ids")
    before = os.geteuid()
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        for name in ("cats/a.png", "cats/private/b.png", "dogs/c.png"):
            make_picture(Path(place) / name)
        yield Path(place), lambda: os.seteuid(before or 65_534)
        os.seteuid(before)
