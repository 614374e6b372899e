"""A batch in a job's thread; the window takes what has arrived whenever it has time. The engine is imported inside."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import FileSplit
    from cnn_desktop.predict.batch import Answer, Batch
    from cnn_desktop.predict.classifier import Classifier

TOP = 10
_LONGEST_WAIT = 60.0
"""Seconds for the batch before, which has only its last group to finish."""


@dataclass(frozen=True)
class Scope:
    """What a batch turned out to be about."""

    files: FileSplit
    """All its pictures, for their thumbnails; labels mean nothing."""
    remembered: int
    """Answered before; they arrive first, and at once."""
    trouble: str
    """Why it can't be gone on with later, in a sentence; empty where it can."""


class BatchWork:
    """One batch: `run` it in a thread, look at the rest from the window's.

    Args:
        paths: files and folders.
        classifier: answers.
        before: the batch that was cancelled for this one; the journal is free once that has ended.
    """

    def __init__(self, paths: Sequence[Path], classifier: Classifier, before: BatchWork | None = None) -> None:
        self.scope: Scope | None = None
        """Set before the first answer arrives."""
        self.seconds = 0.0
        """Since pictures are computed."""
        self.trouble = ""
        """Once it has ended: why it can't be gone on with, in a sentence; empty where it can."""
        self._paths = paths
        self._classifier = classifier
        self._before = before
        self._arrived: deque[Answer] = deque()
        self._is_cancelled = False
        self._ended = threading.Event()

    def run(self, progress: Progress = no_progress) -> bool:
        """Answer for every picture; whether it came to its end.

        Raises:
            ModelError: the network's answer isn't a number.
        """
        from cnn_desktop.predict.batch import Batch, expand

        try:
            if self._before is not None:
                self._before.wait(_LONGEST_WAIT)
                self._before = None
            progress(0, 0)
            with Batch(self._classifier, expand(self._paths), TOP) as batch:
                self.scope = Scope(_files(batch.paths), batch.remembered, batch.trouble)
                try:
                    self._answer(batch, progress)
                finally:
                    self.trouble = batch.trouble
                if not self._is_cancelled:
                    batch.finish()
        finally:
            self._ended.set()
        return not self._is_cancelled

    def _answer(self, batch: Batch, progress: Progress) -> None:
        began = time.perf_counter()
        with closing(batch.answers()) as answers:
            for done, answer in enumerate(answers, 1):
                self._arrived.append(answer)
                self.seconds = time.perf_counter() - began
                progress(done, len(batch.paths))
                if self._is_cancelled:
                    return

    def take(self, most: int) -> list[Answer]:
        """What has arrived since the last call, in order; the rest next time."""
        return [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]

    def cancel(self) -> None:
        """End after the pictures that are being computed; what was found out is kept for going on."""
        self._is_cancelled = True

    def wait(self, seconds: float) -> None:
        """Wait for `run` to end."""
        self._ended.wait(seconds)


def _files(paths: Sequence[Path]) -> FileSplit:
    import numpy as np

    from cnn_desktop.data.dataset import FileSplit

    return FileSplit(paths, np.zeros(len(paths), np.int64), Path())
