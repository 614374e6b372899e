"""A row of buttons of which one is down."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from cnn_desktop.ui.theme import S4


class Choices(QWidget):
    """One of a few things by name; `chosen` comes when a person chose another one, or the same again.

    Args:
        object_name: what the buttons' names begin with.
        title: what is chosen, for screen readers.
        entries: name and text of each.
    """

    chosen = Signal(str)

    def __init__(
        self, object_name: str, title: str, entries: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S4)
        for name, text in entries:
            button = QPushButton(text)
            button.setObjectName(f"{object_name}{name[:1].upper()}{name[1:].replace(' ', '')}")
            button.setProperty("role", "segment")
            button.setAccessibleName(text)
            button.setAccessibleDescription(title)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)
        row.addStretch()
        next(iter(self._buttons.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The name of what is chosen; empty where none is."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, name: str) -> None:
        """Hold the button of `name` down, or with an empty name none; nobody is told."""
        self._group.setExclusive(bool(name))
        for other, button in self._buttons.items():
            button.setChecked(other == name)
        self._group.setExclusive(True)

    def choose_first(self) -> None:
        """Hold the first button down; nobody is told."""
        self.choose(next(iter(self._buttons)))
