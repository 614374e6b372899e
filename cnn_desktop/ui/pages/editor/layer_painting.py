"""How a layer is drawn: a sketch of what it puts out, its name, shape and cost, or why it can't stand there."""

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPainter, QPolygonF
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from cnn_desktop.models.design.report import Row
from cnn_desktop.models.design.steps import Shape, shape_text
from cnn_desktop.models.design.words import KINDS, detail_of
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.pages.editor.draft import Draft
from cnn_desktop.ui.pages.editor.layers_model import ROW_ROLE, head_text
from cnn_desktop.ui.theme import S4, S8, S16, colors

ROW_HEIGHT = 46
_SKETCH = 84
SHAPE_WIDTH, COUNT_WIDTH = 96, 84
_TALLEST = 30
_SERIES = {
    "conv": 0,
    "residual": 0,
    "dense": 3,
    "pool": 4,
    "global_pool": 4,
    "activation": 2,
    "batch_norm": 5,
}
"""Of the colours of charts; kinds without one are grey."""

_Index = QModelIndex | QPersistentModelIndex


class LayerDelegate(QStyledItemDelegate):
    """Draws the rows of a draft; the chosen one leaves room below for its fields."""

    def __init__(self, draft: Draft, view: QListView) -> None:
        super().__init__(view)
        self._draft = draft
        self._view = view
        self.fields_height = 0
        """Pixels that the fields of the chosen layer take."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: Row = index.data(ROW_ROLE)
        height = ROW_HEIGHT + self.problem_height(row)
        if index.row() == self._draft.row:
            height += self.fields_height
        return QSize(200, height)

    def problem_height(self, row: Row) -> int:
        """Pixels that its sentence takes, over as many lines as it needs."""
        if not row.problem:
            return 0
        room = QRect(0, 0, self._view.viewport().width() - _SKETCH - 2 * S8, 1000)
        return _small(self._view.font()).boundingRect(room, Qt.TextFlag.TextWordWrap, row.problem).height() + S8

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: Row = index.data(ROW_ROLE)
        now = colors()
        area = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.problem or index.row() == self._draft.row:
            painter.setPen(QColor(now.danger) if row.problem else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.danger_soft if row.problem else now.accent_soft))
            painter.drawRoundedRect(area.adjusted(0.5, 1.5, -0.5, -1.5), 6, 6)
        is_head = index.row() == len(self._draft.design.layers)
        top = QRectF(area.left(), area.top(), area.width(), ROW_HEIGHT)
        draw_sketch(painter, row, self._draft.design.side, QRectF(top.left() + S8, top.top(), _SKETCH - S8, ROW_HEIGHT))
        words = head_text(self._draft.classes) if is_head else _words(row)
        self._draw_texts(painter, row, words, top.adjusted(_SKETCH + S8, S4, -S8, -S4))
        if is_head:
            name = QFontMetrics(_figures(self._view.font().pixelSize())).horizontalAdvance(row.name)
            draw_icon(painter, "lock", QRectF(top.left() + _SKETCH + S16 + name, top.top() + 7, 12, 12), now.muted)
        if row.problem:
            painter.setFont(_small_font(self._view.font()))
            painter.setPen(QColor(now.danger))
            place = QRectF(area.left() + _SKETCH + S8, top.bottom(), area.width() - _SKETCH - 2 * S8, 200)
            painter.drawText(place, Qt.TextFlag.TextWordWrap, row.problem)
        painter.restore()

    def _draw_texts(self, painter: QPainter, row: Row, words: str, area: QRectF) -> None:
        now, right = colors(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        figures = _figures(painter.font().pixelSize())
        count_place = QRectF(area.right() - COUNT_WIDTH, area.top() + 2, COUNT_WIDTH, 18)
        shape_place = count_place.translated(-SHAPE_WIDTH - S8, 0).adjusted(0, 0, SHAPE_WIDTH - COUNT_WIDTH, 0)
        is_reached = row.step is not None
        painter.setFont(figures)
        painter.setPen(QColor(now.text if is_reached else now.muted))
        painter.drawText(shape_place, right, shape_text(row.step.shape) if row.step else "–")
        painter.drawText(count_place, right, f"{row.step.parameters:,}" if row.step and row.step.parameters else "–")
        self._draw_share(painter, row, QRectF(count_place.left(), count_place.bottom() + 5, COUNT_WIDTH, 4))
        room = shape_place.left() - area.left() - S8
        figures.setBold(True)
        painter.setFont(figures)
        painter.setPen(QColor(now.danger if row.problem else now.text if is_reached else now.muted))
        painter.drawText(QRectF(area.left(), area.top(), room, 18), Qt.AlignmentFlag.AlignVCenter, row.name)
        small = _small_font(self._view.font())
        painter.setFont(small)
        painter.setPen(QColor(now.muted))
        cut = QFontMetrics(small).elidedText(words, Qt.TextElideMode.ElideRight, int(room + SHAPE_WIDTH))
        painter.drawText(
            QRectF(area.left(), area.top() + 18, room + SHAPE_WIDTH, 18), Qt.AlignmentFlag.AlignVCenter, cut
        )

    def _draw_share(self, painter: QPainter, row: Row, bar: QRectF) -> None:
        """How much of all parameters this layer has."""
        share = row.step.parameters / max(1, self._draft.report.parameters) if row.step else 0.0
        if share:
            painter.fillRect(bar, QColor(colors().track))
            width = max(1.0, bar.width() * share)
            painter.fillRect(QRectF(bar.right() - width, bar.top(), width, bar.height()), QColor(_color_of(row)))


def draw_sketch(painter: QPainter, row: Row, side: int, area: QRectF) -> None:
    """What a layer puts out as a box: as tall as its maps beside pictures of `side`, as long as there are many."""
    color = QColor(_color_of(row))
    if row.step is None:
        box = QRectF(0, 0, 20, 20)
        box.moveCenter(area.center())
        if row.problem:
            draw_icon(painter, "warning", box, colors().danger)
        else:
            painter.setPen(QColor(colors().border))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
        return
    length, height, slant = _proportions(row.step.shape, side, area.width())
    left = area.center().x() - (length + slant) / 2
    top = area.center().y() - (height - slant) / 2
    front = QRectF(left, top, length, height)
    painter.setPen(color.darker(125))
    back = [(left, top), (left + slant, top - slant), (left + length + slant, top - slant), (left + length, top)]
    right = [
        (left + length, top),
        (left + length + slant, top - slant),
        (left + length + slant, top + height - slant),
        (left + length, top + height),
    ]
    for outline, shade in ((back, color.lighter(120)), (right, color.darker(112))):
        painter.setBrush(shade)
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline]))
    painter.setBrush(color)
    painter.drawRect(front)


def _proportions(shape: Shape, side: int, room: float) -> tuple[float, float, float]:
    """Length (channels), height (of the maps) and slant (their width) in pixels."""
    most = room - 14
    if len(shape) == 1:
        return min(most, 6 + 5.2 * math.log2(1 + shape[0])), 5.0, 2.0
    channels, height, width = shape
    scale = (_TALLEST - 12) / math.sqrt(max(side, height, width))
    length = min(most, 2 + 4.6 * math.log2(1 + channels))
    return length, 3 + scale * math.sqrt(height), 2 + 0.45 * scale * math.sqrt(width)


def _color_of(row: Row) -> str:
    place = _SERIES.get(row.layer.kind)
    return colors().muted if place is None else colors().series[place]


def _words(row: Row) -> str:
    return " · ".join(filter(None, (KINDS[row.layer.kind], detail_of(row.layer))))


def _small_font(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(max(10, font.pixelSize() - 1))
    return small


def _small(font: QFont) -> QFontMetrics:
    return QFontMetrics(_small_font(font))


def _figures(pixels: int) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(max(10, pixels - 1))
    return font
