"""Pictures on their way between the window and the engine: what job threads do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from PIL.Image import Image

    from cnn_desktop.data.decoding import OpenedPicture

_LONGEST_SHOWN = 2048
"""Pixels of the longer side of what is drawn; the engine gets all of them."""


@dataclass(frozen=True)
class GivenPicture:
    """A picture that a person gave and nobody has read yet; `load` reads it, or raises an `ImageError`."""

    name: str
    load: Callable[[], OpenedPicture]


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
        picture = self.opened.picture
        text = _("{name} · {width} × {height}")
        text = text.format(name=self.name, width=picture.width, height=picture.height)
        return _("{text}, upright by EXIF").format(text=text) if picture.info.get("turned") else text


def gather(paths: Sequence[Path], progress: Progress = no_progress) -> list[GivenPicture]:
    """The pictures among files and folders, not yet read."""
    from cnn_desktop.data.decoding import open_picture
    from cnn_desktop.data.images import shown
    from cnn_desktop.predict.batch import expand

    progress(0, 0)
    return [GivenPicture(shown(Path(path.name or path)), load=partial(open_picture, path)) for path in expand(paths)]


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
    opened = given.load()
    return SeenPicture(given.name, opened, _to_qimage(opened.picture))


def _to_qimage(picture: Image) -> QImage:
    reduced = picture.convert("RGB")
    reduced.thumbnail((_LONGEST_SHOWN, _LONGEST_SHOWN))
    content = reduced.tobytes()
    return QImage(content, reduced.width, reduced.height, 3 * reduced.width, QImage.Format.Format_RGB888).copy()


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 100)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return bytes(buffer.data().data())
