"""What a setting needs of the widget that changes it; pickers, switches and number fields are such widgets."""

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.elided_combo import ElidedComboBox


class Editor(Protocol):
    """A widget that holds one value."""

    @property
    def edited(self) -> Any:
        """A signal without arguments that comes with every change, a person's or the program's."""

    def read(self) -> Any:
        """The value."""
        ...

    def write(self, value: Any) -> None:
        """Hold `value`, or the nearest that the widget can show."""
        ...

    def words(self, value: Any) -> str:
        """How `value` reads in the widget."""
        ...


class WheelGuard(QObject):
    """Lets the wheel scroll the page and not change the field under it, until the field is clicked."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def prepare_field(field: QAbstractSpinBox | QComboBox, object_name: str) -> None:
    """What every field has: its name, room that doesn't depend on its range, and a guard against the wheel."""
    field.setObjectName(object_name)
    field.setMinimumWidth(64)  # Qt would keep room for the longest number that the range allows
    if isinstance(field, QAbstractSpinBox):
        field.lineEdit().setTextMargins(6, 0, 0, 0)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(WheelGuard(field))


class Picker(ElidedComboBox):
    """A picker whose entries carry their registered name as data."""

    edited = Signal()

    def __init__(
        self, object_name: str, entries: Mapping[str, str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        prepare_field(self, object_name)
        for data, text in (entries or {}).items():
            self.addItem(text, data)
        self.currentIndexChanged.connect(lambda _index: self.edited.emit())

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

    def read(self) -> str:
        """The data of the chosen entry."""
        return self.choice()

    def write(self, value: str) -> None:
        """Choose the entry with that data, or the first where there is none."""
        if not self.choose(value):
            self.setCurrentIndex(0)

    def words(self, value: str) -> str:
        """The text of the entry with that data."""
        index = self.findData(value)
        return self.itemText(index) if index >= 0 else value


class Switch(QCheckBox):
    """Yes or no."""

    edited = Signal()

    def __init__(self, object_name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName(object_name)
        self.setMinimumHeight(34)  # as tall as the fields beside it
        self.toggled.connect(lambda _on: self.edited.emit())

    def read(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    def write(self, value: bool) -> None:
        """Switch it on or off."""
        self.setChecked(value)

    def words(self, value: bool) -> str:
        """“on” or “off”."""
        return _("on") if value else _("off")
