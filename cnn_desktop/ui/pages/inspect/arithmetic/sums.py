"""The numbers on the way to the result, and torch's own beside what was written out."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import caption, value_label
from cnn_desktop.ui.widgets.elided_label import ElidedLabel

_NARROWEST_TEXT = 132
"""Pixels that the texts are given up to, however little room there is."""


class Line(NamedTuple):
    """A row: what it is, the number as it is shown, and where torch has one, torch's."""

    text: str
    value: str
    torch: str = ""
    agrees: bool = True


class Sums(QWidget):
    """Rows that can be replaced as often as the cell changes; labels are kept, only their texts change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sums")
        self.setAccessibleName(_("How the number is put together"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S16)
        self._grid.setVerticalSpacing(S4)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self.lines: tuple[Line, ...] = ()
        self._is_narrow = False

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these in place of the earlier ones."""
        self.lines = lines
        while len(self._rows) < len(lines):
            self._add_row()
        for number, row in enumerate(self._rows):
            for label in row:
                label.setVisible(number < len(lines))
        for line, (text, value, torch) in zip(lines, self._rows, strict=False):
            text.setText(line.text)
            text.setMinimumWidth(min(text.sizeHint().width(), _NARROWEST_TEXT))
            value.setText(line.value)
            _give_role(value, "strong" if line.torch else "value")
            torch.setText(self._torch_says(line))
            torch.setToolTip(_torch_says(line))
            _give_role(torch, "ok" if line.agrees else "error")
        self.updateGeometry()

    def set_narrow(self, is_narrow: bool) -> None:
        """Say with a mark alone that torch has the same number, or with that number."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.show_lines(self.lines)

    def _torch_says(self, line: Line) -> str:
        return _torch_says(line)[-1:] if self._is_narrow and line.agrees else _torch_says(line)

    def _add_row(self) -> None:
        number = len(self._rows)
        labels = ElidedLabel(), value_label(), caption()
        for column, label in enumerate(labels):
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(label, number, column)
        labels[1].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._rows.append(labels)


def _torch_says(line: Line) -> str:
    if not line.torch:
        return ""
    text = _("torch says {value} ✓") if line.agrees else _("torch says {value}")
    return text.format(value=line.torch)


def _give_role(label: QLabel, role: str) -> None:
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)
