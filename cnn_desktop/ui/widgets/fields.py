"""Number fields and pickers that read like text and are not changed by a passing wheel."""

import math

from PySide6.QtCore import QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.elided_combo import ElidedComboBox


class _WheelGuard(QObject):
    """Lets the wheel scroll the page and not change the field under it, until the field is clicked."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _prepare(field: QAbstractSpinBox | QComboBox, object_name: str) -> None:
    field.setObjectName(object_name)
    field.setMinimumWidth(64)  # Qt would keep room for the longest number that the range allows
    if isinstance(field, QAbstractSpinBox):
        field.lineEdit().setTextMargins(6, 0, 0, 0)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_WheelGuard(field))


class Picker(ElidedComboBox):
    """A picker whose entries carry their registered name as data."""

    def __init__(self, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _prepare(self, object_name)

    @override
    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 32)
        super().showPopup()

    def choose(self, data: str) -> bool:
        """Choose the entry with that data; False when there is none."""
        index = self.findData(data)
        if index >= 0:
            self.setCurrentIndex(index)
        return index >= 0

    def choice(self) -> str:
        """The data of the chosen entry; empty when nothing is chosen."""
        return self.currentData() or ""


class CountSpin(QSpinBox):
    """A whole number; where `zero_text` is given, 0 is shown as that."""

    def __init__(
        self, object_name: str, low: int, high: int, zero_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        _prepare(self, object_name)
        self.setRange(low, high)
        self.setGroupSeparatorShown(True)
        self.setSpecialValueText(zero_text)


class RateSpin(QDoubleSpinBox):
    """A small positive number, written without trailing zeros; the arrows go 1, 2, 5, 10."""

    def __init__(self, object_name: str, low: float, high: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _prepare(self, object_name)
        self.setLocale(QLocale.c())
        self.setDecimals(8)
        self.setRange(low, high)

    @override
    def textFromValue(self, value: float) -> str:
        text = f"{value:.8f}".rstrip("0")
        return text + "0" if text.endswith(".") else text

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
            is_typing = set(text) <= set("0123456789.e+-")
            return (QValidator.State.Intermediate if is_typing else QValidator.State.Invalid, text, position)
        fits = self.minimum() <= number <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate, text, position)

    @override
    def stepBy(self, steps: int) -> None:
        value = self.value()
        for _step in range(abs(steps)):
            value = _next_round(value, up=steps > 0)
        self.setValue(value)


class ShareSpin(QDoubleSpinBox):
    """A share of 1, shown and typed as a percentage; 0 may have a text of its own."""

    def __init__(self, object_name: str, high: float, zero_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _prepare(self, object_name)
        self.setLocale(QLocale.c())
        self.setDecimals(4)
        self.setRange(0.0, high)
        self.setSingleStep(0.05)
        self.setSpecialValueText(zero_text)

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
