import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_desktop.core.errors import ImageError
from cnn_desktop.data.caches import thumbnails
from cnn_desktop.data.caches.thumbnail_file import ThumbnailFile
from cnn_desktop.data.caches.thumbnails import ThumbnailStore
from cnn_desktop.data.dataset import ArraySplit, FileSplit

RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        Image.new("RGB", (600, 300), RED).save(tmp_path / f"{number}.jpg", quality=90)
    return tmp_path


@pytest.fixture
def split(folder: Path) -> FileSplit:
    return FileSplit(sorted(folder.glob("*.jpg")), np.zeros(4), folder)


@pytest.fixture
def kept(folder: Path) -> Path:
    return folder / "cache" / "thumbnails.sqlite"


def is_like(pixels: np.ndarray, color: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixels.astype(int).mean(axis=(0, 1)) - color).max() < 8)


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, preview_side: int | None = None) -> Image.Image:
        raise AssertionError(f"{path} was decoded again")

    monkeypatch.setattr(thumbnails, "open_image", refuse)


def test_proportions_stay_and_the_longer_side_is_what_was_asked(split: FileSplit, kept: Path) -> None:
    pixels = ThumbnailStore(kept).thumbnail(split, 0, 100)
    assert pixels.shape == (50, 100, 3)
    assert pixels.dtype == np.uint8
    assert is_like(pixels, RED)


def test_what_was_made_once_is_kept_for_the_next_start(
    split: FileSplit, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ThumbnailStore(kept)
    store.thumbnail(split, 0, 100)
    store.close()
    forbid_reading(monkeypatch)
    assert ThumbnailStore(kept).thumbnail(split, 0, 150).shape == (75, 150, 3)
    with pytest.raises(AssertionError, match="decoded again"):
        ThumbnailStore(kept).thumbnail(split, 0, 300)  # made of more pixels than were kept


def test_a_changed_file_has_a_new_thumbnail(split: FileSplit, kept: Path) -> None:
    store = ThumbnailStore(kept)
    assert is_like(store.thumbnail(split, 1, 64), RED)
    path = split.paths[1]
    before = path.stat()
    Image.new("RGB", (600, 300), BLUE).save(path, quality=90)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert is_like(store.thumbnail(split, 1, 64), BLUE)


def test_pictures_in_memory_need_no_disk(kept: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 20, 1), np.uint8)
    split = ArraySplit(images, np.zeros(2), "train")
    pixels = ThumbnailStore(kept).thumbnail(split, 1, 192)
    np.testing.assert_array_equal(pixels, np.repeat(images[1], 3, axis=2))  # as it is: not enlarged, not compressed
    assert not kept.exists()


def test_a_broken_picture_says_why_and_one_that_is_gone_too(split: FileSplit, kept: Path) -> None:
    store = ThumbnailStore(kept)
    split.paths[0].write_bytes(split.paths[0].read_bytes()[:700])
    with pytest.raises(ImageError, match=r"0\.jpg"):
        store.thumbnail(split, 0, 64)
    split.paths[1].unlink()
    with pytest.raises(ImageError, match=r"1\.jpg"):
        store.thumbnail(split, 1, 64)


def test_large_jpegs_are_decoded_at_a_reduced_scale(split: FileSplit, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (4000, 3000), RED).save(split.paths[0])
    sizes: list[tuple[int, int]] = []
    whole = thumbnails.open_image

    def watched(path: Path, preview_side: int | None = None) -> Image.Image:
        picture = whole(path, preview_side)
        sizes.append(picture.size)
        return picture

    monkeypatch.setattr(thumbnails, "open_image", watched)
    ThumbnailStore(split.folder / "t.sqlite").thumbnail(split, 0, 128)
    assert sizes == [(500, 375)]


def test_a_damaged_file_is_set_aside(split: FileSplit, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.parent.mkdir()
    kept.write_bytes(b"no database at all " * 500)
    store = ThumbnailStore(kept)
    assert is_like(store.thumbnail(split, 0, 64), RED)
    assert kept.with_name("thumbnails.sqlite.broken").exists()
    forbid_reading(monkeypatch)
    assert is_like(store.thumbnail(split, 0, 64), RED)


def test_a_damaged_thumbnail_is_made_anew(split: FileSplit, kept: Path) -> None:
    store = ThumbnailStore(kept)
    store.thumbnail(split, 0, 64)
    with sqlite3.connect(kept) as connection:
        connection.execute("UPDATE thumbnails SET jpeg = ?", (b"not a picture",))
    connection.close()
    assert is_like(store.thumbnail(split, 0, 64), RED)


def test_where_nothing_can_be_kept_it_goes_on_without(split: FileSplit, folder: Path) -> None:
    (folder / "file").write_text("in the way")
    store = ThumbnailStore(folder / "file" / "below" / "thumbnails.sqlite")
    assert is_like(store.thumbnail(split, 0, 64), RED)


def test_a_full_disk_keeps_nothing_more_but_reads(kept: Path) -> None:
    file = ThumbnailFile(kept, 10_000_000)
    file.write(1, b"first")
    connection = file._opened()
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
    file.write(2, bytes(100_000))  # SQLite says of this what it says of a full disk
    assert file.read(1) == b"first"
    assert file.read(2) is None


def test_the_file_stays_below_its_limit_and_the_newest_stay(kept: Path) -> None:
    limit = 2_000_000
    file = ThumbnailFile(kept, limit)
    for number in range(600):
        file.write(number, bytes([number % 256]) * 8_000)
    file.close()
    assert kept.stat().st_size < 1.5 * limit
    alive = [number for number in range(600) if file.read(number) is not None]
    assert 100 < len(alive) < 300


def test_what_was_not_seen_for_longest_goes_first(kept: Path) -> None:
    file = ThumbnailFile(kept, 400_000)
    for number in range(63):
        file.write(number, bytes(8_000))
    connection = file._opened()
    connection.execute("UPDATE thumbnails SET seen = number WHERE number < 60")
    assert file.read(5) is not None  # seen now
    file.write(63, bytes(8_000))  # the sixty-fourth: a sweep
    assert file.read(5) is not None
    assert file.read(6) is None
    assert file.read(62) is not None


def test_threads_share_a_store(split: FileSplit, kept: Path) -> None:
    store = ThumbnailStore(kept)
    problems: list[Exception] = []

    def work() -> None:
        try:
            for turn in range(40):
                assert is_like(store.thumbnail(split, turn % 4, 64), RED)
        except Exception as error:  # noqa: BLE001
            problems.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems


_SECOND_PROGRAM = """
import sys
from pathlib import Path
from cnn_desktop.data.caches.thumbnail_file import ThumbnailFile
file = ThumbnailFile(Path(sys.argv[1]), 100_000_000)
for number in range(300):
    file.write(number, str(number).encode() * 500)
print(sum(file.read(number) is not None for number in range(300)))
"""


def test_two_programs_share_a_file(kept: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", _SECOND_PROGRAM, str(kept)], stdout=subprocess.PIPE) for _ in range(2)
    ]
    for program in programs:
        answer, _errors = program.communicate(timeout=60)
        assert int(answer) == 300
    file = ThumbnailFile(kept, 100_000_000)
    assert file.read(7) == b"7" * 500
