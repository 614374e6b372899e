"""How an answer is drawn: a small picture, its name above its folder, the best class, its share, what comes second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView
from typing_extensions import override

from cnn_desktop.core.path_text import shown
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.colors import Colors
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.pages.predict.many.catalogue import Column
from cnn_desktop.ui.pages.predict.many.table_model import (
    ANSWER_ROLE,
    COLUMNS,
    PLACE_ROLE,
    AnswersModel,
    refusal_text,
    state_text,
)
from cnn_desktop.ui.theme import S4, S8, S16, colors
from cnn_desktop.ui.widgets.chip import draw_chip

if TYPE_CHECKING:
    from cnn_desktop.predict.batch import Answer
    from cnn_desktop.ui.widgets.picture_grid.loading import TileLoader

ROW_HEIGHT = 52
THUMBNAIL = 40
_BAR = 6
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_START, _CENTRE = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle


class AnswerDelegate(QStyledItemDelegate):
    """Draws every cell itself, from the answer behind it.

    Args:
        loader: has the thumbnails, by the place of their answer.
    """

    def __init__(self, loader: TileLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, ROW_HEIGHT)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        now, model = colors(), index.model()
        assert isinstance(model, AnswersModel)
        cell = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, QColor(now.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(cell, QColor(now.hover))
        painter.setPen(QPen(QColor(now.grid), 1))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue]
        answer: Answer = index.data(ANSWER_ROLE)
        painter.setClipRect(cell)
        drawn = _Cell(painter, cell.adjusted(S8, 0, -S8, 0), font, now, self._widths())
        if index.column() == Column.FILE:
            self._draw_picture(painter, cell, index, answer, now)
            drawn.draw_name(answer)
        else:
            drawn.draw(answer, Column(index.column()), str(index.data()), model.threshold)
        painter.restore()

    def _widths(self) -> list[int]:
        view = self.parent()
        assert isinstance(view, QTableView)
        return [view.columnWidth(column) for column in COLUMNS]

    def _draw_picture(
        self, painter: QPainter, cell: QRectF, index: QModelIndex | QPersistentModelIndex, answer: Answer, now: Colors
    ) -> None:
        """The thumbnail, or while there is none a soft square."""
        place = QRectF(cell.left() + S8, cell.top() + (ROW_HEIGHT - THUMBNAIL) / 2, THUMBNAIL, THUMBNAIL)
        tile = self._loader.tile(str(index.data(PLACE_ROLE))) if answer.top else None
        if tile is not None and tile.image is not None:
            size = tile.image.deviceIndependentSize()
            corner = place.center() - QPointF(size.width() / 2, size.height() / 2)
            painter.drawImage(corner, tile.image)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.hover if answer.top else now.danger_soft))
        painter.drawRoundedRect(place, 4, 4)
        if answer.top is None:
            draw_icon(
                painter, "warning", QRectF(place.center() - QPointF(8, 8), place.center() + QPointF(8, 8)), now.danger
            )


class _Cell:
    """One cell while it is drawn."""

    def __init__(self, painter: QPainter, area: QRectF, font: QFont, now: Colors, widths: Sequence[int]) -> None:
        self._painter, self._area, self._now, self._widths = painter, area, now, widths
        self._normal, self._strong, self._small = QFont(font), QFont(font), QFont(font)
        self._strong.setBold(True)
        self._small.setPixelSize(font.pixelSize() - 1)

    def draw_name(self, answer: Answer) -> None:
        area = self._area.adjusted(THUMBNAIL + S8 + S4, 0, 0, 0)
        upper = QRectF(area.left(), area.top() + S4 + 2, area.width(), (area.height() - S8 - S4) / 2)
        lower = upper.translated(0, upper.height())
        self._text(upper, shown(type(answer.image)(answer.image.name)), self._normal, self._now.text, _CENTRE)
        self._text(lower, shown(answer.image.parent), self._small, self._now.muted, _CENTRE)

    def draw(self, answer: Answer, column: Column, text: str, threshold: float) -> None:
        if column == Column.STATE:
            self._draw_state(answer, threshold)
        elif answer.top is None:
            self._draw_refusal(answer, column)
        elif column == Column.CLASS:
            is_unsure = answer.is_unsure(threshold)
            self._text(self._area, text, self._strong, self._now.muted if is_unsure else self._now.text)
        elif column == Column.PROBABILITY:
            self._draw_share(answer.top[0].probability, is_unsure=answer.is_unsure(threshold))
        else:
            self._text(self._area, text, self._small, self._now.muted)

    def _draw_refusal(self, answer: Answer, column: Column) -> None:
        """One sentence over all columns that would be empty, of which this cell shows a part."""
        left = self._area.left() - sum(self._widths[Column.CLASS : column])
        area = QRectF(left, self._area.top(), sum(self._widths[Column.CLASS : Column.STATE]) - 2 * S8, ROW_HEIGHT)
        self._text(area, refusal_text(answer), self._small, self._now.danger)

    def _draw_state(self, answer: Answer, threshold: float) -> None:
        text = state_text(answer, threshold)
        if text:
            self._painter.setFont(self._small)
            color = self._now.danger if answer.top is None else self._now.warning
            draw_chip(self._painter, self._area.left(), self._area.center().y(), text, color)

    def _draw_share(self, share: float, *, is_unsure: bool) -> None:
        """The figure above its bar."""
        area = self._area.adjusted(0, S4 + 2, -S8, 0)
        color = self._now.muted if is_unsure else self._now.text
        self._text(QRectF(area.left(), area.top(), area.width(), S16 + S4), percent_text(share), self._normal, color)
        track = QRectF(area.left(), area.top() + S16 + S8, area.width(), _BAR)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._now.track))
        self._painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        track.setWidth(max(_BAR, track.width() * share))
        self._painter.setBrush(QColor(self._now.muted if is_unsure else self._now.accent))
        self._painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)

    def _text(self, area: QRectF, text: str, font: QFont, color: str, gives_way: Qt.TextElideMode = _START) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        self._painter.drawText(area, _MIDDLE, QFontMetricsF(font).elidedText(text, gives_way, area.width()))
