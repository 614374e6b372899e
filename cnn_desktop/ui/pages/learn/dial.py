"""A slider over a few values, with its name and the value as a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from cnn_desktop.ui.theme import S4
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.fields import WheelGuard


class Dial(QWidget):
    """One of `values`, chosen by dragging or with the arrow keys.

    Args:
        object_name: of the slider.
        title: what it changes.
        values: all that can be chosen, in their order.
        text: how a value reads.
    """

    turned = Signal()

    def __init__(
        self,
        object_name: str,
        title: str,
        values: Sequence[float],
        text: Callable[[float], str] = "{:g}".format,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values = tuple(values)
        self._text = text
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(object_name)
        self.slider.setAccessibleName(title)
        self.slider.setRange(0, len(self._values) - 1)
        self.slider.setPageStep(1)
        self.slider.setMinimumHeight(20)
        self.slider.setMinimumWidth(96)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.installEventFilter(WheelGuard(self.slider))
        self._value = QLabel()
        self._value.setProperty("role", "strong")
        names = QHBoxLayout()
        names.addWidget(caption(title))
        names.addStretch()
        names.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addLayout(names)
        column.addWidget(self.slider)
        self.slider.valueChanged.connect(self._on_moved)
        self._show()

    @property
    def value(self) -> float:
        """What is chosen."""
        return self._values[self.slider.value()]

    @property
    def whole(self) -> int:
        """What is chosen, as a whole number."""
        return round(self.value)

    def choose(self, value: float) -> None:
        """Choose the nearest of the values; nobody is told."""
        nearest = min(range(len(self._values)), key=lambda place: abs(self._values[place] - value))
        self.slider.blockSignals(True)
        self.slider.setValue(nearest)
        self.slider.blockSignals(False)
        self._show()

    def _on_moved(self) -> None:
        self._show()
        self.turned.emit()

    def _show(self) -> None:
        text = self._text(self.value)
        self._value.setText(text)
        self.slider.setAccessibleDescription(text)
