"""Pictures on their way between the window and the engine: what job threads do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from PIL.Image import Image

_LONGEST_SHOWN = 2048
"""Pixels of the longer side of what is drawn; the engine gets all of them."""


@dataclass(frozen=True)
class GivenPicture:
    """A picture that a person gave and nobody has read yet; `load` reads it, or raises an `ImageError`."""

    name: str
    load: Callable[[], Image]


@dataclass(frozen=True)
class SeenPicture:
    """A picture that was read."""

    name: str
    picture: Image
    """Upright, with all its pixels, for the engine."""
    drawn: QImage
    """For the window."""

    @property
    def caption(self) -> str:
        """The name and the size."""
        text = _("{name} · {width} × {height}")
        text = text.format(name=self.name, width=self.picture.width, height=self.picture.height)
        return _("{text}, upright by EXIF").format(text=text) if self.picture.info.get("turned") else text


def gather(paths: Sequence[Path], progress: Progress = no_progress) -> list[GivenPicture]:
    """The pictures among files and folders, not yet read."""
    from cnn_desktop.data.images import open_image, shown
    from cnn_desktop.predict.batch import expand

    progress(0, 0)
    return [
        GivenPicture(shown(Path(path.name or path)), load=lambda path=path: open_image(path)) for path in expand(paths)
    ]


def pasted(data: QImage) -> GivenPicture:
    """A picture without a file."""

    def load() -> Image:
        from cnn_desktop.data.images import decode_image

        # The same way as a file's, so that transparency and colours are treated alike.
        return decode_image(_png(data), _("The pasted picture"))

    return GivenPicture(_("Pasted picture"), load)


def look_at(given: GivenPicture) -> SeenPicture:
    """Read the picture.

    Raises:
        ImageError: one sentence that names the file and the reason.
    """
    picture = given.load()
    return SeenPicture(given.name, picture, _to_qimage(picture))


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
