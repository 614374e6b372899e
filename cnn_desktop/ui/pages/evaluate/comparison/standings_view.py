"""The accuracies of two models with their intervals, drawn on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S4, S8, colors

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.comparing import Standing

_ROW = 44


class StandingsView(QWidget):
    """The accuracy of each model with its interval, as two lines on one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._standings: tuple[Standing, ...] = ()

    def show_standings(self, standings: tuple[Standing, ...]) -> None:
        """Draw these, one below the other."""
        self._standings = standings
        self.setAccessibleName(_("Accuracies"))
        self.setAccessibleDescription("; ".join(map(_words, standings)))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, _ROW * max(1, len(self._standings)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low = min((one.interval.low for one in self._standings), default=0.0)
        high = max((one.interval.high for one in self._standings), default=1.0)
        more = max(0.01, (high - low) * 0.1)
        low, high = max(0.0, low - more), min(1.0, high + more)
        for number, one in enumerate(self._standings):
            self._paint_one(painter, QRectF(0, number * _ROW, self.width(), _ROW), one, number, (low, high))
        painter.end()

    def _paint_one(
        self, painter: QPainter, area: QRectF, one: Standing, number: int, scale: tuple[float, float]
    ) -> None:
        now, (low, high) = colors(), scale
        color = QColor(now.series[number])
        words = area.adjusted(0, 0, 0, -_ROW / 2)
        painter.setPen(QColor(now.text))
        cut = painter.fontMetrics().elidedText(one.model, Qt.TextElideMode.ElideRight, int(area.width() * 0.6))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        text = _("{share} ({interval})").format(share=percent_text(one.accuracy, 2), interval=one.interval)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(self.font())
        track = QRectF(S8, area.bottom() - _ROW / 4 - 3, area.width() - 2 * S8, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.track))
        painter.drawRoundedRect(track, 3, 3)

        def at(share: float) -> float:
            return track.left() + track.width() * (share - low) / (high - low)

        y = track.center().y()
        painter.setPen(QPen(color, 2))
        painter.drawLine(QLineF(at(one.interval.low), y, at(one.interval.high), y))
        for end in one.interval:
            painter.drawLine(QLineF(at(end), y - S8, at(end), y + S8))
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QRectF(at(one.accuracy) - S4 - 1, y - S4 - 1, 2 * S4 + 2, 2 * S4 + 2))


def _words(one: Standing) -> str:
    return f"{one.model} {percent_text(one.accuracy, 2)} ({one.interval})"
