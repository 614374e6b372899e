"""Pictures that a training script finds by a list: files, and those of published sets that somebody decided about."""

import csv
import io
import os

from cnn_desktop.data.dataset import FileSplit, Split
from cnn_desktop.models.source import Bundle
from cnn_desktop.predict.export.prediction_script import add_picture_reading
from cnn_desktop.train.scripting.subject import Subject

LIST = "pictures.csv"
"""The file beside the script that names the pictures of a folder."""

_LARGE = 4 << 30
"""Bytes of pixels that most machines don't hold."""

READ_LISTED = '''\
def read_pictures() -> dict[str, Pictures]:
    """Training, validation and test pictures, as they are listed beside this file: split, class, number."""
    published_ones = {"train": published(train=True), "test": published(train=False)}
    parts: dict[str, list[Pictures]] = {}
    with LIST.open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            origin, number = row["picture"].split()
            pixels = published_ones[origin].pixels[int(number)]
            parts.setdefault(row["split"], []).append(Pictures(pixels, torch.tensor(CLASSES.index(row["class"]))))
    return {split: Pictures(*map(torch.stack, zip(*part, strict=True))) for split, part in parts.items()}'''

_READ_FILES = '''\
def read_pictures() -> dict[str, Pictures]:
    """Training, validation and test pictures, as they are listed beside this file: split, class, file."""
    files: dict[str, list[tuple[Path, int]]] = {}
    with LIST.open(newline="", encoding="utf-8", errors="surrogateescape") as rows:
        for row in csv.DictReader(rows):
            files.setdefault(row["split"], []).append((DATA / row["picture"], CLASSES.index(row["class"])))
    return {split: read_files(some) for split, some in files.items()}


def read_files(files: list[tuple[Path, int]]) -> Pictures:
    """Pictures of files with their labels; what can't be read is left out."""
    shape = len(files), PREPROCESSING.height, PREPROCESSING.width, PREPROCESSING.channels
    pixels = %s
    with ThreadPool() as threads:
        is_read = threads.starmap(read_into, zip(pixels, (file for file, _label in files), strict=True))
    labels = torch.tensor([label for _file, label in files])
    found = Pictures(torch.from_numpy(pixels), labels)
    return found if all(is_read) else found.at(torch.tensor(is_read))


def read_into(row: np.ndarray, file: Path) -> bool:
    """Fill `row` with the pixels of a picture; whether that was possible."""
    try:
        row[:] = read_picture(file, PREPROCESSING).transpose(1, 2, 0)
    except (OSError, SyntaxError, ValueError) as error:
        print(f"{file} is left out: {error}")
        return False
    return True'''


def add_file_reading(bundle: Bundle, subject: Subject) -> None:
    """Take in `read_pictures()` for files."""
    bundle.need("from multiprocessing.pool import ThreadPool", "import csv", "import numpy as np")
    add_picture_reading(bundle)
    bundle.write("read_pictures", _READ_FILES % _room(bundle, subject))


def picture_list(subject: Subject) -> str | None:
    """What belongs into `LIST`; None where the script finds the pictures without it."""
    if not subject.is_listed:
        return None
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["split", "class", "picture"])
    for name, split in subject.dataset.splits.items():
        labels = [subject.dataset.classes[label] for label in split.labels]
        rows.writerows((name, label, picture) for label, picture in zip(labels, _names(split), strict=True))
    return text.getvalue()


def _names(split: Split) -> list[str]:
    if not isinstance(split, FileSplit):
        return split.all_keys()
    start = os.path.join(split.folder, "")  # noqa: PTH118 - with the separator at its end
    return [text.removeprefix(start) for text in split.paths.texts]


def _room(bundle: Bundle, subject: Subject) -> str:
    facts = subject.preprocessing
    size = sum(map(len, subject.dataset.splits.values())) * facts.height * facts.width * facts.channels
    if size < _LARGE:
        return "np.empty(shape, np.uint8)"
    bundle.need("import tempfile")
    return "np.memmap(tempfile.TemporaryFile(), np.uint8, shape=shape)  # on disk, where memory is short"
