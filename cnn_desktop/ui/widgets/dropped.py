"""What a drop or the clipboard holds for this program: files and folders, or a picture."""

import re
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

_ABSOLUTE = re.compile(r"/|~|[A-Za-z]:[\\/]|\\\\")
"""How the address of a local file begins, on any system."""

_LONGEST_ADDRESS = 4096
_MOST_ADDRESSES = 1000
"""A text with more lines is a text."""


def paths_in(data: QMimeData) -> list[Path]:
    """The files and folders that `data` names, as files or as the text of their addresses; none where it names others.

    Addresses are `file:///…` or absolute paths, one a line, in quotation marks or not.
    """
    if data.hasUrls():
        return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths_of(data.text()) if data.hasText() else []


def paths_of(text: str) -> list[Path]:
    """The files and folders whose addresses `text` is; none where any line is something else."""
    lines = [line.strip().strip("\"'") for line in text.strip().splitlines()[: _MOST_ADDRESSES + 1]]
    found = [path for line in lines if line and (path := _path_of(line)) is not None]
    is_list = 0 < len(lines) <= _MOST_ADDRESSES and len(found) == sum(map(bool, lines))
    return found if is_list else []


def picture_in(data: QMimeData) -> QImage | None:
    """The picture that `data` holds without a file."""
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def _path_of(line: str) -> Path | None:
    if len(line) > _LONGEST_ADDRESS:
        return None
    if line.lower().startswith("file:"):
        url = QUrl(line)
        return Path(url.toLocalFile()) if url.isLocalFile() and url.toLocalFile() else None
    if not _ABSOLUTE.match(line):
        return None
    try:
        return Path(line).expanduser()
    except RuntimeError:  # ~somebody
        return None
