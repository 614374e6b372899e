"""Drawing the matrix: the image of its cells, names, numbers, marks, and the box under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, S16, colors
from cnn_desktop.ui.widgets.matrix_view.shading import Levels, ink, shade
from cnn_desktop.ui.widgets.matrix_view.table import Cell, ConfusionTable, short_text, value_text

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.matrix_view.canvas import MatrixCanvas

_GAP_FROM = 9.0
"""Pixels of a cell from which on cells are set apart by a line."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _MIDDLE, Qt.AlignmentFlag.AlignRight | _MIDDLE
_CENTRE = Qt.AlignmentFlag.AlignHCenter | _MIDDLE


class MatrixPainter:
    """Draws one frame."""

    def __init__(self, canvas: MatrixCanvas, table: ConfusionTable, levels: Levels, painter: QPainter) -> None:
        self._canvas, self._table, self._levels, self._painter = canvas, table, levels, painter
        self._cells = canvas.geometry_of_cells
        self._font = canvas.small_font
        self._metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)

    def paint(self) -> None:
        """Draw everything."""
        self._paint_cells()
        self._paint_names()
        self._painter.save()
        self._painter.setClipRect(self._cells.area.adjusted(-2, -2, 2, 2))
        self._paint_numbers()
        self._paint_marks()
        self._painter.restore()
        if self._canvas.hovered is not None:
            self._paint_box(self._canvas.hovered)

    # ---- cells

    def _paint_cells(self) -> None:
        cells, image = self._cells, self._canvas.image
        if image is None:
            return
        rows, columns = cells.rows, cells.columns
        first, last = cells.rect(rows.start, columns.start), cells.rect(rows.stop - 1, columns.stop - 1)
        self._painter.save()
        self._painter.setClipRect(cells.area)
        self._painter.drawImage(QRectF(first.topLeft(), last.bottomRight()), image)
        if cells.side >= _GAP_FROM:
            self._painter.setPen(QPen(QColor(colors().card), 2 if cells.side > 28 else 1))
            for column in columns:
                x = round(cells.rect(0, column).left())
                self._painter.drawLine(QPointF(x, cells.area.top()), QPointF(x, cells.area.bottom()))
            for row in rows:
                y = round(cells.rect(row, 0).top())
                self._painter.drawLine(QPointF(cells.area.left(), y), QPointF(cells.area.right(), y))
        self._painter.restore()

    def _paint_numbers(self) -> None:
        if self._cells.side < self._metrics.height() + 2:
            return
        for row in self._cells.rows:
            for column in self._cells.columns:
                if self._table.counts[row, column]:
                    self._paint_number((row, column))

    def _paint_number(self, cell: Cell) -> None:
        value, room = self._table.value(cell, self._canvas.normalisation), self._cells.side - 2
        texts = (value_text(value, self._canvas.normalisation), short_text(value))
        text = next((text for text in texts if self._metrics.horizontalAdvance(text) <= room), "")
        if text:
            self._painter.setPen(QColor(ink(shade(int(self._levels[cell]), colors()))))
            self._painter.drawText(self._cells.rect(*cell), _CENTRE, text)

    # ---- names

    def _paint_names(self) -> None:
        cells, area = self._cells, self._cells.area
        line = self._metrics.height()
        self._painter.setPen(QColor(colors().muted))
        self._painter.drawText(QRectF(area.left(), 0, max(area.width(), 120.0), line), _LEFT, _("Answer →"))
        self._upright(QRectF(0, area.top(), line, max(area.height(), 120.0)), _("← Actual class"), _RIGHT)
        marked_row, marked_column = self._marked
        if cells.side >= line:
            for row in cells.rows:
                self._paint_row_name(row, is_marked=row == marked_row)
            for column in cells.columns:
                self._paint_column_name(column, is_marked=column == marked_column)
            return
        if marked_row in cells.rows:
            self._paint_row_name(marked_row, is_marked=True)
        if marked_column in cells.columns:
            self._paint_column_name(marked_column, is_marked=True)

    @property
    def _marked(self) -> Cell:
        """The row and column whose names stand out: those under the cursor, else current, else searched for."""
        searched = self._canvas.searched
        return self._canvas.hovered or self._canvas.current or (searched, searched)

    def _paint_row_name(self, row: int, *, is_marked: bool) -> None:
        cell, line = self._cells.rect(row, 0), self._metrics.height()
        left = line + S4
        area = QRectF(left, cell.center().y() - line / 2, self._cells.plot.left() - S4 - left, line)
        if self._cells.area.top() - line / 2 <= area.center().y() <= self._cells.area.bottom() + line / 2:
            self._name(area, self._table.classes[row], _RIGHT, is_marked=is_marked)

    def _paint_column_name(self, column: int, *, is_marked: bool) -> None:
        cell, line = self._cells.rect(0, column), self._metrics.height()
        name = self._table.classes[column]
        bottom, top = self._cells.plot.top() - S4, line + S4
        if self._metrics.horizontalAdvance(name) <= cell.width() - S4:
            self._name(QRectF(cell.left(), bottom - line, cell.width(), line), name, _CENTRE, is_marked=is_marked)
            return
        area = QRectF(cell.center().x() - line / 2, top, line, bottom - top)
        if area.center().x() <= self._cells.area.right() + line / 2:
            self._upright(area, name, _LEFT, is_marked=is_marked)

    def _upright(self, area: QRectF, text: str, flags: Qt.AlignmentFlag, *, is_marked: bool = False) -> None:
        """Text that reads from the bottom up."""
        self._painter.save()
        self._painter.translate(area.left(), area.bottom())
        self._painter.rotate(-90)
        self._name(QRectF(0, 0, area.height(), area.width()), text, flags, is_marked=is_marked)
        self._painter.restore()

    def _name(self, area: QRectF, text: str, flags: Qt.AlignmentFlag, *, is_marked: bool) -> None:
        font = QFont(self._font)
        font.setBold(is_marked)
        self._painter.setFont(font)
        self._painter.setPen(QColor(colors().text if is_marked else colors().muted))
        cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        self._painter.drawText(area, flags, cut)
        self._painter.setFont(self._font)

    # ---- marks

    def _paint_marks(self) -> None:
        cells, now, searched = self._cells, colors(), self._canvas.searched
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if searched >= 0:
            whole = cells.count * cells.side
            row, column = cells.rect(searched, 0), cells.rect(0, searched)
            self._painter.setPen(QPen(QColor(now.accent), 1))
            self._painter.drawRect(QRectF(row.topLeft(), QSizeF(whole, cells.side)))
            self._painter.drawRect(QRectF(column.topLeft(), QSizeF(cells.side, whole)))
        if self._canvas.hovered is not None:
            self._outline(self._canvas.hovered, now.muted, 1)
        if self._canvas.current is not None:
            self._outline(self._canvas.current, now.text, 2)
        elif self._canvas.hasFocus():
            self._painter.setPen(QPen(QColor(now.accent), 2))
            self._painter.drawRect(cells.area)

    def _outline(self, cell: Cell, color: str, width: int) -> None:
        """A frame around a cell; around a tiny one at some distance, so that it is seen."""
        rect = self._cells.rect(*cell)
        more = max(0.0, (9.0 - rect.width()) / 2)
        self._painter.setPen(QPen(QColor(color), width))
        self._painter.drawRect(rect.adjusted(-more, -more, more, more))

    def _paint_box(self, cell: Cell) -> None:
        lines = self._table.lines(cell)
        strong = QFont(self._font)
        strong.setBold(True)
        title, height = self._table.title(cell), self._metrics.height() + 2
        width = max(QFontMetricsF(strong).horizontalAdvance(title), *map(self._metrics.horizontalAdvance, lines))
        box = QRectF(0, 0, min(width + 2 * S8, self._canvas.width()), 3 * height + S8)
        under = self._cells.rect(*cell)
        right, below = under.right() + S16, under.bottom() + S8
        fits = right + box.width() <= self._canvas.width()
        box.moveLeft(right if fits else max(0.0, under.left() - S16 - box.width()))
        box.moveTop(below if below + box.height() <= self._canvas.height() else under.top() - S8 - box.height())
        self._painter.setPen(QPen(QColor(colors().border), 1))
        self._painter.setBrush(QColor(colors().card))
        self._painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        for number, text in enumerate((title, *lines)):
            self._painter.setFont(self._font if number else strong)
            self._painter.setPen(QColor(colors().muted if number else colors().text))
            row = QRectF(box.left() + S8, box.top() + S4 + number * height, box.width() - 2 * S8, height)
            cut = self._painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(row.width()) + 1)
            self._painter.drawText(row, _LEFT, cut)
