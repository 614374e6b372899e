"""What commands print: JSON lines or sentences on stdout, messages on stderr."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

EXIT_OK, EXIT_FAILED, EXIT_BAD_INPUT, EXIT_PARTLY, EXIT_INTERRUPTED = 0, 1, 2, 3, 130


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object, one line, at once."""
    print(json.dumps(value), flush=True)


def print_text(text: str = "") -> None:
    """A line for a person."""
    print(text, flush=True)


def print_message(text: str) -> None:
    """A line beside the answer: errors, progress, hints."""
    print(text, file=sys.stderr, flush=True)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell, two spaces apart."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print_text("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def accept_any_name() -> None:
    """Let file names that aren't valid UTF-8 be printed, escaped, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # absent where a test or a caller put its own stream
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


class ProgressLine:
    """One line on stderr that is drawn over itself; silent where stderr isn't a terminal."""

    def __init__(self, is_wanted: bool = True) -> None:
        self._is_shown = is_wanted and sys.stderr.isatty()
        self._width = 0

    def show(self, text: str, done: int = 0, total: int = 0) -> None:
        """Draw `text`, with a bar where `total` is known."""
        if not self._is_shown:
            return
        bar = ""
        if total > 0:
            filled = round(24 * min(done, total) / total)
            bar = f"  {'█' * filled}{'░' * (24 - filled)} {100 * done // total:3d} %"
        line = text + bar
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def clear(self) -> None:
        """Leave an empty line for what is printed next."""
        if self._is_shown and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0
