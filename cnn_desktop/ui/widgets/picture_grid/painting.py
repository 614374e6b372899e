"""How a cell of the picture grid looks."""

import functools
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from cnn_desktop.ui.icons import icon_pixmap
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.picture_grid.tile import Tile

PADDING = S8
"""Between a cell's edge and its picture."""

_RADIUS = 6
_DIMMED = 0.3


@dataclass(frozen=True)
class CellLook:
    """What is drawn in a cell."""

    tile: Tile | None
    """None: still to come."""
    caption: str
    mark: str
    is_chosen: bool
    is_current: bool
    is_dimmed: bool = False
    """Whether the picture is used no more."""


@functools.cache
def _broken_sign(color: str) -> QPixmap:
    return icon_pixmap("warning", 24, color)


class CellPainter:
    """Draws cells of one size with a painter that is at work; made anew for each paint."""

    def __init__(self, painter: QPainter, side: int, caption_font: QFont) -> None:
        self._painter = painter
        self._side = side
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(caption_font)
        self._metrics = painter.fontMetrics()
        self._elided: dict[str, str] = {}

    def draw(self, cell: QRect, look: CellLook) -> None:
        """Draw one cell."""
        if look.is_chosen or look.is_current:
            self._draw_ground(cell, look)
        place = QRect(cell.center().x() - self._side // 2, cell.top() + PADDING, self._side, self._side)
        if look.tile is None:
            self._fill(place, colors().hover)
        elif look.tile.image is None:
            self._fill(place, colors().warning_soft)
            sign = _broken_sign(colors().warning)
            self._painter.drawPixmap(place.center() - sign.rect().center(), sign)
        else:
            place = self._draw_picture(place, look.tile, is_dimmed=look.is_dimmed)
        if look.mark:
            self._draw_mark(place, look.mark)
        self._draw_caption(cell, look)

    def _draw_ground(self, cell: QRect, look: CellLook) -> None:
        self._painter.setBrush(QColor(colors().accent_soft) if look.is_chosen else Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(colors().accent), 2) if look.is_current else Qt.PenStyle.NoPen)
        self._painter.drawRoundedRect(QRectF(cell).adjusted(2, 2, -2, -2), _RADIUS, _RADIUS)

    def _fill(self, place: QRect, color: str) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(color))
        self._painter.drawRoundedRect(place, S4, S4)

    def _draw_picture(self, place: QRect, tile: Tile, *, is_dimmed: bool) -> QRect:
        image = tile.image
        if image is None:
            return place
        size = QSizeF(image.size()) / tile.ratio
        if tile.side != self._side:  # made for another size: scaled until the right one is there
            size *= self._side / tile.side
        corner = QPointF(place.center().x() + 1 - size.width() / 2, place.center().y() + 1 - size.height() / 2)
        drawn = QRectF(corner.toPoint(), size)
        self._painter.setOpacity(_DIMMED if is_dimmed else 1)
        self._painter.drawImage(drawn, image)
        self._painter.setOpacity(1)
        return drawn.toRect()

    def _draw_mark(self, place: QRect, mark: str) -> None:
        text = self._metrics.elidedText(mark, Qt.TextElideMode.ElideRight, self._side - 2 * S8)
        size = self._metrics.boundingRect(text).size()
        pill = QRect(place.left() + S4, place.top() + S4, size.width() + 2 * S8, size.height() + S4)
        self._painter.setPen(QPen(QColor(colors().warning), 1))
        self._painter.setBrush(QColor(colors().warning_soft))
        self._painter.drawRoundedRect(QRectF(pill).adjusted(0.5, 0.5, -0.5, -0.5), S4, S4)
        self._painter.setPen(QColor(colors().text))
        self._painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_caption(self, cell: QRect, look: CellLook) -> None:
        room = cell.width() - 2 * PADDING
        if look.caption not in self._elided:
            self._elided[look.caption] = self._metrics.elidedText(look.caption, Qt.TextElideMode.ElideRight, room)
        line = QRect(cell.left() + PADDING, cell.top() + PADDING + self._side, room, cell.height() - self._side - S8)
        self._painter.setPen(QColor(colors().accent if look.is_chosen else colors().muted))
        self._painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._elided[look.caption])
