"""Drawing a matrix: planes, numbers, padding, marks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from cnn_desktop.ui.colors import Colors
from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.number_matrix.content import Cell, Content
from cnn_desktop.ui.widgets.number_matrix.geometry import Geometry
from cnn_desktop.ui.widgets.number_matrix.shading import LEVELS, Tint, color_of, ink, level

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.number_matrix.canvas import MatrixCanvas

_MIDDLE = 128
"""The pixel of zero."""
_LINES_FROM = 8
"""Pixels of a cell from which on cells are set apart by a line."""
_CENTRE = Qt.AlignmentFlag.AlignCenter


def mark_color() -> QColor:
    """Of the window that is looked at."""
    return QColor(colors().series[1] if colors().is_dark else colors().series[4])


def number_font(matrix: MatrixCanvas, pixels: int) -> QFont:
    """Of the numbers in cells."""
    font = QFont(matrix.font())
    font.setPixelSize(pixels)
    return font


def plane_image(content: Content, channel: int, tint: Tint) -> QImage:
    """A pixel a cell."""
    import numpy as np

    shares = np.nan_to_num(np.array(content.planes[channel]) / content.reach, posinf=1, neginf=-1).clip(-1, 1)
    levels = (np.rint(shares * LEVELS) + _MIDDLE).astype(np.uint8)
    rows, columns = levels.shape
    image = QImage(levels.tobytes(), columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(_color_table(tint, colors()))
    return image.convertToFormat(QImage.Format.Format_RGB32)


@cache
def _color_table(tint: Tint, now: Colors) -> list[int]:
    return [color_of(number - _MIDDLE, tint, now).rgb() for number in range(256)]


class Painter:
    """Draws one frame."""

    def __init__(self, matrix: MatrixCanvas, painter: QPainter, images: dict[int, QImage]) -> None:
        self._matrix, self._painter, self._images = matrix, painter, images
        self._content: Content = matrix.content
        self._cells: Geometry = matrix.cells

    def paint(self) -> None:
        """Draw everything."""
        for channel in self._cells.seen():
            self._paint_plane(channel)
            is_front = self._cells.arrangement == "row" or channel == self._cells.front
            if is_front:
                self._paint_padding(channel)
                self._paint_blanks(channel)
                self._paint_numbers(channel)
                self._paint_window(channel)
            self._paint_title(channel, is_front=is_front)
        self._paint_cells()

    def _paint_plane(self, channel: int) -> None:
        plane, now = self._cells.plane(channel), colors()
        self._painter.drawImage(plane, self._images[channel])
        self._painter.setPen(QPen(QColor(now.card), 1))
        if min(self._cells.cell.width, self._cells.cell.height) >= _LINES_FROM:
            for column in range(1, self._cells.shape[2]):
                x = plane.left() + column * self._cells.cell.width - 0.5
                self._painter.drawLine(QPointF(x, plane.top()), QPointF(x, plane.bottom()))
            for row in range(1, self._cells.shape[1]):
                y = plane.top() + row * self._cells.cell.height - 0.5
                self._painter.drawLine(QPointF(plane.left(), y), QPointF(plane.right(), y))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(now.border), 1))
        self._painter.drawRect(plane.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_padding(self, channel: int) -> None:
        """Hatched: a zero that the network adds is no pixel of the picture."""
        if not any(self._content.padding):
            return
        brush = QBrush(QColor(colors().muted), Qt.BrushStyle.BDiagPattern)
        for row in range(self._cells.shape[1]):
            for column in range(self._cells.shape[2]):
                if self._content.is_padding(row, column):
                    area = self._cells.rect(Cell(channel, row, column)).adjusted(0, 0, -1, -1)
                    self._painter.fillRect(area, QColor(colors().card))
                    self._painter.setOpacity(0.35)
                    self._painter.fillRect(area, brush)
                    self._painter.setOpacity(1)

    def _paint_blanks(self, channel: int) -> None:
        _channels, rows, columns = self._cells.shape
        if self._content.blanks:
            first = columns - self._content.blanks
            area = self._cells.block(channel, rows - 1, first, 1, self._content.blanks)
            self._painter.fillRect(area.adjusted(0, 0, 1, 1), QColor(colors().card))

    def _paint_numbers(self, channel: int) -> None:
        if not self._cells.cell.has_text:
            return
        room, tall = self._cells.cell.width - 4, self._cells.cell.height
        pixels = next((size for size in range(min(13, tall - 2), 8, -1) if self._width(size) <= room), 9)
        self._painter.setFont(number_font(self._matrix, pixels))
        tint = self._matrix.tint_of(channel)
        for row in range(self._cells.shape[1]):
            for column in range(self._cells.shape[2]):
                if self._content.is_blank(row, column):
                    continue
                cell = Cell(channel, row, column)
                shade = color_of(level(self._content.value(cell), self._content.reach), tint, colors())
                is_padding = self._content.is_padding(row, column)
                self._painter.setPen(QColor(colors().muted) if is_padding else ink(shade))
                self._painter.drawText(self._cells.rect(cell), _CENTRE, self._matrix.written.text(cell))

    def _width(self, pixels: int) -> float:
        return QFontMetricsF(number_font(self._matrix, pixels)).horizontalAdvance(self._matrix.written.longest)

    def _paint_title(self, channel: int, *, is_front: bool) -> None:
        titles = self._matrix.titles
        if not is_front or channel >= len(titles):
            return
        plane = self._cells.plane(channel)
        area = QRectF(plane.left(), 0, plane.width() + 1, self._cells.title_height)
        self._painter.setFont(number_font(self._matrix, 12))
        self._painter.setPen(QColor(colors().muted))
        cut = self._painter.fontMetrics().elidedText(titles[channel], Qt.TextElideMode.ElideRight, int(area.width()))
        self._painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)

    def _paint_window(self, channel: int) -> None:
        window = self._matrix.window_mark
        if window is None:
            return
        whole = self._cells.plane(channel)
        frame = self._cells.block(channel, window.top, window.left, window.height, window.width)
        self._painter.save()
        self._painter.setClipRect(whole.adjusted(-2, -2, 2, 2))
        if not window.is_dense:
            for row, column in window.places():
                if 0 <= row < self._cells.shape[1] and 0 <= column < self._cells.shape[2]:
                    self._outline(self._cells.rect(Cell(channel, row, column)), mark_color(), 1)
        self._outline(frame.intersected(whole), mark_color(), 2)
        self._painter.restore()

    def _paint_cells(self) -> None:
        """The cells that are pointed at, chosen or singled out."""
        matrix, now = self._matrix, colors()
        for cell in matrix.winners:
            if self._is_seen(cell):
                self._outline(self._cells.rect(cell), mark_color(), 3)
        if matrix.pointed is not None and self._is_seen(matrix.pointed):
            self._outline(self._cells.rect(matrix.pointed), QColor(now.text), 1)
        if matrix.current is not None and self._is_seen(matrix.current):
            self._outline(self._cells.rect(matrix.current), QColor(now.accent if matrix.hasFocus() else now.muted), 2)

    def _is_seen(self, cell: Cell) -> bool:
        return self._cells.arrangement == "row" or cell.channel == self._cells.front

    def _outline(self, area: QRectF, color: QColor, width: int) -> None:
        """A frame around cells; around tiny ones at some distance, so that it is seen."""
        more = max(0.0, (9.0 - min(area.width(), area.height())) / 2)
        self._painter.setPen(QPen(color, width))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(area.adjusted(-more, -more, more - 1, more - 1))
