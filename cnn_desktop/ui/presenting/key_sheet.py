"""Every key that does something now, on one sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, S16, S20
from cnn_desktop.ui.widgets.card import Card

_MOST_HIGH = 0.7
"""Of the screen."""

Line = tuple[str, str]
"""Keys, and what they do."""

EVERYWHERE: tuple[Line, ...] = (
    (_("Tab, Shift+Tab"), _("next and previous field")),
    (_("↑ ↓ ← →"), _("through lists, pictures, maps, points")),
    (_("Enter, Space"), _("open, press, switch")),
    (_("Alt"), _("the menus")),
    (_("Esc"), _("leave presenter mode")),
)
OF_PAGES: dict[str, tuple[Line, ...]] = {
    "Inspect": (
        (_("↑ ↓ in the list"), _("another layer")),
        (_("arrows on a grid"), _("another map")),
        (_("arrows on a map"), _("another cell, or point")),
        (_("Space on the arithmetic"), _("play, or stand still")),
        (_("+ − 0 on the map"), _("nearer, away, everything")),
        (_("Shift+arrows"), _("move the map")),
        (_("Space on a point"), _("choose one more picture")),
    ),
    "Predict": ((_("arrows on the classes"), _("another class")),),
    "Data": ((_("Ctrl+A"), _("choose all pictures")), (_("Space"), _("choose one more"))),
}


def lines_of(menu: QMenu) -> list[Line]:
    """The shortcuts of a menu's actions that can be used now, and of the menus in it."""
    found: list[Line] = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found += lines_of(inner)
        elif action.isVisible() and (keys := _keys(action)):
            found.append((keys, action.text().replace("&", "")))
    return found


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(sequence.toString(native) for sequence in action.shortcuts())


class KeySheet(QDialog):
    """Groups of keys beside each other; Esc, Enter or ? closes.

    Args:
        bar: the window's menus.
        page: the name of the page that is shown.
    """

    def __init__(self, bar: QMenuBar, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keySheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        groups: list[tuple[str, Sequence[Line]]] = [(_("Everywhere"), EVERYWHERE)]
        if page in OF_PAGES:
            groups.append((_("On this page"), OF_PAGES[page]))
        for entry in bar.actions():
            menu = entry.menu()
            if isinstance(menu, QMenu) and (lines := lines_of(menu)):
                groups.append((entry.text().replace("&", ""), lines))
        self._lay_out(groups)

    def _lay_out(self, groups: list[tuple[str, Sequence[Line]]]) -> None:
        columns = [QVBoxLayout(), QVBoxLayout()]
        heights = [0, 0]
        for title, lines in groups:
            at = heights.index(min(heights))
            columns[at].addWidget(_group(title, lines))
            heights[at] += len(lines) + 2
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        for column in columns:
            column.setSpacing(S16)
            column.addStretch()
            row.addLayout(column, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(inside.sizeHint().width() + S20)
        area.setMinimumHeight(min(round(_MOST_HIGH * self.screen().size().height()), inside.sizeHint().height() + S8))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(_("Close"))
        close.setAccessibleName(_("Close"))
        column = QVBoxLayout(self)
        column.setContentsMargins(S20, S20, S20, S16)
        column.setSpacing(S16)
        column.addWidget(area, 1)
        column.addWidget(buttons)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Question:
            self.reject()
        else:
            super().keyPressEvent(event)


def _group(title: str, lines: Sequence[Line]) -> Card:
    card = Card(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(S20)
    grid.setVerticalSpacing(S4)
    grid.setColumnStretch(1, 1)
    for row, (keys, what) in enumerate(lines):
        key = QLabel(keys)
        font = QFont(key.font())
        font.setBold(True)
        key.setFont(font)
        grid.addWidget(key, row, 0)
        grid.addWidget(QLabel(what), row, 1)
    card.body.addLayout(grid)
    return card
