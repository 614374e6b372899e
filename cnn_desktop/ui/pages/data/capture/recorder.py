"""Pictures of classes on their way to the disk, written by a thread of their own; bursts can be taken back."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QImageWriter

from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.ui.jobs.ui_thread import call_in_ui

QUALITY = 95
_MOST_WAITING = 8
"""Pictures that wait for a slow disk; more would fill the memory, so that the rate falls instead."""
_NAME = "webcam-{number:05d}.jpg"
_NUMBER = re.compile(r"webcam-(\d+)\.jpg", re.IGNORECASE)


@dataclass(eq=False)
class _Burst:
    class_name: str
    files: list[Path] = field(default_factory=list[Path])


class Recorder(QObject):
    """Records pictures into the class folders of `folder`; nothing that is there is overwritten.

    Args:
        folder: the dataset's folder; made with the first picture.
        clock: seconds that only go forward.
    """

    counted = Signal(str, int)
    """A class, and how many files its folder holds now."""
    bursts_changed = Signal()
    failed = Signal(str)
    """Why a picture couldn't be written or taken back; recording has ended."""

    def __init__(
        self, folder: Path, clock: Callable[[], float] = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self.rate = 5.0
        """Pictures a second, at most."""
        self._clock = clock
        self._next = 0.0
        self._current: _Burst | None = None
        self._bursts: list[_Burst] = []
        self._waiting = 0
        self._numbers: dict[str, int] = {}
        self._writer = ThreadPoolExecutor(1, "recorder")

    @property
    def recording(self) -> str:
        """The class that is being recorded; empty: none."""
        return self._current.class_name if self._current else ""

    @property
    def last_burst(self) -> int:
        """Pictures that `undo` would take back."""
        return len(self._bursts[-1].files) if self._bursts and not self._current else 0

    def begin(self, class_name: str) -> None:
        """Record what is seen from now on into the folder of a class."""
        self._current = _Burst(class_name)
        self._bursts.append(self._current)
        self._next = self._clock()

    def see(self, picture: QImage) -> bool:
        """Take a picture of the camera where a class is being recorded and it is time for one; whether it was taken."""
        now = self._clock()
        if self._current is None or now < self._next or self._waiting >= _MOST_WAITING:
            return False
        # From when it was due, so that the rate is kept though pictures come at moments of their own.
        self._next = max(self._next + 1 / self.rate, now - 1 / self.rate)
        self._waiting += 1
        self._submit(self._write, self._current, picture)
        return True

    def end(self) -> None:
        """Stop recording."""
        burst, self._current = self._current, None
        if burst is not None:  # only once all of it is written is it known how many pictures it has
            self._submit(self._post, lambda: self._complete(burst))

    def undo(self) -> None:
        """Remove the pictures of the last burst; others that lie there stay."""
        if self.last_burst:
            self._submit(self._take_back, self._bursts.pop())

    def count(self, class_name: str) -> None:
        """Ask for `counted`."""
        self._submit(self._tell_count, class_name)

    def when_written(self, call: Callable[[], None]) -> None:
        """Carry `call` out once everything so far is on the disk."""
        self._submit(self._post, call)

    def close(self) -> None:
        """Finish what is being written, in the background."""
        self._current = None
        self._writer.shutdown(wait=False)

    def _submit(self, call: Callable[..., None], *arguments: object) -> None:
        self._writer.submit(call, *arguments).add_done_callback(_raise_in_ui)

    def _write(self, burst: _Burst, picture: QImage) -> None:
        try:
            target = self._free_name(self.folder / burst.class_name)
            with atomic_path(target) as temporary:
                writer = QImageWriter(str(temporary), b"jpg")
                writer.setQuality(QUALITY)
                if not writer.write(picture):
                    raise OSError(writer.errorString())
        except OSError as error:
            reason = _reason(error)
            self._post(lambda: self._on_written(burst, None, reason))
        else:
            self._post(lambda: self._on_written(burst, target, ""))
            self._tell_count(burst.class_name)

    def _free_name(self, folder: Path) -> Path:
        name = folder.name
        if name not in self._numbers:
            self._numbers[name] = max(
                (int(match[1]) for match in map(_NUMBER.fullmatch, _names(folder)) if match), default=0
            )
        while True:
            self._numbers[name] += 1
            target = folder / _NAME.format(number=self._numbers[name])
            if not os.path.lexists(target):
                return target

    def _take_back(self, burst: _Burst) -> None:
        try:
            for file in burst.files:
                file.unlink(missing_ok=True)
        except OSError as error:
            reason = _reason(error)
            self._post(lambda: self.failed.emit(_("A picture can't be removed: {reason}.").format(reason=reason)))
        with contextlib.suppress(OSError):  # it holds other files
            (self.folder / burst.class_name).rmdir()
        self._tell_count(burst.class_name)
        self._post(self.bursts_changed.emit)

    def _tell_count(self, class_name: str) -> None:
        count = sum(1 for name in _names(self.folder / class_name) if not name.startswith("."))
        self._post(lambda: self.counted.emit(class_name, count))

    def _on_written(self, burst: _Burst, file: Path | None, reason: str) -> None:
        self._waiting -= 1
        if file is not None:
            burst.files.append(file)
            self.bursts_changed.emit()
        else:
            self._current = None
            text = _("The picture can't be written into {folder}: {reason}.")
            self.failed.emit(text.format(folder=self.folder / burst.class_name, reason=reason))

    def _complete(self, burst: _Burst) -> None:
        if not burst.files and burst in self._bursts:
            self._bursts.remove(burst)
        self.bursts_changed.emit()

    def _post(self, call: Callable[[], None]) -> None:
        call_in_ui(lambda: call() if shiboken6.isValid(self) else None)


def _names(folder: Path) -> Iterator[str]:
    with contextlib.suppress(OSError):  # it isn't there yet
        yield from (entry.name for entry in folder.iterdir())


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _raise_in_ui(done: Future[None]) -> None:
    """An error that nobody expected reaches the window's exception hook."""
    if (error := done.exception()) is not None:

        def tell() -> None:
            raise error

        call_in_ui(tell)
