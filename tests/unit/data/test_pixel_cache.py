"""Pixels on disk: found again as they were or not at all, whatever happens to the files, the disk and the program."""

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from cnn_desktop.core.paths import cache_dir
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.batches import PixelStore, pixel_store
from cnn_desktop.data.caches import pixel_cache
from cnn_desktop.data.caches.pixel_cache import PixelCache, picture_mark
from cnn_desktop.data.caches.pixel_file import PixelFile
from cnn_desktop.data.dataset import FileSplit

pytestmark = pytest.mark.usefixtures("room_on_disk")

PREPROCESSING = Preprocessing.unit_range(6, 5, 3)
ROW_BYTES = 6 * 5 * 3
CPU = torch.device("cpu")
LONG_AGO = 1_000_000_000


def row(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (6, 5, 3), dtype=np.uint8)


def mark(number: int) -> bytes:
    return number.to_bytes(16, "big") if number else b"\xff" * 16


def written(path: Path, count: int) -> None:
    file = PixelFile.create(path, ROW_BYTES)
    for number in range(count):
        file.append(mark(number), row(number))


def found(file: PixelFile, number: int) -> np.ndarray | None:
    room = np.empty((6, 5, 3), dtype=np.uint8)
    return room if file.read(mark(number), room) else None


@pytest.fixture
def pictures(tmp_path: Path) -> FileSplit:
    """Ten old files of random pixels."""
    paths = [tmp_path / "set" / f"{number}.png" for number in range(10)]
    for number, path in enumerate(paths):
        draw(path, number)
    return FileSplit(paths, np.arange(10) % 2, tmp_path / "set")


def draw(path: Path, seed: int) -> None:
    path.parent.mkdir(exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    os.utime(path, (LONG_AGO, LONG_AGO + seed))


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which pictures were read from their files."""
    numbers: list[int] = []
    real = FileSplit.pixels

    def watched(self: FileSplit, index: int, preprocessing: Preprocessing) -> np.ndarray:
        numbers.append(index)
        return real(self, index, preprocessing)

    monkeypatch.setattr(FileSplit, "pixels", watched)
    return numbers


def streamed(split: FileSplit, preprocessing: Preprocessing = PREPROCESSING) -> PixelStore:
    return pixel_store(split, preprocessing, CPU, memory_limit=0)


def epoch(store: PixelStore) -> torch.Tensor:
    return torch.cat([pixels for pixels, _labels in store.batches(None, 3)])


def expected(split: FileSplit, preprocessing: Preprocessing = PREPROCESSING) -> torch.Tensor:
    return torch.from_numpy(np.stack([split.pixels(index, preprocessing) for index in range(len(split))]))


def kept_files() -> list[Path]:
    return sorted((cache_dir() / "pixels").glob("*"))


# The file


def test_rows_are_found_again_over_many_blocks(tmp_path: Path) -> None:
    written(tmp_path / "a", 2500)
    file = PixelFile.open(tmp_path / "a", ROW_BYTES)
    for number in (0, 1, 1023, 1024, 2499):
        assert np.array_equal(found(file, number), row(number))
    assert found(file, 2500) is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=5),
    kept=st.floats(0, 1),
    zeros=st.booleans(),
)
def test_damage_hides_rows_but_never_changes_them(
    tmp_path: Path, places: list[tuple[float, int]], kept: float, zeros: bool
) -> None:
    whole = tmp_path / "whole"
    if not whole.exists():
        written(whole, 30)
    content = bytearray(whole.read_bytes())
    content = content[: int(len(content) * kept)]
    for place, value in places:
        at = int(place * len(content))
        content[at : at + 50] = bytes(50) if zeros else bytes([value])
    damaged = tmp_path / "damaged"
    damaged.write_bytes(content)
    file = PixelFile.open(damaged, ROW_BYTES)
    for number in range(30):
        pixels = found(file, number)
        assert pixels is None or np.array_equal(pixels, row(number))


def test_a_file_that_is_cut_while_it_is_read_ends_nothing(tmp_path: Path) -> None:
    written(tmp_path / "a", 5)
    file = PixelFile.open(tmp_path / "a", ROW_BYTES)
    os.truncate(tmp_path / "a", 3)
    assert found(file, 4) is None


WRITER = """
import sys
from pathlib import Path
import numpy as np
from cnn_desktop.data.caches.pixel_file import PixelFile
file = PixelFile.create(Path(sys.argv[1]), 90)
for number in range(1, 1_000_000):
    file.append(number.to_bytes(16, "big"), np.full((6, 5, 3), number % 251, dtype=np.uint8))
    if number == 50:
        print("going", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_a_writer_that_is_killed_leaves_only_right_rows(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "a")], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"going\n"
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    file = PixelFile.open(tmp_path / "a", ROW_BYTES)
    assert (pixels := found(file, 50)) is not None
    assert (pixels == 50).all()
    count = sum(
        (pixels := found(file, number)) is not None and bool((pixels == number % 251).all()) for number in range(60)
    )
    assert count >= 50


# Epochs


def test_the_second_epoch_decodes_nothing_and_gives_the_same_pixels(pictures: FileSplit, decoded: list[int]) -> None:
    wanted = expected(pictures)
    decoded.clear()
    store = streamed(pictures)
    assert torch.equal(epoch(store), wanted)
    assert sorted(decoded) == list(range(10))
    assert torch.equal(epoch(store), wanted)
    assert len(decoded) == 10


@pytest.mark.parametrize("memory_limit", [None, 0])
def test_the_next_start_decodes_nothing(pictures: FileSplit, decoded: list[int], memory_limit: int | None) -> None:
    wanted = epoch(streamed(pictures))
    decoded.clear()
    store = pixel_store(pictures, PREPROCESSING, CPU, memory_limit=memory_limit)
    assert torch.equal(epoch(store), wanted)
    assert decoded == []


def test_what_is_held_in_memory_is_kept_for_the_next_start(pictures: FileSplit, decoded: list[int]) -> None:
    first = pixel_store(pictures, PREPROCESSING, CPU)
    decoded.clear()
    assert torch.equal(epoch(pixel_store(pictures, PREPROCESSING, CPU)), epoch(first))
    assert decoded == []


def test_splits_share_what_was_decoded_for_others(pictures: FileSplit, decoded: list[int]) -> None:
    epoch(streamed(pictures.subset(np.arange(7))))
    epoch(streamed(pictures.subset(np.arange(7, 10))))
    decoded.clear()
    epoch(streamed(pictures.subset(np.array([9, 0, 8]))))
    assert decoded == []


def test_without_the_cache_nothing_is_kept(pictures: FileSplit) -> None:
    epoch(pixel_store(pictures, PREPROCESSING, CPU, memory_limit=0, cached=False))
    assert kept_files() == []


@pytest.mark.parametrize(
    "change", [{"width": 4}, {"decoder": "full"}, {"resizer": "pillow"}, {"interpolation": "bicubic"}, {"channels": 1}]
)
def test_another_preprocessing_is_another_picture(pictures: FileSplit, change: dict[str, object]) -> None:
    epoch(streamed(pictures))
    size = {"mean": (0.0,), "std": (1.0,)} if "channels" in change else {}
    other = PREPROCESSING.model_copy(update=change | size)
    assert torch.equal(epoch(streamed(pictures, other)), expected(pictures, other))


def test_mean_and_std_are_not_in_the_pixels(pictures: FileSplit, decoded: list[int]) -> None:
    epoch(streamed(pictures))
    decoded.clear()
    epoch(streamed(pictures, PREPROCESSING.model_copy(update={"mean": (0.5,) * 3})))
    assert decoded == []


# Files that change


def test_a_file_that_changes_is_decoded_again(pictures: FileSplit, decoded: list[int]) -> None:
    store = streamed(pictures)
    epoch(store)
    draw(pictures.paths[3], seed=77)
    wanted = expected(pictures)
    decoded.clear()
    assert torch.equal(epoch(store), wanted)
    assert decoded == [3]
    assert torch.equal(epoch(streamed(pictures)), wanted)
    assert decoded == [3]


def test_a_file_that_vanishes_is_missed(pictures: FileSplit) -> None:
    store = streamed(pictures)
    epoch(store)
    pictures.paths[3].unlink()
    assert len(epoch(store)) == 9
    assert len(store.skipped) == 1


def test_a_file_that_was_just_changed_is_not_kept_yet(pictures: FileSplit, decoded: list[int]) -> None:
    os.utime(pictures.paths[3])
    store = streamed(pictures)
    epoch(store)
    decoded.clear()
    epoch(store)
    assert decoded == [3]


def test_a_file_that_changes_while_it_is_decoded_is_not_kept(tmp_path: Path, pictures: FileSplit) -> None:
    cache = PixelCache(pictures.folder, PREPROCESSING, tmp_path / "cache")
    before = picture_mark(pictures.paths[0])
    assert before is not None
    draw(pictures.paths[0], seed=77)
    cache.write(pictures.paths[0], before, row(0))
    assert not cache.read(before, row(1))


# The disk


def test_a_full_disk_costs_time_only_and_what_was_written_is_given_back(
    pictures: FileSplit, decoded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = expected(pictures)
    real = PixelFile._write_at
    writes: list[int] = []

    def write(self: PixelFile, content: bytes | memoryview, place: int) -> None:
        writes.append(place)
        if len(writes) > 9:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, content, place)

    monkeypatch.setattr(PixelFile, "_write_at", write)
    store = streamed(pictures)
    for _epoch in range(2):
        decoded.clear()
        assert torch.equal(epoch(store), wanted)
    assert len(decoded) == 10
    assert len(writes) == 10  # it isn't tried again
    assert sum(path.stat().st_size for path in kept_files()) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_really_full_disk(pictures: FileSplit, monkeypatch: pytest.MonkeyPatch) -> None:
    def create(place: Path, row_bytes: int) -> PixelFile:
        return PixelFile(Path("/dev/full").open("r+b", buffering=0), row_bytes, {})

    monkeypatch.setattr(PixelFile, "create", create)
    assert torch.equal(epoch(streamed(pictures)), expected(pictures))


def test_where_nothing_may_be_written_it_goes_without(pictures: FileSplit, home: Path) -> None:
    cache_dir().parent.mkdir(parents=True, exist_ok=True)
    cache_dir().write_text("a file where the folder should be")
    assert torch.equal(epoch(streamed(pictures)), expected(pictures))


def test_the_cache_may_be_deleted_at_any_time(pictures: FileSplit) -> None:
    store = streamed(pictures)
    wanted = epoch(store)
    for path in kept_files():
        path.unlink()
    assert torch.equal(epoch(store), wanted)
    assert torch.equal(epoch(streamed(pictures)), wanted)


def test_it_is_turned_off_by_the_environment(pictures: FileSplit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNN_DESKTOP_PIXEL_CACHE", "0")
    assert torch.equal(epoch(streamed(pictures)), expected(pictures))
    assert kept_files() == []


def test_space_for_what_matters_is_left(pictures: FileSplit, tmp_path: Path) -> None:
    filled(PixelCache(pictures.folder, PREPROCESSING, tmp_path / "cache", left_free=1 << 60), pictures)
    assert list((tmp_path / "cache").glob("*")) == []


def filled(cache: PixelCache, pictures: FileSplit) -> None:
    for index, path in enumerate(pictures.paths):
        file_mark = picture_mark(path)
        assert file_mark is not None
        cache.write(path, file_mark, row(index))


def test_the_oldest_files_make_room(pictures: FileSplit, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    for days, name in ((30, "old"), (20, "middle"), (1, "new")):
        (place / f"{name}.pixels").write_bytes(bytes(100_000))
        long_ago = LONG_AGO - days * 86_400
        os.utime(place / f"{name}.pixels", (long_ago, long_ago))
    filled(PixelCache(pictures.folder, PREPROCESSING, place, limit_bytes=200_000, left_free=0), pictures)
    names = {path.name for path in place.iterdir()}
    assert "new.pixels" in names
    assert not names & {"old.pixels", "middle.pixels"}
    assert len(names) == 2


def test_the_limit_is_kept_and_what_was_written_up_to_it_is_used(pictures: FileSplit, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    limit = 5 * ROW_BYTES
    cache = PixelCache(pictures.folder, PREPROCESSING, place, limit_bytes=limit, left_free=0)
    filled(cache, pictures)
    marks = [picture_mark(path) or b"" for path in pictures.paths]
    kept = sum(cache.read(file_mark, row(0)) for file_mark in marks)
    assert 1 <= kept <= 5


def test_few_files_are_kept_of_one_folder(pictures: FileSplit, tmp_path: Path) -> None:
    for number in range(12):
        draw(pictures.paths[0], seed=100 + number)
        filled(PixelCache(pictures.folder, PREPROCESSING, tmp_path / "cache"), pictures)
    assert len(list((tmp_path / "cache").iterdir())) <= pixel_cache._MOST_FILES + 1


def test_two_at_once_each_find_what_the_other_had_written_before(
    pictures: FileSplit, tmp_path: Path, decoded: list[int]
) -> None:
    wanted = expected(pictures)
    stores = [streamed(pictures) for _number in range(3)]
    results: list[torch.Tensor] = []
    threads = [threading.Thread(target=lambda store=store: results.append(epoch(store))) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(torch.equal(result, wanted) for result in results)
    decoded.clear()
    assert torch.equal(epoch(streamed(pictures)), wanted)
    assert decoded == []


def test_no_file_has_no_mark(tmp_path: Path) -> None:
    assert picture_mark(tmp_path / "gone.png") is None
    assert picture_mark(tmp_path) is None
    assert picture_mark(tmp_path / "a\0b") is None
