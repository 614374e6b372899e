"""How fast bytes come, and how long the rest will take."""

import time
from collections import deque
from dataclasses import dataclass

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text, duration_text

_WINDOW = 6.0
"""Seconds over which the speed is averaged: long enough to be calm, short enough to show a stall soon."""
_FIRST = 0.8
"""Seconds before a speed is said; the first bytes come in bursts."""


@dataclass(frozen=True)
class Transfer:
    """How far a transfer is: bytes, bytes a second, seconds left; None where it isn't known (yet)."""

    done: int
    total: int | None
    speed: float | None
    seconds_left: float | None

    def __str__(self) -> str:
        """12 MB of 170 MB · 3.1 MB/s · 50 s left."""
        if not self.done and not self.total:
            return _("Connecting…")
        parts = [bytes_text(self.done)]
        if self.total:
            parts = [_("{done} of {total}").format(done=bytes_text(self.done), total=bytes_text(self.total))]
        if self.speed is not None and self.done != self.total:
            speed = _("{size}/s").format(size=bytes_text(self.speed))
            parts.append(speed if self.speed >= 1 else _("waiting for the server"))
        if self.seconds_left is not None and self.done != self.total:
            parts.append(_("{time} left").format(time=duration_text(_calm(self.seconds_left))))
        return " · ".join(parts)


class TransferMeter:
    """Turns reports of progress into speed and time left, averaged over the last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def tell(self, done: int, total: int, now: float | None = None) -> Transfer:
        """Take a report (total 0: not known) at `now` seconds of a clock that only goes forward; None: the time now."""
        now = time.monotonic() if now is None else now
        has_begun_again = bool(self._seen) and done < self._seen[-1][1]
        if has_begun_again or not done:  # the way to the server is no part of the speed
            self._seen.clear()
        self._seen.append((now, done))
        # The oldest is just outside of the window, so that there is a span even where reports are rare.
        while len(self._seen) > 2 and self._seen[1][0] <= now - _WINDOW:
            self._seen.popleft()
        begun, before = self._seen[0]
        speed = (done - before) / (now - begun) if now - begun >= _FIRST else None
        left = (total - done) / speed if speed and speed >= 1 and total else None
        return Transfer(done, total or None, speed, left)


def _calm(seconds: float) -> float:
    """Rounded so far that it doesn't flicker."""
    step = 1 if seconds < 30 else 5 if seconds < 120 else 30 if seconds < 1800 else 300
    return max(1, round(seconds / step)) * step
