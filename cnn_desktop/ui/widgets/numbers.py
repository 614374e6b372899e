"""Number fields that read like text and are not changed by a passing wheel."""

import math

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.fields import prepare_field


class CountSpin(QSpinBox):
    """A whole number; where `zero_text` is given, 0 is shown as that, and may stand for None."""

    edited = Signal()

    def __init__(
        self,
        object_name: str,
        low: int,
        high: int,
        zero_text: str = "",
        *,
        zero_is_none: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        prepare_field(self, object_name)
        self._zero_is_none = zero_is_none
        self.setRange(low, high)
        self.setGroupSeparatorShown(True)
        self.setSpecialValueText(zero_text)
        self.valueChanged.connect(lambda _value: self.edited.emit())

    def read(self) -> int | None:
        """The number; None for 0 where 0 stands for it."""
        return self.value() or (None if self._zero_is_none else 0)

    def write(self, value: int | None) -> None:
        """Show the number, or the nearest in range."""
        self.setValue(min(value or 0, self.maximum()))

    def words(self, value: int | None) -> str:
        """The number as it is shown."""
        if not value and self.specialValueText():
            return self.specialValueText()
        return f"{value or 0:,}{self.suffix()}"


class RateSpin(QDoubleSpinBox):
    """A small positive number, written without trailing zeros; the arrows go 1, 2, 5, 10, or by `step`."""

    edited = Signal()

    def __init__(
        self,
        object_name: str,
        low: float,
        high: float,
        zero_text: str = "",
        *,
        step: float = 0.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        prepare_field(self, object_name)
        self._step = step
        self.setLocale(QLocale.c())
        self.setDecimals(8)
        self.setRange(low, high)
        self.setSpecialValueText(zero_text)
        self.valueChanged.connect(lambda _value: self.edited.emit())

    def read(self) -> float:
        """The number."""
        return self.value()

    def write(self, value: float) -> None:
        """Show the number, to eight decimals."""
        self.setValue(value)

    def words(self, value: float) -> str:
        """The number as it is shown."""
        return self.specialValueText() if not value and self.specialValueText() else self.textFromValue(value)

    @override
    def textFromValue(self, value: float) -> str:
        text = f"{value:.8f}".rstrip("0")
        if not text.endswith("."):
            return text
        return text[:-1] if self._step else text + "0"

    @override
    def valueFromText(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return self.value()

    @override
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        try:
            number = float(text)
        except ValueError:  # "1e-" is on its way to 1e-4
            is_typing = set(text) <= set("0123456789.e+-") or self.specialValueText().startswith(text)
            return (QValidator.State.Intermediate if is_typing else QValidator.State.Invalid, text, position)
        fits = self.minimum() <= number <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate, text, position)

    @override
    def stepBy(self, steps: int) -> None:
        if self._step:
            self.setValue(self.value() + steps * self._step)
            return
        value = self.value()
        for _step in range(abs(steps)):
            value = _next_round(value, up=steps > 0)
        self.setValue(value)


class ShareSpin(QDoubleSpinBox):
    """A share of 1, shown and typed as a percentage; the lowest may have a text of its own."""

    edited = Signal()

    def __init__(
        self, object_name: str, high: float, zero_text: str = "", *, low: float = 0.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        prepare_field(self, object_name)
        self.setLocale(QLocale.c())
        self.setDecimals(4)
        self.setRange(low, high)
        self.setSingleStep(0.05)
        self.setSpecialValueText(zero_text)
        self.valueChanged.connect(lambda _value: self.edited.emit())

    def read(self) -> float:
        """The share."""
        return self.value()

    def write(self, value: float) -> None:
        """Show the share, to a hundredth of a per cent."""
        self.setValue(value)

    def words(self, value: float) -> str:
        """The share as it is shown."""
        return self.specialValueText() if not value and self.specialValueText() else self.textFromValue(value)

    @override
    def textFromValue(self, value: float) -> str:
        return _("{percent:g} %").format(percent=round(100 * value, 2))

    @override
    def valueFromText(self, text: str) -> float:
        try:
            return float(text.replace("%", "").strip()) / 100
        except ValueError:
            return self.value()

    @override
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        is_typing = set(text) <= set("0123456789. %") or self.specialValueText().startswith(text)
        return (QValidator.State.Acceptable if is_typing else QValidator.State.Invalid, text, position)


def _next_round(value: float, *, up: bool) -> float:
    if value <= 0:
        return 1e-5 if up else 0.0
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    candidates = [factor * power for factor in (0.5, 1, 2, 5, 10)]
    if up:
        return next(candidate for candidate in candidates if candidate > value * (1 + 1e-9))
    return next(candidate for candidate in reversed(candidates) if candidate < value * (1 - 1e-9))
