"""How much the curves are smoothed: a mean over one step, two, four, and so on."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import caption

_MOST = 14


class Smoothing(QWidget):
    """A slider for the number of steps whose mean is drawn; `changed` carries it."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = caption()
        self._text.setObjectName("smoothingText")
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("smoothingSlider")
        self._slider.setAccessibleName(_("Smoothing of the curves"))
        self._slider.setToolTip(_("Over how many steps the strong curves are a mean; the pale one shows every step."))
        self._slider.setRange(0, _MOST)
        self._slider.setFixedWidth(72)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(self._text)
        row.addWidget(self._slider)
        self._slider.setValue(4)
        self._say()
        self._text.setFixedWidth(self._text.fontMetrics().horizontalAdvance(_words(2**_MOST)))
        self._slider.valueChanged.connect(self._on_value)

    @property
    def steps(self) -> int:
        """The number of steps."""
        return 2 ** self._slider.value()

    def suit(self, total_steps: int) -> None:
        """Choose what suits a run: about a sixtieth of it."""
        self._slider.setValue(round(math.log2(min(4096, max(4, total_steps / 64)))))

    def _on_value(self) -> None:
        self._say()
        self.changed.emit(self.steps)

    def _say(self) -> None:
        self._text.setText(_words(self.steps))


def _words(steps: int) -> str:
    return _("not smoothed") if steps == 1 else _("mean of {steps:,} steps").format(steps=steps)
