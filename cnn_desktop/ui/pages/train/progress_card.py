"""The bottom line of the Train page: where the run stands, and what can be done with what it made."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption

_PARTS = 1000


class ProgressCard(Card):
    """Status, progress and times; at the end the two ways on."""

    try_asked = Signal()
    inspect_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._status = QLabel()
        self._status.setObjectName("trainStatus")
        self._status.setProperty("role", "strong")
        self._status.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setObjectName("trainProgress")
        self._bar.setAccessibleName(_("Progress of the training"))
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _PARTS)
        self._times = caption()
        self._times.setObjectName("trainTimes")
        self._try = _button("tryButton", _("Try it on a picture"))
        self._try.clicked.connect(self.try_asked)
        self._inspect = _button("lookInsideButton", _("Look inside"))
        self._inspect.clicked.connect(self.inspect_asked)
        self._details = caption()
        self._details.setObjectName("trainDetails")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._status)
        words.addWidget(self._details)
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addLayout(words, 1)
        row.addWidget(self._bar, 3)
        row.addWidget(self._times)
        row.addWidget(self._try)
        row.addWidget(self._inspect)
        self.body.addLayout(row)
        self.show_idle("")

    def show_idle(self, status: str) -> None:
        """Only a sentence."""
        self._status.setText(status)
        self._times.clear()
        self._details.clear()
        self._show_parts(running=False, has_model=False)
        self._bar.setValue(0)

    def show_status(self, status: str) -> None:
        """Change the sentence and nothing else."""
        self._status.setText(status)

    def show_share(self, status: str, share: float, times: str = "") -> None:
        """Show how far something is, as a share of 1."""
        self._status.setText(status)
        self._status.setWordWrap(False)
        self._bar.setValue(round(_PARTS * min(1.0, max(0.0, share))))
        self._times.setText(times)
        self._show_parts(running=True, has_model=False)

    def show_end(self, status: str, details: str, *, has_model: bool) -> None:
        """Show how a run ended."""
        self._details.setText(details)
        self._times.clear()
        self._status.setText(status)
        self._status.setWordWrap(True)
        self._bar.setValue(_PARTS if has_model else 0)
        self._show_parts(running=False, has_model=has_model)

    def _show_parts(self, *, running: bool, has_model: bool) -> None:
        self._bar.setVisible(running)
        self._times.setVisible(running)
        self._details.setVisible(not running and bool(self._details.text()))
        self._try.setVisible(has_model)
        self._inspect.setVisible(has_model)


def times_text(share: float, seconds_left: float, seconds: float) -> str:
    """62 % · 5 s left · 9 s so far."""
    return _("{share} · {left} left · {seconds} so far").format(
        share=percent_text(share, 0), left=duration_text(seconds_left), seconds=duration_text(seconds)
    )


def _button(object_name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setAccessibleName(text)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
