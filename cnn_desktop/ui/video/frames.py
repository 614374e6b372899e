"""Pictures of a camera or a video on their way to the engine, and how many a second there are."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PIL.Image import Image

_RATE_SECONDS = 2.0
"""Over which the rate is averaged."""


def picture_of(frame: QImage) -> Image:
    """What Qt shows, as Pillow knows it: mode RGB."""
    import numpy as np
    from PIL import Image

    drawn = frame.convertToFormat(QImage.Format.Format_RGB888)
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
