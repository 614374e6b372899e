"""Batches: the same pixels in memory and streamed, nothing lost but what can't be read, no thread left."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from cnn_desktop.core.errors import CancelledError, DatasetError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.batches import PixelStore, pixel_store
from cnn_desktop.data.dataset import ArraySplit, FileSplit
from cnn_desktop.data.memory import memory_for_pixels
from cnn_desktop.data.parallel import in_order
from cnn_desktop.data.pictures import to_pixels
from cnn_desktop.data.sets.folder import open_folder
from tests.unit.data.conftest import Maker

CPU = torch.device("cpu")


def arrays(count: int = 11, side: int = 8, channels: int = 3) -> ArraySplit:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count, side, side, channels), dtype=np.uint8)
    return ArraySplit(images, np.arange(count) % 3, "train")


@pytest.fixture
def files(tmp_path: Path, make_picture: Maker) -> FileSplit:
    paths = [make_picture(tmp_path / f"{number}.png", seed=number, size=(9 + number, 12)) for number in range(10)]
    return FileSplit(tuple(paths), np.arange(10) % 4, tmp_path)


def gathered(
    store: PixelStore, order: torch.Tensor | None = None, batch_size: int = 4
) -> tuple[torch.Tensor, list[int]]:
    pixels, labels = zip(*store.batches(order, batch_size), strict=True)
    for batch in pixels:
        assert batch.dtype == torch.uint8
        assert batch.is_contiguous(memory_format=torch.channels_last)
    return torch.cat(pixels), torch.cat(labels).tolist()


PREPROCESSING = Preprocessing.unit_range(7, 6, 3)


def expected(split: ArraySplit | FileSplit, preprocessing: Preprocessing, indices: list[int]) -> torch.Tensor:
    return torch.from_numpy(np.stack([to_pixels(split.picture(index), preprocessing) for index in indices]))


@pytest.mark.parametrize("channels", [1, 3])
def test_arrays_of_the_right_size_are_used_as_they_are(channels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    split = arrays(channels=channels)
    preprocessing = Preprocessing.unit_range(8, 8, 3 if channels == 3 else 1)
    wanted = expected(split, preprocessing, list(range(11)))
    monkeypatch.setattr(ArraySplit, "pixels", None)  # no work for each picture
    store = pixel_store(split, preprocessing, CPU, memory_limit=0)
    pixels, labels = gathered(store)
    assert torch.equal(pixels, wanted)
    assert labels == split.labels.tolist() == store.labels.tolist()
    assert len(store) == 11
    assert store.skipped == []


@pytest.mark.parametrize("memory_limit", [None, 0])
@pytest.mark.parametrize(
    "preprocessing",
    [
        PREPROCESSING,
        Preprocessing.unit_range(8, 8, 1),
        Preprocessing(height=4, width=4, resize="crop", shorter_side=6, mean=(0,) * 3, std=(1,) * 3),
    ],
)
def test_other_arrays_go_through_the_one_preprocessing(preprocessing: Preprocessing, memory_limit: int | None) -> None:
    split = arrays()
    pixels, labels = gathered(pixel_store(split, preprocessing, CPU, memory_limit=memory_limit))
    assert torch.equal(pixels, expected(split, preprocessing, list(range(11))))
    assert labels == split.labels.tolist()


@pytest.mark.parametrize("memory_limit", [None, 0])
def test_an_order_is_followed(files: FileSplit, memory_limit: int | None) -> None:
    store = pixel_store(files, PREPROCESSING, CPU, memory_limit=memory_limit)
    order = [9, 0, 3, 3, 1]
    sizes = [len(labels) for _pixels, labels in store.batches(torch.tensor(order), 2)]
    assert sizes == [2, 2, 1]
    pixels, labels = gathered(store, torch.tensor(order), 2)
    assert torch.equal(pixels, expected(files, PREPROCESSING, order))
    assert labels == [index % 4 for index in order]


def test_memory_decides_between_holding_and_streaming(files: FileSplit) -> None:
    size = 10 * 7 * 6 * 3
    held, streamed = (pixel_store(files, PREPROCESSING, CPU, memory_limit=limit) for limit in (size, size - 1))
    for path in files.paths:
        path.unlink()
    assert len(gathered(held)[1]) == 10
    with pytest.raises(DatasetError):
        gathered(streamed)


def test_the_default_limit_is_a_part_of_what_is_free() -> None:
    assert 1_000_000 < memory_for_pixels(CPU) < 1 << 45


def test_the_limit_can_be_set(monkeypatch: pytest.MonkeyPatch, files: FileSplit) -> None:
    monkeypatch.setenv("CNN_DESKTOP_PIXEL_MEMORY", "3")
    assert memory_for_pixels(CPU) == 3_000_000
    monkeypatch.setenv("CNN_DESKTOP_PIXEL_MEMORY", "0")
    streamed = pixel_store(files, PREPROCESSING, CPU)
    for path in files.paths:
        path.unlink()
    with pytest.raises(DatasetError):
        gathered(streamed)


def test_broken_pictures_are_left_out_of_memory_and_listed(files: FileSplit) -> None:
    files.paths[0].write_bytes(b"broken")
    files.paths[7].unlink()
    store = pixel_store(files, PREPROCESSING, CPU)
    good = [1, 2, 3, 4, 5, 6, 8, 9]
    pixels, labels = gathered(store)
    assert torch.equal(pixels, expected(files, PREPROCESSING, good))
    assert labels == store.labels.tolist() == [index % 4 for index in good]
    assert [sentence.split(" ", 1)[0] for sentence in store.skipped] == [str(files.paths[0]), str(files.paths[7])]
    assert len(gathered(store, torch.arange(len(store)))[1]) == 8
    assert store.indices.tolist() == good


def test_pictures_that_vanish_in_mid_epoch_are_left_out_and_counted_once(files: FileSplit) -> None:
    store = pixel_store(files, PREPROCESSING, CPU, memory_limit=0)
    assert len(gathered(store)[1]) == 10
    for index in (2, 3):
        files.paths[index].unlink()
    for _epoch in range(2):
        sizes = [len(labels) for _pixels, labels in store.batches(None, 2)]
        assert sizes == [2, 2, 2, 2]  # the second batch lost both of its pictures
        assert gathered(store)[1] == [index % 4 for index in (0, 1, 4, 5, 6, 7, 8, 9)]
    assert len(store.skipped) == 2
    assert store.indices.tolist() == [0, 1, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("memory_limit", [None, 0])
def test_mostly_unreadable_pictures_are_refused(files: FileSplit, memory_limit: int | None) -> None:
    for path in files.paths[:6]:
        path.unlink()
    with pytest.raises(DatasetError, match=r"More than half of the 10 pictures.*doesn't exist"):
        gathered(pixel_store(files, PREPROCESSING, CPU, memory_limit=memory_limit))


def test_no_pictures_are_refused() -> None:
    with pytest.raises(DatasetError, match="no pictures"):
        pixel_store(FileSplit((), np.array([], dtype=np.int64), Path()), PREPROCESSING, CPU)


def picture_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("pictures")]


def test_reading_reports_and_stops_at_once_when_cancelled(tmp_path: Path, make_picture: Maker) -> None:
    path = make_picture(tmp_path / "a.png")
    split = FileSplit((path,) * 300, np.zeros(300), tmp_path)
    seen: list[tuple[int, int]] = []
    pixel_store(split, PREPROCESSING, CPU, lambda *now: seen.append(now))
    assert seen[0] == (0, 300)
    assert seen[-1] == (300, 300)
    assert seen == sorted(seen)

    def cancel(done: int, total: int) -> None:
        if done:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        pixel_store(split, PREPROCESSING, CPU, cancel)
    assert picture_threads() == []


def test_a_stream_that_is_closed_early_leaves_no_thread_and_has_not_read_all(files: FileSplit) -> None:
    store = pixel_store(
        FileSplit([*files.paths] * 30, np.tile(files.labels, 30), files.folder), PREPROCESSING, CPU, memory_limit=0
    )
    stream = store.batches(None, 4)
    next(stream)
    assert picture_threads()
    stream.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert picture_threads() == []


def test_results_come_in_order_and_only_so_many_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_order(lambda number: number * number, items(), ahead=5)
    assert [next(results), next(results)] == [0, 1]
    assert len(taken) == 6
    results.close()
    assert list(in_order(lambda number: number * number, range(20), ahead=3)) == [number**2 for number in range(20)]


def test_an_exception_of_the_work_is_raised_and_leaves_no_thread() -> None:
    def fail(number: int) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(in_order(fail, range(10), ahead=3))
    assert picture_threads() == []


def test_a_folder_gives_the_same_pixels_held_and_streamed(class_folder: Path) -> None:
    split = open_folder(class_folder).splits["train"]
    held, streamed = (pixel_store(split, PREPROCESSING, CPU, memory_limit=limit) for limit in (None, 0))
    assert torch.equal(gathered(held)[0], gathered(streamed)[0])


@pytest.mark.parametrize("kind", ["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
def test_batches_lie_on_the_device(kind: str) -> None:
    device = torch.device(kind)
    for limit in (None, 0):
        store = pixel_store(arrays(), Preprocessing.unit_range(8, 8, 3), device, memory_limit=limit)
        for pixels, labels in store.batches(torch.randperm(11), 4):
            assert pixels.device.type == labels.device.type == kind
            assert pixels.is_contiguous(memory_format=torch.channels_last)
        assert store.labels.device.type == kind
