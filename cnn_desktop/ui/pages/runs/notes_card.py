"""Tags and notes of a run, kept as soon as the person stops typing or goes elsewhere."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.train.runs.notes import RunNotes, parse_tags
from cnn_desktop.ui.widgets.card import Card, labelled

_PATIENCE = 800
"""Milliseconds after the last key."""


class NotesCard(Card):
    """Edits the notes of one run at a time."""

    changed = Signal(Path, RunNotes)
    """These notes of this run are to be kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._run: Path | None = None
        self._known = RunNotes()
        self.tags = QLineEdit()
        self.tags.setObjectName("runTags")
        self.tags.setPlaceholderText(_("baseline, for the talk"))
        self._completions = QStringListModel(self)
        self._offer_completions()
        self.text = QPlainTextEdit()
        self.text.setObjectName("runNotes")
        self.text.setPlaceholderText(_("What was tried, and what came of it"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(84)
        self.body.addLayout(labelled(_("Tags, with commas between them"), self.tags))
        self.body.addLayout(labelled(_("Notes"), self.text))
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self.flush)
        self.tags.textEdited.connect(lambda _text: self._timer.start())
        self.text.textChanged.connect(self._timer.start)
        self.tags.installEventFilter(self)
        self.text.installEventFilter(self)

    def show_notes(self, run: Path | None, notes: RunNotes) -> None:
        """Show the notes of `run`, after keeping what was typed for another; what is being typed isn't disturbed."""
        if run == self._run and (self._timer.isActive() or notes == self._known):
            return
        self.flush()
        self._run, self._known = run, notes
        with QSignalBlocker(self.text):
            self.text.setPlainText(notes.text)
        self.tags.setText(", ".join(notes.tags))

    def offer_tags(self, tags: tuple[str, ...]) -> None:
        """Complete what is typed with tags that other runs have."""
        self._completions.setStringList(list(tags))

    def flush(self) -> None:
        """Have what was typed kept now."""
        self._timer.stop()
        notes = RunNotes(text=self.text.toPlainText().strip(), tags=parse_tags(self.tags.text()))
        if self._run is not None and notes != self._known:
            self._known = notes
            self.changed.emit(self._run, notes)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def _offer_completions(self) -> None:
        completer = QCompleter(self._completions, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tags.setCompleter(completer)
