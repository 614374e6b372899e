"""A colour and a shape for each class, and points drawn with them: thousands in a few milliseconds."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from cnn_desktop.ui.colors import Colors

SHAPES = 7
_RADIUS = 3.6
"""Logical pixels."""
_RING = 6.0
"""Of what marks a point that the model got wrong."""
_FAINT = 0.16
_SEEN = 40
"""Of 255: a sprite's pixel that is less opaque is left out."""


@dataclass(frozen=True)
class Sprite:
    """A marker's pixels: where they lie from the point, and their colours on the card."""

    offsets: np.ndarray
    """int64 K×2: rows and columns."""
    colours: np.ndarray
    """uint32 K: 0xffRRGGBB."""


def paint_marker(painter: QPainter, place: int, centre: QPointF, colors: Colors, *, is_wrong: bool = False) -> None:
    """Draw the marker of the class at `place`; 42 look different."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_wrong:
        painter.setBrush(QColor(colors.card))
        painter.setPen(QPen(QColor(colors.text), 1.4))
        painter.drawEllipse(centre, _RING, _RING)
    colour = QColor(colors.series[place % len(colors.series)])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    match place % SHAPES:
        case 0:
            painter.drawEllipse(centre, _RADIUS, _RADIUS)
        case 1:
            painter.drawRect(QRectF(-3.2, -3.2, 6.4, 6.4).translated(centre))
        case 2:
            _polygon(painter, centre, 3, -90, 4.8)
        case 3:
            _polygon(painter, centre, 4, -90, 4.6)
        case 4:
            _cross(painter, centre, colour, turned=True)
        case 5:
            _polygon(painter, centre, 3, 90, 4.8)
        case _:
            _cross(painter, centre, colour, turned=False)


def _polygon(painter: QPainter, centre: QPointF, corners: int, first: float, radius: float) -> None:
    angles = [math.radians(first + 360 * corner / corners) for corner in range(corners)]
    painter.drawPolygon(
        QPolygonF([centre + QPointF(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles])
    )


def _cross(painter: QPainter, centre: QPointF, colour: QColor, *, turned: bool) -> None:
    painter.setPen(QPen(colour, 2.2))
    arms = ((3, 3), (3, -3)) if turned else ((4, 0), (0, 4))
    for x, y in arms:
        painter.drawLine(centre - QPointF(x, y), centre + QPointF(x, y))


def marker_pixmap(place: int, colors: Colors, ratio: float) -> QPixmap:
    """The marker alone, for a legend."""
    side = 14
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_marker(painter, place, QPointF(side / 2, side / 2), colors)
    painter.end()
    return pixmap


def sprite(place: int, colors: Colors, ratio: float, *, is_wrong: bool, is_faint: bool) -> Sprite:
    """The marker's pixels on a screen with `ratio` pixels for each logical one."""
    reach = math.ceil((_RING + 2) * ratio)
    side = 2 * reach + 1
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    centre = (reach + 0.5) / ratio
    paint_marker(painter, place, QPointF(centre, centre), colors, is_wrong=is_wrong)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(side, side)
    rows, columns = np.nonzero((pixels >> 24) > _SEEN)
    chosen = pixels[rows, columns]
    opacity = (chosen >> 24) / 255 * (_FAINT if is_faint else 1)
    under = QColor(colors.card).rgb()
    blended = np.full(len(chosen), 0xFF000000, np.uint32)
    for shift in (16, 8, 0):
        over = (chosen >> shift) & 0xFF
        mixed = np.round(opacity * over + (1 - opacity) * (under >> shift & 0xFF)).astype(np.uint32)
        blended |= mixed << shift
    return Sprite(np.stack([rows, columns], axis=1) - reach, blended)


class PointPainter:
    """Draws points as sprites, each pixel by one assignment; later points lie over earlier ones."""

    def __init__(self, colors: Colors, ratio: float, classes: int) -> None:
        self.key = colors, ratio, classes
        self._background = QColor(colors.card).rgb()
        kinds = [(wrong, faint) for faint in (False, True) for wrong in (False, True)]
        self._classes = max(1, min(classes, SHAPES * len(colors.series)))
        sprites = [
            sprite(place, colors, ratio, is_wrong=wrong, is_faint=faint)
            for wrong, faint in kinds
            for place in range(self._classes)
        ]
        most = max(len(one.colours) for one in sprites)
        # Shorter ones repeat their last pixel, so that all fit into one array.
        self._offsets = np.stack([np.pad(one.offsets, ((0, most - len(one.offsets)), (0, 0)), "edge") for one in sprites])
        self._colours = np.stack([np.pad(one.colours, (0, most - len(one.colours)), "edge") for one in sprites])
        self._reach = int(np.abs(self._offsets).max())

    def paint(
        self, pixels: np.ndarray, classes: np.ndarray, is_wrong: np.ndarray, is_faint: np.ndarray, size: tuple[int, int]
    ) -> QImage:
        """The points at device `pixels` (float N×2: x, y) on the card's colour, in an image of `size` (width, height)."""
        width, height = size
        margin = self._reach
        canvas = np.full((height + 2 * margin, width + 2 * margin), self._background, np.uint32)
        columns, rows = np.round(pixels).astype(np.int64).T
        is_seen = (columns >= -margin) & (columns < width + margin) & (rows >= -margin) & (rows < height + margin)
        # The points at the very edge would reach out of the canvas.
        is_seen &= (columns + margin >= margin - self._reach + 0) & (rows + margin >= 0)
        order = np.flatnonzero(is_seen)
        order = order[np.lexsort((is_wrong[order], ~is_faint[order]))]
        styles = classes[order] % self._classes + self._classes * (is_wrong[order] + 2 * is_faint[order])
        offsets = self._offsets[styles]
        y = np.clip(rows[order, None] + margin + offsets[..., 0], 0, canvas.shape[0] - 1)
        x = np.clip(columns[order, None] + margin + offsets[..., 1], 0, canvas.shape[1] - 1)
        canvas[y, x] = self._colours[styles]
        shown = np.ascontiguousarray(canvas[margin : margin + height, margin : margin + width])
        return QImage(shown.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
