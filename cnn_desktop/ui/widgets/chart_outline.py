"""The outline of a growing line as a polygon, to which only what is new is added."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPolygonF

from cnn_desktop.ui.widgets.chart_series import Points


class Outline:
    """Follows one `Points`; making every corner anew at every drawing would cost more than the drawing."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._generation = points.generation
        self._polygon = QPolygonF()

    def polygon(self) -> QPolygonF:
        """Two corners a bucket, in values; not to be changed."""
        if self._generation != self._points.generation:
            self._generation = self._points.generation
            self._polygon.clear()
        first = max(0, self._polygon.size() // 2 - 1)  # the last bucket may have grown
        while self._polygon.size() > 2 * first:
            self._polygon.removeLast()
        for x, y in self._points.outline(first):
            self._polygon.append(QPointF(x, y))
        return self._polygon
