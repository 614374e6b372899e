"""A model answers to the pictures of a video: as often as it can, and always to the newest. The engine comes late."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from PIL.Image import Image

    from cnn_desktop.predict.classifier import Classifier

TOP = 10
_RATE_SECONDS = 2.0
"""Over which the rate is averaged."""


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
    guesses = frame.classifier.predict(OpenedPicture(_opened(frame.picture)), TOP)
    taken = 1000 * (time.perf_counter() - began)
    return FrameAnswer(frame, tuple((guess.label, guess.probability) for guess in guesses), taken)


def _opened(picture: QImage) -> Image:
    import numpy as np
    from PIL import Image

    drawn = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(drawn.constBits(), np.uint8).reshape(drawn.height(), drawn.bytesPerLine())
    return Image.fromarray(rows[:, : 3 * drawn.width()].reshape(drawn.height(), drawn.width(), 3))


class Rate:
    """How many a second there are of what is counted.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque()

    def count(self) -> float:
        """One more; answers how many a second there were lately, 0 while that isn't known."""
        now = self._clock()
        self._times.append(now)
        while self._times[0] < now - _RATE_SECONDS:
            self._times.popleft()
        span = now - self._times[0]
        return (len(self._times) - 1) / span if span > 0 else 0.0

    def reset(self) -> None:
        """Begin anew."""
        self._times.clear()
