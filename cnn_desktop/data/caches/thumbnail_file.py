"""A file of small JPEGs by number, capped; whatever happens to it, the program goes on without."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Generator
from pathlib import Path

_PATIENCE_SECONDS = 0.5
"""How long another program that writes is waited for."""

_WEIGHED_EVERY = 64
"""Thumbnails that are written between two looks at the file's size."""

_DAY = 86_400
"""Seconds. A thumbnail that is shown again and again is noted as seen once a day."""

_KEPT_SHARE = 0.8
"""What a sweep leaves of the limit, so that the next doesn't follow at once."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS thumbnails (number INTEGER PRIMARY KEY, jpeg BLOB NOT NULL, seen INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_age ON thumbnails (seen);
"""


class ThumbnailFile:
    """One SQLite file. Its methods raise nothing: what can't be read is absent, what can't be written isn't kept.

    A damaged file is set aside as `<name>.broken`, in the place of one that was set aside before.

    Args:
        file: made when it is first used, with its folder.
        limit_bytes: what its pages may hold; the size on the disk can lie above by a sixty-fourth.
    """

    def __init__(self, file: Path, limit_bytes: int) -> None:
        self.file = file
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._is_out_of_use = False
        self._written = 0

    def read(self, number: int) -> bytes | None:
        """The JPEG of that number, which is thereby seen; None where there is none."""
        with self._lock, self._forgiving():
            connection = self._opened()
            row = connection.execute("SELECT jpeg, seen FROM thumbnails WHERE number = ?", (number,)).fetchone()
            if row is None:
                return None
            now = int(time.time())
            if now - row[1] > _DAY:
                with contextlib.suppress(sqlite3.OperationalError):  # nothing can be written, but this was read
                    connection.execute("UPDATE thumbnails SET seen = ? WHERE number = ?", (now, number))
            return row[0]
        return None

    def write(self, number: int, jpeg: bytes) -> None:
        """Keep a JPEG under that number."""
        with self._lock, self._forgiving():
            connection = self._opened()
            connection.execute("INSERT OR REPLACE INTO thumbnails VALUES (?, ?, ?)", (number, jpeg, int(time.time())))
            self._written += 1
            if self._written % _WEIGHED_EVERY == 0:
                self._sweep(connection)

    def close(self) -> None:
        """Close the file; it is opened again when it is next used."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._let_go()

    @contextlib.contextmanager
    def _forgiving(self) -> Generator[None]:
        try:
            if self._is_out_of_use:
                raise sqlite3.OperationalError("out of use")
            yield
        except (sqlite3.OperationalError, OSError):
            pass  # a full disk, a read-only folder, another program that writes: this once it goes without
        except sqlite3.DatabaseError:
            self._set_aside()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self.file, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")  # after a crash the newest may be gone; no matter
                connection.executescript(_SCHEMA)
                self._sweep(connection)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _sweep(self, connection: sqlite3.Connection) -> None:
        """Remove what wasn't seen for longest, where there is more than the limit."""
        size = _used_bytes(connection)
        if size <= self._limit:
            return
        count = connection.execute("SELECT COUNT(*) FROM thumbnails").fetchone()[0]
        surplus = round(count * (1 - _KEPT_SHARE * self._limit / size))
        connection.execute(
            "DELETE FROM thumbnails WHERE number IN (SELECT number FROM thumbnails ORDER BY seen LIMIT ?)", (surplus,)
        )

    def _set_aside(self) -> None:
        """Start anew; where even that is impossible, the program does without until it is started again."""
        try:
            self._let_go()
            self.file.replace(self.file.with_name(f"{self.file.name}.broken"))
            for end in ("-wal", "-shm"):
                self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        except (sqlite3.Error, OSError):
            self._is_out_of_use = True

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _used_bytes(connection: sqlite3.Connection) -> int:
    count, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return (count - free) * size
