"""By what a file is known again: its place, its size, and when it was changed."""

from pathlib import Path
from typing import NamedTuple, Self


class FileState(NamedTuple):
    """A file as it was at a moment; whoever changes or moves it makes another one of it."""

    path: str
    """Absolute, links not followed; bytes that are no text as Python escapes them."""
    size: int
    changed: int
    """Nanoseconds since 1970."""

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """The state now; None where there is no such file, or it may not be looked at."""
        try:
            facts = path.stat()
            return cls(str(path.absolute()), facts.st_size, facts.st_mtime_ns)
        except (OSError, ValueError):
            return None
