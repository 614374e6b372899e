"""The part of a training script that reads the pictures: the same ones, in the same order, under the same labels."""

from cnn_desktop.core.paths import data_root
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data import pictures
from cnn_desktop.data.splits import SPLIT_SEED, held_out
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import assignment, literal
from cnn_desktop.train.scripting.listed import LIST, READ_LISTED, add_file_reading
from cnn_desktop.train.scripting.published import add_published, is_on_disk
from cnn_desktop.train.scripting.subject import Subject

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
    bundle.write("Pictures", _CLASS)
    _add_reading(bundle, subject)
    bundle.write("normalized", _normalized(subject.preprocessing))


def _add_reading(bundle: Bundle, subject: Subject) -> None:
    if subject.dataset.folder is not None:
        add_file_reading(bundle, subject)
        return
    add_published(bundle, subject.dataset)
    text = _READ_PUBLISHED
    if subject.is_listed:
        bundle.need("import csv")
        text = READ_LISTED
    elif "validation" in subject.dataset.splits:
        bundle.add(held_out)
        text = _READ_PUBLISHED_PARTS % SPLIT_SEED
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


def _normalized(facts: Preprocessing) -> str:
    line = "pixels.permute(0, 3, 1, 2).to(torch.float32).div_(255)"
    if not any(facts.mean) and all(part == 1 for part in facts.std):
        return _NORMALIZED % f"    return {line}"
    return _NORMALIZED % "\n".join(
        [
            f"    mean, std = torch.tensor({facts.mean}), torch.tensor({facts.std})",
            f"    batch = {line}",
            "    return batch.sub_(mean.to(batch.device)[:, None, None]).div_(std.to(batch.device)[:, None, None])",
        ]
    )
