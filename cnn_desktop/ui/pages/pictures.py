"""Pictures on their way between the window and the engine: what job threads do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage

from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from cnn_desktop.data.decoding import OpenedPicture

_LONGEST_SHOWN = 1000
"""Pixels of the longer side of what is drawn, where the screen has one for each of the window's."""


@dataclass(frozen=True)
class GivenPicture:
    """A picture that a person gave and nobody has read yet; `load` reads it, or raises an `ImageError`."""

    name: str
    load: Callable[[], OpenedPicture]
    path: Path | None = None
    """Its file, where it has one of its own."""


@dataclass(frozen=True)
class SeenPicture:
    """A picture that was read."""

    name: str
    opened: OpenedPicture
    """For the engine."""
    drawn: QImage
    """For the window."""

    @property
    def caption(self) -> str:
        """The name and the size."""
        width, height = self.opened.size
        text = _("{name} · {width} × {height}").format(name=self.name, width=width, height=height)
        return _("{text}, upright by EXIF").format(text=text) if self.opened.is_turned else text


def gather(paths: Sequence[Path], progress: Progress = no_progress) -> list[GivenPicture]:
    """The pictures among files and folders, not yet read."""
    from cnn_desktop.predict.batch import expand

    progress(0, 0)
    return [from_file(path) for path in expand(paths)]


def from_file(path: Path) -> GivenPicture:
    """A picture file, not yet read."""
    from cnn_desktop.data.decoding import open_picture

    return GivenPicture(shown(Path(path.name or path)), load=partial(open_picture, path), path=path)


def pasted(data: QImage) -> GivenPicture:
    """A picture without a file."""

    def load() -> OpenedPicture:
        from cnn_desktop.data.decoding import OpenedPicture
        from cnn_desktop.data.images import decode_image

        # The same way as a file's, so that transparency and colours are treated alike.
        return OpenedPicture(decode_image(_png(data), _("The pasted picture")))

    return GivenPicture(_("Pasted picture"), load)


def look_at(given: GivenPicture) -> SeenPicture:
    """Read the picture.

    Raises:
        ImageError: one sentence that names the file and the reason.
    """
    return draw(given.name, given.load())


def draw(name: str, opened: OpenedPicture) -> SeenPicture:
    """The picture for the window, decoded no larger than the window shows it.

    Raises:
        ImageError: one sentence that names the file and the reason.
    """
    reduced = opened.reduced(round(_LONGEST_SHOWN * _pixel_ratio()))
    content = reduced.tobytes()
    drawn = QImage(content, reduced.width, reduced.height, 3 * reduced.width, QImage.Format.Format_RGB888).copy()
    return SeenPicture(name, opened, drawn)


def _pixel_ratio() -> float:
    """The screen's pixels for each of the window's."""
    app = QGuiApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 100)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return bytes(buffer.data().data())
