"""What each channel adds to a number, as bars: all of them, or those that add most."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import colors

if TYPE_CHECKING:
    import numpy as np

_NARROWEST, _WIDEST = 3.0, 28.0
"""Pixels of a bar with the gap beside it."""
_NARROWEST_NAMED, _ENOUGH, _WIDEST_NAMED, _NAME = 12.0, 56.0, 84.0, 20
"""The same where names are written below, whole ones or what there is room for, and the height of these."""
_HEIGHT = 36


class ContributionStrip(QWidget):
    """A bar a channel, upwards for what adds and downwards for what takes away; a click or the arrow keys choose."""

    chosen = Signal(int)
    """The place of a channel in what was shown."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._values: np.ndarray | None = None
        self._order: np.ndarray | None = None
        self._ends = 0.0, 0.0
        """The lowest and the highest value, and 0."""
        self.places: list[int] = []
        """Those whose bars are shown, from left to right."""
        self._name_of: Callable[[int], str] = str
        self._current = -1
        self._hovered = -1
        self._writes_names = False
        self.is_sorted = True
        self.has_names = False
        """Whether names are written below the bars where there is room."""

    def __len__(self) -> int:
        """How many there are, shown or not."""
        return 0 if self._values is None else len(self._values)

    def show_values(self, values: np.ndarray, order: np.ndarray, name_of: Callable[[int], str], current: int) -> None:
        """Show a bar for each of `values`.

        Args:
            values: float N.
            order: int N, the places of `values`, those furthest from zero first.
            name_of: what the one at a place is called.
            current: the place that is looked at, or -1.
        """
        import numpy as np

        self._values, self._order, self._name_of, self._current = values, order, name_of, current
        finite = np.where(np.isfinite(values), values, 0.0)
        self._ends = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
        self._describe()
        self._choose_bars()

    def set_sorted(self, is_sorted: bool) -> None:
        """Show those first that count most, or all in their own order."""
        self.is_sorted = is_sorted
        self._choose_bars()

    def _choose_bars(self) -> None:
        """Take as many as there is room for; in their own order, too, those that count most."""
        if self._order is not None:
            chosen = [int(place) for place in self._order[: max(1, int(self.width() / _NARROWEST))]]
            self.places = chosen if self.is_sorted else sorted(chosen)
            self._writes_names = self._has_room_for_names()
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_bars()

    def text_at(self, place: int) -> str:
        """What a tool tip says of a bar."""
        assert self._values is not None
        return _("{name}: {value:.5g}").format(name=self._name_of(place), value=float(self._values[place]))

    def bar(self, number: int) -> QRectF:
        """Where the bar with that number from the left is drawn."""
        assert self._values is not None
        pitch, room = self._pitch, self.height() - 2 - (_NAME if self._writes_names else 0)
        low, high = self._ends
        extent = (high - low) or 1.0
        zero = 1 + room * high / extent
        value = float(self._values[self.places[number]])
        length = room * (0.0 if math.isnan(value) else min(max(value, low), high)) / extent
        width = pitch - (1 if pitch < 8 else 2)
        return QRectF(number * pitch, zero - max(length, 0), width, max(abs(length), 1.0))

    @property
    def _pitch(self) -> float:
        widest = _WIDEST_NAMED if self.has_names else _WIDEST
        return max(_NARROWEST, min(widest, self.width() / max(1, len(self.places))))

    def _has_room_for_names(self) -> bool:
        if not self.has_names or self._pitch < _NARROWEST_NAMED:
            return False
        widest = max(self.fontMetrics().horizontalAdvance(self._name_of(place)) for place in self.places)
        return self._pitch >= min(_ENOUGH, widest + 4)

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._values is None:
            return
        now, painter = colors(), QPainter(self)
        for number, place in enumerate(self.places):
            bar = self.bar(number)
            if place in (self._current, self._hovered):
                column = QRectF(bar.left() - 1, 0, bar.width() + 2, self.height())
                painter.fillRect(column, QColor(now.accent_soft if place == self._current else now.hover))
            adds = self._values[place] >= 0
            color = QColor(now.accent if place == self._current else now.series[2] if adds else now.series[1])
            painter.fillRect(bar, color)
            if self._writes_names:
                self._write_name(painter, bar, place)
        painter.end()

    def _write_name(self, painter: QPainter, bar: QRectF, place: int) -> None:
        painter.setPen(QColor(colors().text if place == self._current else colors().muted))
        name = self.fontMetrics().elidedText(self._name_of(place), Qt.TextElideMode.ElideRight, int(bar.width()))
        area = QRectF(bar.left(), self.height() - _NAME, bar.width(), _NAME)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, name)

    def _at(self, point: QPointF) -> int:
        number, places = int(point.x() // self._pitch), self.places
        return places[number] if 0 <= number < len(places) else -1

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place != self._hovered:
            self._hovered = place
            self.update()
        if place < 0:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint() + QPoint(12, 12), self.text_at(place), self)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._choose(place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        places = self.places
        if step is None or not places:
            super().keyPressEvent(event)
            return
        here = places.index(self._current) if self._current in places else -step
        self._choose(places[min(max(here + step, 0), len(places) - 1)])

    def _choose(self, place: int) -> None:
        self._current = place
        self._describe()
        self.update()
        self.chosen.emit(place)

    def _describe(self) -> None:
        has_current = self._values is not None and 0 <= self._current < len(self._values)
        self.setAccessibleDescription(self.text_at(self._current) if has_current else "")
