"""What a batch found out so far, on disk, so that a batch that was killed computes nothing twice.

One file for each model, precision and number of classes asked for; a line for each picture. It is only ever appended
to, so that a kill can tear no line but the last, which is then left aside. Refusals aren't kept: a permission, or a
library installed meanwhile, makes a file readable without changing it.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.file_lock import FileLock
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.predict.batch.file_state import FileState
from cnn_desktop.predict.classifier import Guess

Guesses = tuple[Guess, ...]

_KEPT_SECONDS = 60 * 86_400
"""After two months nobody goes on with a batch."""


class Journal:
    """Opened by one batch at a time; for a second one beside it, it stays shut and remembers nothing.

    Nothing here raises `OSError`: a batch goes on without its journal, and `trouble` says why.

    Args:
        file: made with the first answer that is noted.
    """

    def __init__(self, file: Path) -> None:
        self.trouble = ""
        """Why what is found out from now on can't be kept, in a sentence; empty where it is kept."""
        self._file = file
        self._stream: BinaryIO | None = None
        self._entries: dict[FileState, Guesses] = {}
        self._lock = FileLock(file.with_suffix(".lock"))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _sweep(file.parent)
            if self._lock.acquire(str(os.getpid())):
                self._open()
            else:
                self.trouble = _("Another batch with this model is under way: this one can't be gone on with later.")
        except OSError as error:
            self._give_up(error)

    @property
    def entries(self) -> Mapping[FileState, Guesses]:
        """What was known when the journal was opened."""
        return self._entries

    def note(self, found: Iterable[tuple[FileState, Guesses]]) -> None:
        """Keep what was found out."""
        if self._stream is None:
            return
        try:
            self._stream.write(b"".join(map(_line, found)))
            self._stream.flush()  # to the system, which outlives this program; a power cut only costs time
        except OSError as error:
            self._give_up(error)

    def forget(self, files: Collection[FileState]) -> None:
        """Take out what is known of these files and close; what others left unfinished stays."""
        done = set(files)
        left = [entry for entry in self._entries.items() if entry[0] not in done]
        was_open = self._stream is not None
        self._close_stream()
        with contextlib.suppress(OSError):  # what stays is known again, or swept one day
            if left and was_open:
                write_atomic(self._file, b"".join(map(_line, left)))
            elif was_open:
                self._file.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let another batch have the journal."""
        self._close_stream()
        self._lock.release()

    def _open(self) -> None:
        self._stream = self._file.open("a+b")
        self._stream.seek(0)
        content = self._stream.read()
        whole = content.rfind(b"\n") + 1
        self._stream.truncate(whole)
        for line in content[:whole].splitlines():
            entry = _entry(line)
            if entry is not None:
                self._entries[entry[0]] = entry[1]

    def _give_up(self, error: OSError) -> None:
        text = _("What is found out can't be kept for going on later ({reason}).")
        self.trouble = text.format(reason=error.strerror or one_line(error))
        self._close_stream()

    def _close_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):  # its buffer can't be written either
                stream.close()


def _line(entry: tuple[FileState, Guesses]) -> bytes:
    state, guesses = entry
    return json.dumps([*state, [[guess.label, guess.probability] for guess in guesses]]).encode() + b"\n"


def _entry(line: bytes) -> tuple[FileState, Guesses] | None:
    """What a line holds; None where it was damaged."""
    try:
        path, size, changed, guesses = json.loads(line)
        read = tuple(Guess(sys.intern(_checked(label, str)), _checked(share, float)) for label, share in guesses)
        return FileState(_checked(path, str), _checked(size, int), _checked(changed, int)), read
    except (ValueError, TypeError):
        return None


def _checked(value: Any, kind: type[Any]) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _sweep(folder: Path) -> None:
    """Remove journals that nobody went on with."""
    for file in folder.glob("*.jsonl"):
        with contextlib.suppress(OSError):  # gone meanwhile
            if time.time() - file.stat().st_mtime > _KEPT_SECONDS:
                file.unlink()
