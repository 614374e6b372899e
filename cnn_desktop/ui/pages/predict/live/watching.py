"""A model answers to the pictures of a video: as often as it can, and always to the newest. The engine comes late."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.video.frames import picture_of

if TYPE_CHECKING:
    from cnn_desktop.predict.classifier import Classifier

TOP = 10


@dataclass(frozen=True)
class Frame:
    """A picture of a video, and who shall answer to it."""

    picture: QImage
    classifier: Classifier


@dataclass(frozen=True)
class FrameAnswer:
    """The best classes with their probabilities, best first, and how long they took."""

    frame: Frame
    classes: tuple[tuple[str, float], ...]
    milliseconds: float


def answer_frame(frame: Frame, progress: Progress = no_progress) -> FrameAnswer:
    """The best classes of a picture of a video.

    Raises:
        ModelError: the network's answer isn't a number.
    """
    from cnn_desktop.data.decoding import OpenedPicture

    began = time.perf_counter()
    guesses = frame.classifier.predict(OpenedPicture(picture_of(frame.picture)), TOP)
    taken = 1000 * (time.perf_counter() - began)
    return FrameAnswer(frame, tuple((guess.label, guess.probability) for guess in guesses), taken)
