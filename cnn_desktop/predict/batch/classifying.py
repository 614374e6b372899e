"""Files decoded by threads while the model answers to those before them."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import read_pixels
from cnn_desktop.data.images import find_images
from cnn_desktop.data.parallel import in_order
from cnn_desktop.predict.batch.answer import Answer, is_folder
from cnn_desktop.predict.batch.file_state import FileState
from cnn_desktop.predict.classifier import Classifier

_AT_ONCE = {"cpu": 16, "cuda": 64}
"""Pictures of 224×224 in a group: enough for the device, and so few that answers come, and are kept, all the time."""
_PIXELS = 224 * 224
_LARGEST_GROUP = 64

AnswerOfFile = tuple[Answer, FileState | None]
"""An answer, and which state of its file it is about; None where the file has none."""


def classify(classifier: Classifier, paths: Iterable[Path], top: int = 10) -> Generator[Answer]:
    """Answer for each of `paths`, in order, which are asked for as they are needed.

    Raises:
        ModelError: the network's answer isn't a number.
    """
    for group in classified_groups(classifier, paths, top):
        yield from (answer for answer, _state in group)


def classified_groups(classifier: Classifier, paths: Iterable[Path], top: int) -> Generator[list[AnswerOfFile]]:
    """`classify`, a group at a time.

    Raises:
        ModelError: the network's answer isn't a number.
    """
    size = group_size(classifier)
    read = in_order(partial(_read, classifier.model.preprocessing), paths, ahead=2 * size)
    with closing(read):
        while group := list(islice(read, size)):
            yield _answered(classifier, group, top)


def group_size(classifier: Classifier) -> int:
    """How many pictures are computed at once."""
    size = classifier.model.preprocessing
    at_once = _AT_ONCE.get(classifier.device.type, _AT_ONCE["cpu"])
    return max(1, min(_LARGEST_GROUP, at_once * _PIXELS // (size.height * size.width)))


@dataclass(frozen=True, slots=True)
class _Read:
    path: Path
    state: FileState | None
    pixels: torch.Tensor | None
    """uint8, channels×height×width; None where the file was refused."""
    refusal: str | None = None


def _read(preprocessing: Preprocessing, path: Path) -> _Read:
    state = FileState.of(path)  # before it is read: what is changed meanwhile is another file then
    try:
        if is_folder(path) and not find_images(path):
            text = _("The folder {folder} holds no pictures.")
            return _Read(path, None, None, text.format(folder=shown(path)))
        return _Read(path, state, torch.from_numpy(np.ascontiguousarray(read_pixels(path, preprocessing))))
    except ImageError as error:
        return _Read(path, state, None, str(error))


def _answered(classifier: Classifier, group: Sequence[_Read], top: int) -> list[AnswerOfFile]:
    pixels = [item.pixels for item in group if item.pixels is not None]
    guesses = iter(classifier.best(classifier.probabilities(torch.stack(pixels)), top) if pixels else ())
    return [
        (Answer(item.path, None if item.pixels is None else next(guesses), item.refusal), item.state) for item in group
    ]
