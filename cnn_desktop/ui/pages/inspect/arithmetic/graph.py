"""The curve of an activation, with the number that went in and what came out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import colors

_EDGE = 6
Point = tuple[float, float]


class FunctionGraph(QWidget):
    """Draws y over x through the origin; dashed lines lead from x up to the curve and from there to y."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("functionGraph")
        self.setAccessibleName(_("The curve of the function"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._curve: Sequence[Point] = ()
        self._point: Point = (0.0, 0.0)

    def show_curve(self, curve: Sequence[Point], point: Point) -> None:
        """Show a curve and a point of it."""
        self._curve, self._point = curve, point
        self.setAccessibleDescription(_("x is {x:.4g}, y is {y:.4g}").format(x=point[0], y=point[1]))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, 132)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, 72)

    def place_of(self, point: Point) -> QPointF:
        """Where a point is drawn."""
        xs, ys = zip(*self._curve, strict=True)
        low, high = min(0.0, *ys), max(0.0, *ys)
        area = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        across = (point[0] - xs[0]) / (xs[-1] - xs[0])
        up = (point[1] - low) / ((high - low) or 1.0)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._curve:
            return
        now, painter = colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zero, here = self.place_of((0.0, 0.0)), self.place_of(self._point)
        painter.setPen(QPen(QColor(now.grid), 1))
        painter.drawLine(QPointF(0, zero.y()), QPointF(self.width(), zero.y()))
        painter.drawLine(QPointF(zero.x(), 0), QPointF(zero.x(), self.height()))
        painter.setPen(QPen(QColor(now.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(here.x(), zero.y()), here)
        painter.drawLine(QPointF(zero.x(), here.y()), here)
        path = QPainterPath(self.place_of(self._curve[0]))
        for point in self._curve[1:]:
            path.lineTo(self.place_of(point))
        painter.setPen(QPen(QColor(now.series[0]), 2))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.series[1]))
        painter.drawEllipse(here, 4, 4)
        painter.end()
