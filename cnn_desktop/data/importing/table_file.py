"""Tables as text: CSV, TSV and what spreadsheets make of them."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.units import bytes_text

MAX_TABLE_BYTES = 200_000_000
"""A million rows take a quarter of it."""

_DELIMITERS = ",;\t|"
_LOOKED_AT = 100
_LONGEST_CELL = 100_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Row:
    """A row that isn't empty."""

    line: int
    """Where it ends in the file, from 1."""
    cells: Sequence[str]
    """Without spaces around them."""


def is_table_name(name: str) -> bool:
    """Whether the name ends as those of tables do."""
    return name.casefold().endswith((".csv", ".tsv"))


def read_rows(path: Path) -> list[Row]:
    """All rows of a table; the delimiter is found, quotes and byte order marks are understood.

    Raises:
        DatasetError: it can't be read, is larger than `MAX_TABLE_BYTES`, or isn't text in rows.
    """
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            text = _(
                "{file} is larger than {limit}, so it isn't read as a table of pictures; make it smaller to use it."
            )
            raise DatasetError(text.format(file=shown(path), limit=bytes_text(MAX_TABLE_BYTES)))
        content = path.read_bytes()
    except OSError as error:
        message = _("{file} can't be read: {reason}.")
        raise DatasetError(message.format(file=shown(path), reason=error.strerror or error)) from error
    try:
        return _rows(_decoded(content))
    except (csv.Error, UnicodeError) as error:
        message = _("{file} isn't a table that can be read; save it as CSV, in UTF-8.")
        raise DatasetError(message.format(file=shown(path))) from error


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what spreadsheets on Windows save


def _rows(text: str) -> list[Row]:
    if text.startswith("sep=") and text[5:6] in {"\r", "\n"}:  # spreadsheets' own way of naming the delimiter
        return _split(text[6:].lstrip("\n"), text[4], 1)
    head = "\n".join(text[: _LOOKED_AT * 1000].splitlines()[:_LOOKED_AT])
    return _split(text, max(_DELIMITERS, key=lambda delimiter: _regularity(head, delimiter)), 0)


def _split(text: str, delimiter: str, lines_before: int) -> list[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = (Row(lines_before + reader.line_num, [cell.strip() for cell in cells]) for cells in reader)
    return [row for row in rows if any(row.cells)]


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    """The share of rows that have the most frequent number of columns, if that is more than one; then that number."""
    widths = Counter(len(row.cells) for row in _split(text, delimiter, 0))
    width, rows = widths.most_common(1)[0] if widths else (1, 0)
    return (rows / widths.total(), width) if width > 1 else (0.0, 0)
