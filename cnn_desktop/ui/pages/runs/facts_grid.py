"""Small grey labels, each above or beside its value."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import caption, value_label


class FactsGrid(QWidget):
    """Names in the first column, values in the others; what is shown can be replaced as often as needed.

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
        self._shown: tuple[tuple[str, ...], ...] = ()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """What is shown: in each row the name, then the values."""
        return self._shown

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows in the place of the earlier ones."""
        shown = tuple(tuple(row) for row in rows)
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, (name, *values) in enumerate(shown):
            self._grid.addWidget(caption(name), number, 0, Qt.AlignmentFlag.AlignTop)
            for column, value in enumerate(values, start=1):
                self._grid.addWidget(_value(value, name), number, column, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(max((len(row) for row in shown), default=2) - 1, 1)


def _value(text: str, name: str) -> QLabel:
    label = value_label(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    label.setAccessibleName(f"{name}: {text}")
    return label
