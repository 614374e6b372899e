"""How a line of the list of runs is drawn: a thumbnail of its loss, two lines of text, a chip for its state."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.train.runs.run_summary import RunState
from cnn_desktop.ui.colors import Colors
from cnn_desktop.ui.pages.runs.curve_lines import letter, look
from cnn_desktop.ui.pages.runs.rows import RunRow
from cnn_desktop.ui.pages.runs.runs_model import NUMBERS, PLACE_ROLE, ROW_ROLE, Column
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.chip import draw_chip

ROW_HEIGHT = 52
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | _MIDDLE
_RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE
_UPPER_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


def state_color(state: RunState, now: Colors) -> str:
    """The colour of a run's state; its word always stands beside it."""
    by_state: dict[RunState, str] = {
        "running": now.accent,
        "done": now.ok,
        "stopped": now.muted,
        "failed": now.danger,
        "interrupted": now.warning,
    }
    return by_state[state]


def curve_in(curve: Sequence[tuple[float, float]], area: QRectF) -> QPolygonF:
    """A curve fitted into `area`: x from its first to its last point, y from its lowest to its highest."""
    low, high = min(y for _x, y in curve), max(y for _x, y in curve)
    first, last = curve[0][0], curve[-1][0]
    across, up = area.width() / max(1e-9, last - first), area.height() / max(1e-9, high - low)
    return QPolygonF([QPointF(area.left() + (x - first) * across, area.bottom() - (y - low) * up) for x, y in curve])


class RunDelegate(QStyledItemDelegate):
    """Draws every cell itself, from the `RunRow` behind it."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, ROW_HEIGHT)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        now, row, column = colors(), index.data(ROW_ROLE), Column(index.column())
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
        drawn = _Cell(painter, cell.adjusted(S8, 0, -S8, 0), font, now)
        if column == Column.CURVE:
            drawn.draw_curve(row, index.data(PLACE_ROLE))
        else:
            drawn.draw(row, column, str(index.data()))
        painter.restore()


class _Cell:
    """One cell while it is drawn."""

    def __init__(self, painter: QPainter, area: QRectF, font: QFont, now: Colors) -> None:
        self._painter, self._area, self._now = painter, area, now
        self._normal, self._strong, self._small = QFont(font), QFont(font), QFont(font)
        self._strong.setBold(True)
        self._small.setPixelSize(font.pixelSize() - 1)

    def draw(self, row: RunRow, column: Column, text: str) -> None:
        if column == Column.RUN:
            self._draw_name(row)
        elif column == Column.STATE:
            self._draw_state(row)
        elif column == Column.BEST:
            self._text(self._area, text, self._strong, self._now.text, _RIGHT)
        else:
            self._text(self._area, text, self._small, self._now.muted, _RIGHT if column in NUMBERS else _LEFT)

    def draw_curve(self, row: RunRow, place: int | None) -> None:
        """The loss; of a compared run in the colour that it has in the chart, with its letter."""
        area = self._area.adjusted(0, 12, 0, -12)
        if place is not None:
            self._text(self._area.adjusted(0, 6, 0, 0), letter(place), self._small, self._now.text, _UPPER_RIGHT)
        if len(row.run.curve) < 2:
            self._text(self._area, "–", self._small, self._now.muted, Qt.AlignmentFlag.AlignCenter)
            return
        color, _dash = look(place or 0)
        self._painter.setPen(QPen(QColor(self._now.grid), 1))
        self._painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._painter.setPen(QPen(QColor(self._now.series[color]), 1.5))
        self._painter.drawPolyline(curve_in(row.run.curve, area))

    def _text(self, area: QRectF, text: str, font: QFont, color: str, flags: Qt.AlignmentFlag = _LEFT) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        self._painter.drawText(area, flags, cut)

    def _draw_name(self, row: RunRow) -> None:
        upper, lower = _halves(self._area)
        self._text(upper, row.architecture, self._strong, self._now.text)
        self._text(lower, row.dataset, self._small, self._now.muted)
        if row.notes.tags:
            lower.setLeft(lower.left() + QFontMetricsF(self._small).horizontalAdvance(row.dataset) + S8)
            if lower.width() > 2 * S8:
                self._text(lower, "  ".join(f"#{tag}" for tag in row.notes.tags), self._small, self._now.accent)

    def _draw_state(self, row: RunRow) -> None:
        upper, lower = _halves(self._area) if row.run.can_go_on else (self._area, QRectF())
        self._painter.setFont(self._small)
        draw_chip(
            self._painter,
            upper.left(),
            upper.center().y(),
            row.run.state_title,
            state_color(row.run.state, self._now),
        )
        if row.run.can_go_on:
            self._text(lower.adjusted(S8, 0, 0, 0), _("can go on"), self._small, self._now.muted)


def _halves(area: QRectF) -> tuple[QRectF, QRectF]:
    upper = QRectF(area.left(), area.top() + S4 + 2, area.width(), (area.height() - S8 - S4) / 2)
    return upper, upper.translated(0, upper.height())
