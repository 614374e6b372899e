"""A slider for a count, as an editor of a setting."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.fields import WheelGuard


class CountSlider(QSlider):
    """A whole number from 0 to the maximum, where 0 reads as `zero_text`; a passing wheel doesn't change it."""

    edited = Signal()

    def __init__(self, object_name: str, zero_text: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName(object_name)
        self.setMinimumHeight(24)
        self.setPageStep(1)
        self._zero_text = zero_text
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(WheelGuard(self))
        self.valueChanged.connect(lambda _value: self.edited.emit())

    def read(self) -> int:
        """The number."""
        return self.value()

    def write(self, value: int) -> None:
        """Hold the number; the range grows where it must."""
        self.setMaximum(max(value, self.maximum()))
        self.setValue(value)

    def words(self, value: int) -> str:
        """“3 of 8”."""
        return _("{count} of {most}").format(count=value, most=self.maximum()) if value else self._zero_text
