"""What a person may do to the numbers of a matrix, and the field in which one is typed."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override


@dataclass(frozen=True)
class Editing:
    """Which numbers a cell may hold.

    Args:
        choices: the only ones, such as (-1, 1): a click or Space goes on to the next.
        low, high, step: the range where there are no choices.
    """

    choices: tuple[float, ...] = ()
    low: float = -99.0
    high: float = 99.0
    step: float = 1.0

    def stepped(self, value: float, steps: int) -> float:
        """The number so many steps on; choices go round."""
        if not self.choices:
            return min(self.high, max(self.low, value + steps * self.step))
        nearest = min(range(len(self.choices)), key=lambda index: abs(self.choices[index] - value))
        return self.choices[(nearest + steps) % len(self.choices)]

    def nearest(self, value: float) -> float:
        """The number that is allowed and nearest."""
        if self.choices:
            return min(self.choices, key=lambda choice: abs(choice - value))
        return min(self.high, max(self.low, value))


class CellField(QLineEdit):
    """Lies over a cell while its number is typed: Enter takes it, Escape doesn't, Up and Down step."""

    done = Signal(float)
    left = Signal()

    def __init__(self, parent: QWidget, rules: Editing) -> None:
        super().__init__(parent)
        self.setObjectName("cellField")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._rules = rules
        self.hide()

    def open(self, place: QRect, text: str, *, is_typed: bool) -> None:
        """Show the field over a cell, with what was typed, or with the number selected."""
        self.setGeometry(place)
        self.setText(text)
        self.show()
        self.setFocus()
        if not is_typed:
            self.selectAll()

    def close_quietly(self) -> None:
        """Forget what was typed."""
        self.clear()
        self.hide()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_quietly()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and (value := self._typed()) is not None:
            self.setText(f"{self._rules.stepped(value, 1 if event.key() == Qt.Key.Key_Up else -1):g}")
        else:
            super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        # Escape belongs to the field while it is open, not to a shortcut of the window.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible():
            self._take()

    def _take(self) -> None:
        value = self._typed()
        self.close_quietly()
        if value is not None:
            self.done.emit(value)

    def _typed(self) -> float | None:
        """The number; None where the text isn't one."""
        try:
            value = float(self.text().replace(",", "."))
        except ValueError:
            return None
        return value if math.isfinite(value) else None
