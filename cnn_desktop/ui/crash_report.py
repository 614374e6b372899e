"""How the last session ended: a file that a clean end removes, and a crash leaves with its last lines and trace."""

import contextlib
import faulthandler
import os
import platform
import sys
import time
from pathlib import Path

from cnn_desktop import __version__
from cnn_desktop.core.file_lock import FileLock, is_locked
from cnn_desktop.core.paths import state_dir
from cnn_desktop.ui.versions import versions

_REPORTS_KEPT = 5


class Session:
    """This session's file. What can't be written is left out: a full disk must not keep the window from opening.

    The file is locked while its process lives, so that another window isn't taken for a crash.
    """

    def __init__(self) -> None:
        folder = _sessions()
        self._lock = FileLock(folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt")
        self._stream = None
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if self._lock.acquire(_header()):
                self._stream = self._lock.file.open("a", encoding="utf-8")
        if self._stream is not None:
            faulthandler.enable(self._stream)
        elif sys.stderr is not None:  # a program without a terminal has none
            faulthandler.enable()

    def note(self, line: str) -> None:
        """Add a line, with the time, to what a crash would leave."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.write(f"{time.strftime('%H:%M:%S')} {line}\n")
                self._stream.flush()

    def end(self) -> None:
        """The session ended as it should: nothing is left of it."""
        if self._stream is None:
            return
        faulthandler.disable()
        with contextlib.suppress(OSError):
            self._stream.close()
        self._stream = None
        self._lock.release()


def report_of_last_session() -> Path | None:
    """The report of the newest session that didn't end as it should and wasn't told yet; older ones are put aside too.

    Of all reports the newest are kept, for whoever wants to send one.
    """
    with contextlib.suppress(OSError):
        died = sorted(file for file in _sessions().glob("*.txt") if not is_locked(file))
        _reports().mkdir(parents=True, exist_ok=True)
        told = [file.replace(_reports() / file.name) for file in died]
        for old in sorted(_reports().glob("*.txt"))[:-_REPORTS_KEPT]:
            old.unlink()
        return told[-1] if told else None
    return None


def _sessions() -> Path:
    return state_dir() / "sessions"


def _reports() -> Path:
    return state_dir() / "crash-reports"


def _header() -> str:
    lines = [
        f"CNN Desktop {__version__}, started {time.strftime('%Y-%m-%d %H:%M:%S')}",
        f"{', '.join(versions())}, {platform.platform()}",
    ]
    return "\n".join(lines) + "\n\n"
