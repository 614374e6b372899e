"""Small grey labels, each beside its value."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import caption, value_label

_WIDE = 430
"""Pixels from which on there is room for two facts in a row."""


class FactsGrid(QWidget):
    """Names and values, in one column or in two, as there is room; they can be replaced as often as needed.

    Args:
        name: what the table tells, for screen readers.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S16)
        self._grid.setVerticalSpacing(S4)
        self._is_wide = False
        self._facts: tuple[tuple[str, str], ...] = ()
        self._labels: list[tuple[QLabel, QLabel]] = []

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is shown: names and values."""
        return self._facts

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these in the place of the earlier ones."""
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        for pair in self._labels:
            for label in pair:
                label.hide()
                label.deleteLater()
        self._labels = [(caption(name), _value(text, name)) for name, text in facts]
        self._arrange()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._arrange()

    def _arrange(self) -> None:
        """Down the first column, then down the second."""
        while self._grid.takeAt(0) is not None:
            pass
        rows = -(-len(self._labels) // 2) if self._is_wide else len(self._labels)
        for number, (name, value) in enumerate(self._labels):
            column, row = divmod(number, max(1, rows))
            self._grid.addWidget(name, row, 2 * column, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 2 * column + 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1 if self._is_wide else 0)


def _value(text: str, name: str) -> QLabel:
    label = value_label(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    label.setAccessibleName(f"{name}: {text}")
    return label
