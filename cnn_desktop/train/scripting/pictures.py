"""The part of a training script that reads the pictures: the same ones, in the same order, under the same labels."""

import csv
import io
import os

from cnn_desktop.core.paths import data_root
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data import pictures
from cnn_desktop.data.dataset import FileSplit, Split
from cnn_desktop.data.splits import SPLIT_SEED, held_out
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import assignment, literal
from cnn_desktop.predict.export.prediction_script import add_picture_reading
from cnn_desktop.train.scripting.published import add_published, is_on_disk
from cnn_desktop.train.scripting.subject import Subject

LIST = "pictures.csv"
"""The file beside the script that names the pictures of a folder."""

_LARGE = 4 << 30
"""Bytes of pixels that most machines don't hold."""

_CLASS = '''\
class Pictures(NamedTuple):
    """Pictures with their labels."""

    pixels: torch.Tensor  # uint8 N×height×width×channels
    labels: torch.Tensor  # int64, shape (N,): places in CLASSES

    def at(self, chosen: torch.Tensor) -> "Pictures":
        """Some of them: places, or true for those that are wanted."""
        return Pictures(self.pixels[chosen], self.labels[chosen])

    def to(self, device: torch.device) -> "Pictures":
        """The same on a device."""
        return Pictures(self.pixels.to(device), self.labels.to(device))'''

_READ_PUBLISHED = '''\
def read_pictures() -> dict[str, Pictures]:
    """Training, validation and test pictures."""
    training, test = published(train=True), published(train=False)
    return {"train": training, "test": test}'''

_READ_PUBLISHED_PARTS = '''\
def read_pictures() -> dict[str, Pictures]:
    """Training, validation and test pictures; each picture draws by its number where it belongs."""
    training, test = published(train=True), published(train=False)
    names = [f"train {number}" for number in range(len(training.labels))]
    chosen = torch.from_numpy(held_out(training.labels.numpy(), names, VALIDATION_PART, %d))
    return {"train": training.at(~chosen), "validation": training.at(chosen), "test": test}'''

_READ_LISTED = '''\
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

_NORMALIZED = '''\
def normalized(pixels: torch.Tensor) -> torch.Tensor:
    """What the network takes: uint8 N×height×width×channels to float N×channels×height×width, in channels_last."""
%s'''

_RESIZED = '''\
def resized(found: Pictures) -> Pictures:
    """The same pictures in the size and the channels that the network takes."""
    images = [Image.fromarray(image.squeeze(2) if image.shape[2] == 1 else image) for image in found.pixels.numpy()]
    pixels = [to_pixels(image, PREPROCESSING).transpose(1, 2, 0) for image in images]
    return Pictures(torch.from_numpy(np.stack(pixels)), found.labels)'''


def add_pictures(bundle: Bundle, subject: Subject) -> None:
    """Take in `read_pictures()`, which gives each split that there is as `Pictures` in memory.

    Raises:
        ExportError: nothing but this program can read the dataset.
    """
    bundle.need("from typing import NamedTuple", "from pathlib import Path", "import torch")
    _add_reading(bundle, subject)
    bundle.write("normalized", _normalized(subject.preprocessing))


def _add_reading(bundle: Bundle, subject: Subject) -> None:
    if subject.dataset.folder is not None:
        bundle.need("from multiprocessing.pool import ThreadPool", "import csv", "import numpy as np")
        add_picture_reading(bundle)
        bundle.write("Pictures", _CLASS)
        bundle.write("read_pictures", _READ_FILES % _room(bundle, subject))
        return
    bundle.write("Pictures", _CLASS)
    add_published(bundle, subject.dataset)
    if subject.is_listed:
        bundle.need("import csv")
        text = _READ_LISTED
    elif "validation" in subject.dataset.splits:
        bundle.add(held_out)
        text = _READ_PUBLISHED_PARTS % SPLIT_SEED
    else:
        text = _READ_PUBLISHED
    if subject.is_resized:
        bundle.need("import numpy as np", "from PIL import Image")
        bundle.add(pictures.to_pixels)
        bundle.write("resized", _RESIZED)
    bundle.write("read_pictures", text)


def places(subject: Subject) -> list[str]:
    """Constants that say where the pictures are and what is done to them."""
    folder = subject.dataset.folder
    root = folder or subject.config.data_root or data_root()
    is_somewhere = folder is not None or is_on_disk(subject.dataset)
    lines = [f"DATA = Path({literal(str(root.absolute()))})"] if is_somewhere else []
    if subject.is_listed:
        lines.append(f'LIST = Path(__file__).with_name("{LIST}")')
    elif "validation" in subject.dataset.splits:
        lines.append(assignment("VALIDATION_PART", subject.config.val_fraction, "of the training pictures"))
    return lines


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


def _normalized(facts: Preprocessing) -> str:
    line = "pixels.permute(0, 3, 1, 2).to(torch.float32).div_(255)"
    if not any(facts.mean) and all(part == 1 for part in facts.std):
        return _NORMALIZED % f"    return {line}"
    return _NORMALIZED % "\n".join(
        [
            f"    mean, std = torch.tensor({facts.mean}), torch.tensor({facts.std})",
            f"    batch = {line}",
            "    return batch.sub_(mean.to(DEVICE)[:, None, None]).div_(std.to(DEVICE)[:, None, None])",
        ]
    )
