"""The last pictures on a card: a strip to go back to them, Export table… and Clear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.pictures import GivenPicture
from cnn_desktop.ui.pages.predict.history.entries import HistoryEntries, HistoryEntry
from cnn_desktop.ui.pages.predict.history.strip import HistoryStrip
from cnn_desktop.ui.pages.predict.history.table_file import write_table
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_label import ElidedLabel


class HistoryCard(Card):
    """Hidden while there is nothing to remember."""

    asked = Signal(object)
    """A `HistoryEntry` whose picture the person wants to see again."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(_("History"), parent)
        self._context = context
        self._writing = JobRunner(self)
        self._entries = HistoryEntries(self)
        self.strip = HistoryStrip(self._entries)
        self._said = ElidedLabel()
        self._said.setObjectName("historySaid")
        self.header.insertWidget(1, self._said, 1)
        self._add_link("exportHistory", _("Export table…"), self._browse_target)
        self._add_link("clearHistory", _("Clear"), self.clear)
        self.body.addWidget(self.strip)
        self.strip.asked.connect(self.asked)
        self.hide()

    @property
    def entries(self) -> tuple[HistoryEntry, ...]:
        """What is remembered, newest first."""
        return self._entries.entries

    def remember(self, entry: HistoryEntry) -> None:
        """Put an entry first, or in the place of the one about the same picture."""
        self._said.clear()
        self.strip.show_place(self._entries.remember(entry))
        self.show()

    def show_asked(self, given: GivenPicture, *, is_inverted: bool) -> None:
        """Mark the picture that is shown, if it is remembered."""
        places = (place for place, entry in enumerate(self.entries) if entry.is_of(given, is_inverted=is_inverted))
        self.strip.show_place(next(places, -1))

    def step(self, by: int) -> None:
        """Ask for the next picture, newer or, with -1, older, than the one that is shown."""
        place = self.strip.shown_place - by
        if 0 <= place < len(self.entries):
            self.asked.emit(self.entries[place])

    def show_threshold(self, unsure_below: float) -> None:
        """Call answers unsure that are less probable than this, 0…1."""
        self._entries.show_threshold(unsure_below)

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self.strip.show_place(-1)
        self.hide()

    def export(self, target: Path) -> None:
        """Write what is remembered as a table, in the background."""
        self._writing.start(
            write_table,
            target,
            self.entries,
            self._entries.unsure_below,
            on_done=lambda _answer: self._said.setText(_("Written to {file}").format(file=target)),
            on_error=lambda error: self._context.notify(
                _("The table can't be written to {file}: {reason}.").format(file=target, reason=one_line(error))
            ),
        )

    def shutdown(self) -> None:
        """Await what is being written."""
        self._writing.wait()

    def _browse_target(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(
            self, _("Export table"), "predictions.csv", _("Table (*.csv);;JSON (*.json)")
        )
        if chosen:
            self.export(Path(chosen))

    def _add_link(self, name: str, text: str, action: Callable[[], None]) -> None:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setProperty("role", "link")
        button.setProperty("place", "caption")
        button.clicked.connect(action)
        self.header.addWidget(button)
