"""Many pictures in, an answer for each out, whatever state their files are in."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.data.decoding import read_pixels
from cnn_desktop.data.images import find_images, shown
from cnn_desktop.predict.classifier import Classifier, Guess

_GROUP_PIXELS = 16 * 224 * 224


@dataclass(frozen=True)
class Answer:
    """What the model says to one file: its best classes, or why it can't be read."""

    image: Path
    top: tuple[Guess, ...] | None
    error: str | None


def expand(paths: Iterable[Path]) -> list[Path]:
    """Folders replaced by the pictures in them; files stay, also missing ones; so do folders without pictures.

    What stays here and can't be read becomes an answer with an error: nothing that was asked for goes unanswered.
    """
    found: list[Path] = []
    for path in paths:
        try:
            found.extend((find_images(path) if _is_folder(path) else []) or [path])
        except ImageError:
            found.append(path)
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # in a folder that may not be entered; opening it says so
        return False


def classify(classifier: Classifier, paths: Iterable[Path], top: int = 10) -> Iterator[Answer]:
    """Answer for each of `paths`, in order; pictures are grouped for speed, one is decoded at a time.

    Raises:
        ModelError: the network's answer isn't a number.
    """
    waiting = iter(paths)
    while group := list(islice(waiting, _group_size(classifier))):
        read = [_read(classifier, path) for path in group]
        pixels = [item for item in read if isinstance(item, torch.Tensor)]
        guesses = iter(classifier.best(classifier.probabilities(torch.stack(pixels)), top) if pixels else ())
        for path, item in zip(group, read, strict=True):
            if isinstance(item, str):
                yield Answer(path, None, item)
            else:
                yield Answer(path, next(guesses), None)


def _group_size(classifier: Classifier) -> int:
    size = classifier.model.preprocessing
    return max(1, min(16, _GROUP_PIXELS // (size.height * size.width)))


def _read(classifier: Classifier, path: Path) -> torch.Tensor | str:
    try:
        if _is_folder(path) and not find_images(path):
            return _("The folder {folder} holds no pictures.").format(folder=shown(path))
        return torch.from_numpy(np.ascontiguousarray(read_pixels(path, classifier.model.preprocessing)))
    except ImageError as error:
        return str(error)


def write_csv(path: Path, answers: Iterable[Answer]) -> None:
    """Write a row a picture: file, error, then class and probability of each guess, best first.

    UTF-8 with a mark, so that spreadsheets read it right.

    Raises:
        OSError: the file can't be written.
    """
    rows = list(answers)
    widest = max((len(answer.top or ()) for answer in rows), default=0)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["image", "error"] + [name for k in range(1, widest + 1) for name in (f"class {k}", f"probability {k}")]
    )
    for answer in rows:
        cells = [cell for guess in answer.top or () for cell in (guess.label, f"{guess.probability:.6f}")]
        table.writerow([shown(answer.image), answer.error or "", *cells])
    write_atomic(path, text.getvalue().encode("utf-8-sig"))
