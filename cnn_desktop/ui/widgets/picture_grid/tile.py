"""A thumbnail as it is drawn: loaded and scaled in a worker's thread, so that painting only copies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter

from cnn_desktop.core.errors import ImageError

if TYPE_CHECKING:
    from cnn_desktop.data.caches.thumbnails import ThumbnailStore
    from cnn_desktop.data.dataset import Split

_TINY = 64
"""Pictures of so many pixels or fewer are enlarged to be seen, as the pixels that they are."""

_RADIUS = 4
"""Of the corners, in logical pixels."""


@dataclass(frozen=True, slots=True)
class TileOrder:
    """What a tile is to be made of, and how large: `side` in logical pixels, `ratio` physical ones for each."""

    key: str
    split: Split
    index: int
    side: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Tile:
    """A drawn thumbnail, or why there is none."""

    side: int
    ratio: float
    image: QImage | None
    reason: str = ""

    @property
    def bytes(self) -> int:
        """What it takes of the memory."""
        return 512 if self.image is None else self.image.sizeInBytes()


def make_tile(order: TileOrder, store: ThumbnailStore) -> Tile:
    """Load and scale a thumbnail; a picture that can't be read becomes a tile that says why."""
    side = max(1, round(order.side * order.ratio))
    try:
        pixels = store.thumbnail(order.split, order.index, side)
    except ImageError as error:
        return Tile(order.side, order.ratio, None, str(error))
    height, width, _channels = pixels.shape
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    if max(width, height) <= _TINY:
        # Whole multiples only, so that each pixel of the picture is as large as the others.
        factor = max(1, side // max(width, height))
        image = image.scaled(QSize(width * factor, height * factor), Qt.AspectRatioMode.IgnoreAspectRatio)
    rounded = _rounded(image, _RADIUS * order.ratio)
    rounded.setDevicePixelRatio(order.ratio)
    return Tile(order.side, order.ratio, rounded)


def _rounded(image: QImage, radius: float) -> QImage:
    drawn = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(image))
    painter.drawRoundedRect(drawn.rect(), radius, radius)
    painter.end()
    return drawn
