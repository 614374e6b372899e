"""Beside the list: one run with its curves, notes and settings, or what differs between several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.runs.comparison_table import ComparisonTable
from cnn_desktop.ui.pages.runs.curves_card import CurvesCard
from cnn_desktop.ui.pages.runs.head_card import HeadCard
from cnn_desktop.ui.pages.runs.looking import Looked
from cnn_desktop.ui.pages.runs.notes_card import NotesCard
from cnn_desktop.ui.pages.runs.rows import RunRow
from cnn_desktop.ui.pages.runs.run_actions import RunActions
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.facts_grid import FactsGrid

MOST_COMPARED = 12
"""As many lines as a chart can tell apart."""


class DetailPanel(QScrollArea):
    """Shows what is selected; curves arrive later, from a job."""

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(356)
        self.head = HeadCard(actions)
        self.curves = CurvesCard()
        self.notes = NotesCard()
        self.settings = FactsGrid(_("Settings of the run"))
        self._settings_card = _card(_("Settings"), self.settings)
        self.comparison = ComparisonTable()
        self._comparison_card = _card(_("What differs"), self.comparison)
        self.curves.drawn.connect(self.comparison.show_values)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        for card in (self.head, self.curves, self._comparison_card, self.notes, self._settings_card):
            column.addWidget(card)
        column.addStretch()
        self.setWidget(content)

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs; their curves come by `show_curves`."""
        if len(rows) == 1:
            self._show_one(rows[0])
        else:
            self.notes.flush()
            self.head.show_many(rows, MOST_COMPARED)
            self.comparison.show_runs(rows[:MOST_COMPARED])
        for card in (self.notes, self._settings_card):
            card.setVisible(len(rows) == 1)
        self._comparison_card.setVisible(len(rows) > 1)

    def show_curves(self, looked: Looked) -> None:
        """Draw the curves of what is shown."""
        self.curves.show_runs(looked.curves)

    def _show_one(self, row: RunRow) -> None:
        from cnn_desktop.train.runs.comparing import settings_in_use

        self.head.show_one(row)
        self.notes.show_notes(row.path, row.notes)
        self.settings.show_facts([(setting.title, setting.value or "") for setting in settings_in_use(row.run.config)])


def _card(title: str, content: QWidget) -> Card:
    card = Card(title)
    card.body.addWidget(content)
    return card
