"""Going through the cells of a matrix one after the other: by a step, or by itself."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.theme import S4, S16

_SPEEDS = (0.5, 1, 2, 4, 8)
"""Cells a second."""


class Walk(QWidget):
    """A place in a matrix, with buttons back, play and on; it stands still while it can't be seen."""

    moved = Signal(int, int)
    """The row and the column of the place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = self._count = 1
        self._at = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self._go_to(self._at + 1))
        self._back = _button("walkBack", _("One place back"), "chevron-left")
        self._play = _button("walkPlay", _("Play"), "play")
        self._on = _button("walkOn", _("One place on"), "chevron-right")
        self._speed = Dial("walkSpeed", _("Speed"), _SPEEDS, _("{:g} a second").format)
        self._speed.choose(2)
        self._speed.setMaximumWidth(180)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S4)
        for button in (self._back, self._play, self._on):
            row.addWidget(button)
        row.addSpacing(S16)
        row.addWidget(self._speed)
        self._back.clicked.connect(lambda: self._step(-1))
        self._on.clicked.connect(lambda: self._step(1))
        self._play.clicked.connect(self._toggle)
        self._speed.turned.connect(self._keep_speed)

    @property
    def place(self) -> tuple[int, int]:
        """Row and column."""
        return divmod(self._at, self._columns)

    def set_size(self, rows: int, columns: int) -> None:
        """Walk through a matrix of another size; the place stays where it can."""
        row, column = self.place
        self._columns, self._count = max(1, columns), max(1, rows * columns)
        self._at = min(row, rows - 1) * self._columns + min(column, columns - 1) if rows * columns else 0

    def go(self, row: int, column: int) -> None:
        """Stand at a place, such as the one that is pointed at; playing ends."""
        self._stop()
        self._go_to(row * self._columns + column)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()

    def _step(self, by: int) -> None:
        self._stop()
        self._go_to(self._at + by)

    def _go_to(self, at: int) -> None:
        self._at = at % self._count
        self.moved.emit(*self.place)

    def _toggle(self) -> None:
        if self._timer.isActive():
            self._stop()
            return
        self._keep_speed()
        self._timer.start()
        self._show_playing(True)

    def _stop(self) -> None:
        self._timer.stop()
        self._show_playing(False)

    def _show_playing(self, is_playing: bool) -> None:
        set_icon(self._play, "pause" if is_playing else "play")
        self._play.setToolTip(_("Pause") if is_playing else _("Play"))
        self._play.setAccessibleName(self._play.toolTip())

    def _keep_speed(self) -> None:
        self._timer.setInterval(round(1000 / self._speed.value))


def _button(object_name: str, name: str, icon: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(object_name)
    button.setToolTip(name)
    button.setAccessibleName(name)
    set_icon(button, icon)
    return button
