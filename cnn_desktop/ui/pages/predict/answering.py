"""What the Predict page's job threads do. The engine is imported inside, after first paint."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cnn_desktop.core.errors import CnnDesktopError, ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.pictures import GivenPicture, SeenPicture, draw

if TYPE_CHECKING:
    from cnn_desktop.data.decoding import OpenedPicture
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.classifier import Classifier, Guess
    from cnn_desktop.predict.polarity import Mismatch

TOP = 10
_THUMBNAIL = 320
"""Pixels of its longer side."""


class AskedPicture:
    """A picture that models are asked about: opened once, by whichever thread needs it first.

    Args:
        given: what the person gave.
        is_inverted: whether its negative is asked about.
    """

    def __init__(self, given: GivenPicture, *, is_inverted: bool = False) -> None:
        self.given = given
        self.is_inverted = is_inverted
        self._opening = threading.Lock()
        self._opened: OpenedPicture | None = None

    def opened(self) -> OpenedPicture:
        """The picture, upright.

        Raises:
            ImageError: one sentence that names the file and the reason.
        """
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> OpenedPicture:
        from cnn_desktop.predict.polarity import inverted

        opened = self.given.load()
        return inverted(opened) if self.is_inverted else opened


@dataclass(frozen=True)
class Answer:
    """What a model says to a picture."""

    asked: AskedPicture
    guesses: tuple[Guess, ...] = ()
    """The best classes, best first; empty where the model has no answer."""
    indices: tuple[int, ...] = ()
    """The place of each in the model's classes, of which several may have one name."""
    seconds: float = 0.0
    """What the model took for it, its own preparation of the picture included."""
    refusal: str = ""
    """Why the model has no answer, though the picture is fine."""
    mismatch: Mismatch | None = None
    """The picture looks like a negative of what the model knows."""


def prepare(model: Model, progress: Progress = no_progress) -> Classifier:
    """The model on its device, after a first blank picture: what that takes longer, the person's first doesn't."""
    import torch

    from cnn_desktop.predict.classifier import Classifier

    progress(0, 0)
    classifier = Classifier(model, precision="auto")
    size = model.preprocessing
    classifier.logits(torch.zeros(1, size.channels, size.height, size.width, dtype=torch.uint8))
    return classifier


def answer(asked: AskedPicture, classifier: Classifier, progress: Progress = no_progress) -> Answer:
    """Ask the model.

    Raises:
        ImageError: the picture can't be read.
    """
    import numpy as np
    import torch

    from cnn_desktop.predict.polarity import mismatch

    opened = asked.opened()
    progress(1, 2)
    began = time.perf_counter()
    try:
        pixels = np.ascontiguousarray(opened.pixels(classifier.model.preprocessing))
        probabilities = classifier.probabilities(torch.from_numpy(pixels).unsqueeze(0))
    except ImageError:
        raise
    except CnnDesktopError as error:
        return Answer(asked, refusal=str(error))
    return Answer(
        asked,
        guesses=classifier.best(probabilities, TOP)[0],
        indices=tuple(probabilities[0].argsort(descending=True, stable=True)[:TOP].tolist()),
        seconds=time.perf_counter() - began,
        mismatch=mismatch(classifier.model, pixels),
    )


@dataclass(frozen=True)
class Drawn:
    """A picture for the window, large and small."""

    asked: AskedPicture
    seen: SeenPicture
    thumbnail: QImage


def draw_picture(asked: AskedPicture, progress: Progress = no_progress) -> Drawn:
    """Draw the picture.

    Raises:
        ImageError: the picture can't be read.
    """
    opened = asked.opened()
    progress(1, 2)
    name = asked.given.name
    seen = draw(_("{name}, inverted").format(name=name) if asked.is_inverted else name, opened)
    side = _THUMBNAIL if max(seen.drawn.width(), seen.drawn.height()) > _THUMBNAIL else 0
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return Drawn(asked, seen, seen.drawn.scaled(side, side, keep, smooth) if side else seen.drawn)
