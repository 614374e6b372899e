"""A slider for a number in equal steps, with the number as a person reads it beside it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.fields import WheelGuard


class MeasureSlider(QWidget):
    """A number from 0 to `high` in steps of `step`; a passing wheel doesn't change it.

    Args:
        object_name: of the slider itself; its value's label is called that with `Value` behind.
        high: the largest number.
        step: what an arrow key changes.
        text: how a number above 0 reads.
    """

    edited = Signal()

    def __init__(
        self,
        object_name: str,
        high: float,
        step: float,
        text: Callable[[float], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._step = step
        self._text = text
        self._held = 0.0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(object_name)
        self.slider.setRange(0, round(high / step))
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        self.slider.setMinimumHeight(20)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.installEventFilter(WheelGuard(self.slider))
        self.value = QLabel()
        self.value.setObjectName(f"{object_name}Value")
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._on_moved)
        self._show(0.0)

    def set_title(self, title: str) -> None:
        """What the slider is called for those who hear the window."""
        self.setAccessibleName(title)
        self.slider.setAccessibleName(title)

    def read(self) -> float:
        """The number; one that was written comes back exactly, though it lies between two steps."""
        return self._held

    def write(self, value: float) -> None:
        """Hold the number."""
        was, self._held = self._held, value
        self.slider.blockSignals(True)
        self.slider.setValue(round(value / self._step))
        self.slider.blockSignals(False)
        self._show(value)
        if value != was:
            self.edited.emit()

    def words(self, value: float) -> str:
        """The number as it is shown."""
        return self._text(value) if value else _("off")

    def _at(self, position: int) -> float:
        return round(position * self._step, 6)

    def _on_moved(self, position: int) -> None:
        self._held = self._at(position)
        self._show(self._held)
        self.edited.emit()

    def _show(self, value: float) -> None:
        self.value.setText(self.words(value))
        role = "value" if value else "caption"
        if self.value.property("role") != role:
            self.value.setProperty("role", role)
            self.value.style().unpolish(self.value)
            self.value.style().polish(self.value)
        self.slider.setAccessibleDescription(self.words(value))
