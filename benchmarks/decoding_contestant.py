"""Contestant: pictures from their files to batches. Run as: decoding_contestant.py WAY FOLDER SIDE.

WAY is `first` (our first epoch), `later` (our later ones), `loader-0` or `loader-2` (torchvision's ImageFolder and
torch's DataLoader with so many workers), `decoding` (nothing but decoding and resizing, by as many threads as ours has)
or `copying` (nothing but gathering batches out of a mapped file).
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import simplejpeg
import torch
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

from benchmarks.answering import Answer, Answers
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.batches import PixelStore, pixel_store
from cnn_desktop.data.dataset import Split
from cnn_desktop.data.parallel import in_order, thread_count
from cnn_desktop.data.pictures import fitted
from cnn_desktop.data.sets.folder import open_folder
from cnn_desktop.train.memory_allocation import freed_memory_kept

BATCH = 32
_TOGETHER = 8
_CPU = torch.device("cpu")

Epoch = Callable[[], Iterable[int]]
"""One pass over all pictures; gives how many each batch held."""


def main() -> None:
    """Make ready, then read whenever told to."""
    answers = Answers()
    way, folder, side = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    preprocessing = Preprocessing.unit_range(side, side, 3)
    if way.startswith("loader-"):
        epoch = _loader(folder, side, int(way.removeprefix("loader-")))
    else:
        split = open_folder(folder).splits["train"]
        make = {"first": _first, "later": _later, "decoding": _decoding, "copying": _copying}[way]
        epoch = make(split, preprocessing)
    before = _forget if way == "first" else _do_nothing
    with freed_memory_kept():  # as in a training
        answers.serve({"threads": thread_count()}, lambda seconds: _timed(epoch, before, seconds))


def _timed(epoch: Epoch, before: Callable[[], None], seconds: float) -> Answer:
    """Whole epochs, one at least, until they took so long; `before` each of them isn't counted."""
    images, taken = 0, 0.0
    while taken < seconds:
        before()
        began = time.perf_counter()
        images += sum(epoch())
        taken += time.perf_counter() - began
    return {"images": images, "seconds": taken}


def _do_nothing() -> None:
    pass


def _forget() -> None:
    shutil.rmtree(cache_dir() / "pixels", ignore_errors=True)


def _first(split: Split, preprocessing: Preprocessing) -> Epoch:
    return lambda: _sizes(pixel_store(split, preprocessing, _CPU, memory_limit=0))


def _later(split: Split, preprocessing: Preprocessing) -> Epoch:
    store = pixel_store(split, preprocessing, _CPU, memory_limit=0)
    list(_sizes(store))
    return lambda: _sizes(store)


def _sizes(store: PixelStore) -> Iterator[int]:
    for _pixels, labels in store.batches(torch.randperm(len(store)), BATCH):
        yield len(labels)


def _loader(folder: Path, side: int, workers: int) -> Epoch:
    resized = transforms.Compose([transforms.Resize((side, side)), transforms.PILToTensor()])
    loader = DataLoader(
        ImageFolder(str(folder), resized),
        batch_size=BATCH,
        shuffle=True,
        num_workers=workers,
        persistent_workers=workers > 0,
    )
    return lambda: (len(labels) for _pixels, labels in loader)


def _decoding(split: Split, preprocessing: Preprocessing) -> Epoch:
    contents = [path.read_bytes() for path in split.paths]  # pyright: ignore[reportAttributeAccessIssue]
    chunks = [contents[start : start + _TOGETHER] for start in range(0, len(contents), _TOGETHER)]
    height, width, _colours, _sampling = simplejpeg.decode_jpeg_header(contents[0])
    factor = next(factor for factor in (8, 4, 2, 1) if int(height) >= 1.25 * factor * preprocessing.height)
    least_height, least_width = -(-int(height) // factor), -(-int(width) // factor)

    def work(chunk: list[bytes]) -> int:
        for content in chunk:
            decoded = simplejpeg.decode_jpeg(content, "RGB", min_height=least_height, min_width=least_width)
            fitted(decoded, preprocessing)
        return len(chunk)

    return lambda: in_order(work, chunks, ahead=4 * thread_count())


def _copying(split: Split, preprocessing: Preprocessing) -> Epoch:
    shape = len(split), preprocessing.height, preprocessing.width, preprocessing.channels
    pixels = np.memmap(tempfile.TemporaryFile(), np.uint8, "w+", shape=shape)  # noqa: SIM115 - as long as this process
    pixels[:] = 1

    def epoch() -> Iterator[int]:
        order = np.random.default_rng().permutation(len(split))
        for start in range(0, len(order), BATCH):
            yield len(np.take(pixels, order[start : start + BATCH], axis=0))

    return epoch


if __name__ == "__main__":
    main()
