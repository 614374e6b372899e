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
_AT_ONCE = 256
"""Points: their pixels' places stay in the processor's cache."""


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
    """Draws points as sprites, a kind of them by one assignment; later points lie over earlier ones."""

    def __init__(self, colors: Colors, ratio: float, classes: int) -> None:
        self.key = colors, ratio, classes
        self._background = QColor(colors.card).rgb()
        self._classes = max(1, min(classes, SHAPES * len(colors.series)))
        self._reach = math.ceil((_RING + 2) * ratio)
        self._colors, self._ratio = colors, ratio
        self._made: dict[tuple[bool, bool], tuple[np.ndarray, np.ndarray]] = {}

    def paint(
        self, pixels: np.ndarray, classes: np.ndarray, is_wrong: np.ndarray, is_faint: np.ndarray, size: tuple[int, int]
    ) -> QImage:
        """Points at device `pixels` (float N×2: x, y) on the card's colour, in an image of `size` (width, height)."""
        width, height = size
        reach, margin = self._reach, 2 * self._reach
        canvas = np.full((height + 2 * margin, width + 2 * margin), self._background, np.uint32)
        flat, stride = canvas.reshape(-1), canvas.shape[1]
        columns, rows = np.round(pixels).astype(np.int64).T
        is_seen = (columns >= -reach) & (columns < width + reach) & (rows >= -reach) & (rows < height + reach)
        places = (rows + margin) * stride + columns + margin
        for faint, wrong in ((True, False), (True, True), (False, False), (False, True)):
            drawn = np.flatnonzero(is_seen & (is_faint == faint) & (is_wrong == wrong))
            if not len(drawn):
                continue
            offsets, colours = self._sprites(is_faint=faint, is_wrong=wrong)
            steps = offsets @ (stride, 1)
            for first in range(0, len(drawn), _AT_ONCE):
                part = drawn[first : first + _AT_ONCE]
                styles = classes[part] % self._classes
                flat[places[part, None] + steps[styles]] = colours[styles]
        shown = canvas[margin : margin + height, margin : margin + width].tobytes()
        return QImage(shown, width, height, 4 * width, QImage.Format.Format_RGB32).copy()

    def _sprites(self, *, is_faint: bool, is_wrong: bool) -> tuple[np.ndarray, np.ndarray]:
        """Those of all classes, made when they are first wanted."""
        kind = is_faint, is_wrong
        if kind not in self._made:
            sprites = [
                sprite(place, self._colors, self._ratio, is_wrong=is_wrong, is_faint=is_faint)
                for place in range(self._classes)
            ]
            self._made[kind] = _stacked(sprites)
        return self._made[kind]


def _stacked(sprites: list[Sprite]) -> tuple[np.ndarray, np.ndarray]:
    """All of them as two arrays, int64 S×K×2 and uint32 S×K; shorter ones repeat their last pixel."""
    most = max(len(one.colours) for one in sprites)
    gaps = [(one, most - len(one.colours)) for one in sprites]
    offsets = [np.pad(one.offsets, ((0, gap), (0, 0)), "edge") for one, gap in gaps]
    return np.stack(offsets), np.stack([np.pad(one.colours, (0, gap), "edge") for one, gap in gaps])
