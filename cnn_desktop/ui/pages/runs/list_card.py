"""The list of runs under its search box."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.runs.rows import RunRow
from cnn_desktop.ui.pages.runs.runs_model import RunsModel
from cnn_desktop.ui.pages.runs.runs_table import RunsTable
from cnn_desktop.ui.widgets.card import Card, caption


class ListCard(Card):
    """Search box, table, and how many runs there are."""

    damaged_asked = Signal()
    """The person wants to know about the runs that can't be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setMinimumWidth(424)
        self.model = RunsModel(self)
        self.table = RunsTable(self.model)
        self.search = QLineEdit()
        self.search.setObjectName("runsSearch")
        self.search.setAccessibleName(_("Search runs"))
        self.search.setPlaceholderText(_("Search names, datasets, tags, notes"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self._count = caption()
        self._nothing = caption(_("No run holds all of these words."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._damaged = QPushButton()
        self._damaged.setObjectName("damagedRuns")
        self._damaged.setAccessibleName(_("Runs that can't be read"))
        self._damaged.setProperty("role", "link")
        self._damaged.clicked.connect(self.damaged_asked)
        self._damaged.hide()
        self.header.insertWidget(0, self.search, 1)
        self.header.addWidget(self._count)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._nothing, 1)
        self.body.addWidget(self._damaged, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_count()

    def show_rows(self, rows: Sequence[RunRow], damaged: int) -> None:
        """Show all runs, and that so many more can't be read."""
        self.model.show_rows(rows)
        text = ngettext("{count} run can't be read…", "{count} runs can't be read…", damaged).format(count=damaged)
        self._damaged.setText(text)
        self._damaged.setVisible(damaged > 0)
        self._show_count()

    def start_search(self) -> None:
        """Bring the keyboard to the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _search(self, text: str) -> None:
        self.model.search(text)
        self._show_count()

    def _show_count(self) -> None:
        shown, total = len(self.model.shown_rows), len(self.model.all_rows)
        text = ngettext("{count} run", "{count} runs", total).format(count=total)
        if shown < total:
            text = _("{shown} of {total}").format(shown=shown, total=total)
        self._count.setText(text)
        self.table.setVisible(shown > 0 or total == 0)
        self._nothing.setVisible(shown == 0 and total > 0)
