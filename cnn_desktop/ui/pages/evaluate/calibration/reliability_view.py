"""The reliability diagram: how often answers are right, over how probable the model finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S4, S8, colors

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.calibration import Reliability

_COUNTS_HEIGHT = 44.0
_WIDE = 240
"""Pixels from which on there is room for a text at every tick."""
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_GAP_TINT = 0.4
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE
_CENTRE = Qt.AlignmentFlag.AlignHCenter | _MIDDLE


class ReliabilityView(QWidget):
    """A bar a bin with the gap to the diagonal tinted; below, how many answers each bin has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Reliability diagram"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.reliability: Reliability | None = None

    def show_reliability(self, reliability: Reliability | None) -> None:
        """Draw these bins; None empties the diagram."""
        self.reliability = reliability
        text = _("Expected calibration error {error}")
        error = percent_text(reliability.error, 2) if reliability else "–"
        self.setAccessibleDescription(text.format(error=error))
        self.update()

    def bin_text(self, number: int) -> str:
        """What a bin says."""
        found = self.reliability
        if found is None or not found.counts[number]:
            return ""
        text = _("{count:,} answers, on average {said} sure: {right} are right")
        said, right = percent_text(float(found.confidence[number])), percent_text(float(found.accuracy[number]))
        return text.format(count=int(found.counts[number]), said=said, right=right)

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, 380)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(220, 220)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, found = self._plot(), self.reliability
        share = (event.position().x() - plot.left()) / plot.width()
        text = self.bin_text(int(share * len(found.counts))) if found is not None and 0 <= share < 1 else ""
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        found = self.reliability
        if found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        plot = self._plot()
        self._paint_axes(painter, plot)
        for number in range(len(found.counts)):
            if found.counts[number]:
                self._paint_bin(painter, plot, number, found)
        painter.setPen(QPen(QColor(colors().muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(plot.bottomLeft(), plot.topRight()))
        painter.end()

    def _paint_bin(self, painter: QPainter, plot: QRectF, number: int, found: Reliability) -> None:
        width = plot.width() / len(found.counts)
        left, accuracy, said = (
            plot.left() + number * width,
            float(found.accuracy[number]),
            float(found.confidence[number]),
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors().series[0]))
        painter.drawRect(_bar(plot, left, width, 0.0, min(accuracy, said)))
        painter.setBrush(_gap_color(is_too_sure=said > accuracy))
        painter.drawRect(_bar(plot, left, width, min(accuracy, said), max(accuracy, said)))
        most = float(found.counts.max())
        height = (_COUNTS_HEIGHT - S4) * float(found.counts[number]) / most
        floor = plot.bottom() + QFontMetricsF(self._font()).height() + S8 + _COUNTS_HEIGHT
        painter.setBrush(QColor(colors().muted))
        painter.drawRect(QRectF(left + 1, floor - max(1.0, height), width - 2, max(1.0, height)))

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        line = QFontMetricsF(self._font()).height()
        wide = plot.width() >= _WIDE
        for tick in _TICKS:
            x, y = plot.left() + tick * plot.width(), plot.bottom() - tick * plot.height()
            painter.setPen(QPen(QColor(colors().grid), 1))
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            painter.setPen(QColor(colors().muted))
            text = percent_text(tick, 0)
            painter.drawText(QRectF(0, y - line / 2, plot.left() - S4, line), _RIGHT, text)
            if tick not in (0.0, 0.5, 1.0) and not wide:
                continue
            half = QFontMetricsF(self._font()).horizontalAdvance(text) / 2 + 1
            middle = min(x, self.width() - half)
            painter.drawText(QRectF(middle - half, plot.bottom() + S4, 2 * half, line), _CENTRE, text)
        below = QRectF(plot.left(), self.height() - line, plot.width(), line)
        painter.drawText(below, _CENTRE, _("how sure the model is"))
        counted = QRectF(plot.left() + S8, plot.bottom() + line + S8, plot.width(), line)
        painter.drawText(counted, Qt.AlignmentFlag.AlignLeft | _MIDDLE, _("answers"))
        painter.drawText(QPointF(plot.left(), plot.top() - S4), _("how often it is right"))
        self._paint_legend(painter, plot)

    def _paint_legend(self, painter: QPainter, plot: QRectF) -> None:
        """What the tints of the gaps mean, where an empty corner of the diagram leaves room."""
        metrics = QFontMetricsF(self._font())
        for number, (text, is_too_sure) in enumerate(((_("too sure"), True), (_("not sure enough"), False))):
            y = plot.top() + S8 + number * (metrics.height() + S4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_gap_color(is_too_sure=is_too_sure))
            painter.drawRect(QRectF(plot.left() + S8, y, 10, 10))
            painter.setPen(QColor(colors().muted))
            area = QRectF(plot.left() + S8 + 16, y - metrics.height() / 2 + 5, plot.width(), metrics.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | _MIDDLE, text)

    def _plot(self) -> QRectF:
        metrics = QFontMetricsF(self._font())
        left = metrics.horizontalAdvance("100 %") + S8
        below = 2 * metrics.height() + 2 * S8 + _COUNTS_HEIGHT
        top = metrics.height() + S4
        return QRectF(left, top, max(1.0, self.width() - left - S8), max(1.0, self.height() - top - below))

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(10, self.fontInfo().pixelSize() - 2))
        return font


def _gap_color(*, is_too_sure: bool) -> QColor:
    color = QColor(colors().series[1 if is_too_sure else 0])
    color.setAlphaF(_GAP_TINT)
    return color


def _bar(plot: QRectF, left: float, width: float, low: float, high: float) -> QRectF:
    """A bar between two shares of the height."""
    return QRectF(left + 1, plot.bottom() - high * plot.height(), width - 2, (high - low) * plot.height())
