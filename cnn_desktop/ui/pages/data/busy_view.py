"""What is seen while a dataset is brought in: how far it is, how long the rest takes, and a way out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.transfer import TransferMeter
from cnn_desktop.core.units import duration_text
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption

_WIDTH = 360


class BusyView(Card):
    """A sentence, a bar, what is known of the rest, and Cancel."""

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._meter = TransferMeter()
        self._is_unpacking = False
        self._title = QLabel()
        self._title.setObjectName("importTitle")
        self._title.setProperty("role", "strong")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar()
        self._bar.setObjectName("importProgress")
        self._bar.setAccessibleName(_("Progress of the import"))
        self._bar.setTextVisible(False)
        self._status = caption()
        self._status.setObjectName("importStatus")
        self._status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.setObjectName("importCancel")
        self._cancel.setAccessibleName(_("Cancel the import"))
        self._cancel.clicked.connect(self.cancel_asked)
        column = QVBoxLayout()
        column.setSpacing(S16)
        for widget in (self._title, self._bar, self._status):
            widget.setFixedWidth(_WIDTH)
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
        column.addSpacing(S8)
        column.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignCenter)
        self.body.addStretch()
        self.body.addLayout(column)
        self.body.addStretch()

    def begin(self, name: str, *, is_unpacking: bool) -> None:
        """Say what is brought in; nothing is known yet of how long it takes."""
        self._meter = TransferMeter()
        self._is_unpacking = is_unpacking
        self._title.setText((_("Unpacking {name}") if is_unpacking else _("Reading {name}")).format(name=name))
        self._bar.setRange(0, 0)
        self._status.setText("")

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is, in bytes while unpacking, else in files; total 0: not known."""
        known = self._meter.tell(done, total)
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(1000 * done // total if total else 0)
        if self._is_unpacking:
            self._status.setText(str(known) if done else "")
            return
        files = ngettext("{count:,} file", "{count:,} files", done).format(count=done)
        text = _("{done:,} of {total:,} files").format(done=done, total=total) if total else files
        if known.seconds_left is not None and done < total:
            text = _("{text} · {time} left").format(text=text, time=duration_text(known.seconds_left))
        self._status.setText(text if done else "")
