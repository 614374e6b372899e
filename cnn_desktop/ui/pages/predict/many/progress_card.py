"""How far a batch is: a bar, figures, time left, a way out and a way on; and what can be made of the answers."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.transfer import TransferMeter
from cnn_desktop.core.units import duration_text
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.sentence import Sentence


class ProgressCard(Card):
    """A title, buttons for the answers, and below them what is going on."""

    cancel_asked = Signal()
    go_on_asked = Signal()
    csv_asked = Signal()
    json_asked = Signal()
    copies_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Many pictures"), parent)
        self._meter = TransferMeter()
        self._total = 0
        self._remembered = 0
        back = _button("manyBack", _("One picture"), self.closed, "link")
        set_icon(back, "chevron-left")
        self.header.insertWidget(0, back)
        self._outputs = [
            _button("saveAnswersCsv", _("Save CSV…"), self.csv_asked, "link"),
            _button("saveAnswersJson", _("Save JSON…"), self.json_asked, "link"),
            _button("copyIntoFolders", _("Copy into folders…"), self.copies_asked, "link"),
        ]
        for button in self._outputs:
            self.header.addWidget(button)
        self._bar = QProgressBar()
        self._bar.setObjectName("manyProgress")
        self._bar.setAccessibleName(_("Progress of the pictures"))
        self._bar.setTextVisible(False)
        self._status = ElidedLabel()
        self._status.setObjectName("manyStatus")
        self._cancel = _button("manyCancel", _("Cancel"), self.cancel_asked)
        self._go_on = _button("manyGoOn", _("Go on"), self.go_on_asked, "primary")
        self._note = Sentence()
        self._note.setObjectName("manyNote")
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self._status, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._go_on)
        self.body.addWidget(self._bar)
        self.body.addLayout(row)
        self.body.addWidget(self._note)

    def begin(self) -> None:
        """The pictures are being looked for."""
        self._meter = TransferMeter()
        self.set_title(_("Many pictures"))
        self._bar.setRange(0, 0)
        self._status.setText(_("Looking for pictures…"))
        self._note_down("")
        self._show_state(is_running=True, can_go_on=False)

    def show_scope(self, total: int, remembered: int, trouble: str) -> None:
        """Say how many pictures there are, how many were answered before, and why they can't be gone on with."""
        self._total, self._remembered = total, remembered
        self._meter.tell(0, total - remembered)
        self.set_title(ngettext("{count:,} picture", "{count:,} pictures", total).format(count=total))
        text = _("Going on after {done:,} of {total:,} pictures that were answered before.")
        self._note_down(text.format(done=remembered, total=total) if remembered else trouble)

    def show_progress(self, done: int) -> None:
        """Show how many pictures are answered."""
        self._bar.setRange(0, max(1, self._total))
        self._bar.setValue(done)
        known = self._meter.tell(max(0, done - self._remembered), self._total - self._remembered)
        parts = [_("{done:,} of {total:,} pictures").format(done=done, total=self._total)]
        if known.speed is not None and done < self._total:
            parts.append(_("{count:,.0f} a second").format(count=known.speed))
        if known.seconds_left is not None and done < self._total:
            parts.append(_("{time} left").format(time=duration_text(known.seconds_left)))
        self._status.setText(" · ".join(parts))

    def end(self, summary: str) -> None:
        """All pictures are answered."""
        self._bar.setRange(0, 1)
        self._bar.setValue(1)
        self._status.setText(summary)
        self._note_down("")
        self._show_state(is_running=False, can_go_on=False)

    def interrupt(self, done: int, reason: str = "") -> None:
        """It ended before all pictures were answered: cancelled, or for a reason."""
        if reason:
            self._note_down(reason, "error")
        if self._total:
            text = _("Stopped after {done:,} of {total:,} pictures.").format(done=done, total=self._total)
        else:
            text = _("Stopped.")
        self._bar.setRange(0, max(1, self._total))
        self._status.setText(text)
        self._show_state(is_running=False, can_go_on=True)

    def show_copying(self, done: int, total: int) -> None:
        """Show how many pictures are copied."""
        self._show_state(is_running=True, can_go_on=False)
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        self._status.setText(_("Copying: {done:,} of {total:,} pictures").format(done=done, total=total))

    def show_ending(self) -> None:
        """Cancel was pressed: what is being computed comes to its end."""
        self._cancel.setEnabled(False)
        self._status.setText(_("Stopping after the pictures that are being computed…"))

    def say(self, sentence: str, role: str = "caption") -> None:
        """Tell what came of saving or copying."""
        self._note_down(sentence, role)

    def allow_outputs(self, *, has_answers: bool) -> None:
        """Whether there is anything to save."""
        for button in self._outputs:
            button.setEnabled(has_answers)

    def _show_state(self, *, is_running: bool, can_go_on: bool) -> None:
        self._bar.setVisible(is_running or can_go_on)
        self._cancel.setVisible(is_running)
        self._cancel.setEnabled(is_running)
        self._go_on.setVisible(can_go_on)

    def _note_down(self, sentence: str, role: str = "caption") -> None:
        self._note.setProperty("role", role)
        self._note.style().unpolish(self._note)
        self._note.style().polish(self._note)
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))


def _button(name: str, text: str, signal: SignalInstance, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.clicked.connect(signal)
    return button
