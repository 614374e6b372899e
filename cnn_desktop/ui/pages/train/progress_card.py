"""The bottom line of the Train page: where the run stands, and what can be done with what it made."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.card import Card, caption

_PARTS = 1000
_WIDE = 760
"""From this width on the ways on stand beside the words, else below them."""


class ProgressCard(Card):
    """Status, progress and times; at the end what happened, and the ways on."""

    try_asked = Signal()
    inspect_asked = Signal()
    report_asked = Signal()

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
        self._bar.setMinimumWidth(48)
        self._bar.setRange(0, _PARTS)
        self._times = caption()
        self._times.setObjectName("trainTimes")
        self._details = caption()
        self._details.setObjectName("trainDetails")
        self._details.setWordWrap(True)
        self._try = _button("tryButton", _("Use it in Predict"), "primary")
        self._try.clicked.connect(self.try_asked)
        self._inspect = _button("lookInsideButton", _("Look inside"))
        self._inspect.clicked.connect(self.inspect_asked)
        self._report = _button("reportButton", _("Open report"))
        self._report.clicked.connect(self.report_asked)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.show_idle("")

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(S4)
        words.addWidget(self._status)
        words.addWidget(self._details)
        ways = QHBoxLayout()
        ways.setSpacing(S8)
        for button in (self._try, self._inspect, self._report):
            ways.addWidget(button)
        ways.addStretch()
        self._row.setSpacing(S16)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._bar, 3)
        self._row.addWidget(self._times)
        self._row.addLayout(ways)
        self.body.addLayout(self._row)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def show_idle(self, status: str) -> None:
        """Only a sentence."""
        self._status.setText(status)
        self._times.clear()
        self._details.clear()
        self._show_parts(running=False)
        self._bar.setValue(0)

    def show_status(self, status: str) -> None:
        """Change the sentence and nothing else."""
        self._status.setText(status)

    def show_share(self, status: str, share: float, times: str = "") -> None:
        """Show how far something is, as a share of 1."""
        self._status.setText(status)
        self._status.setWordWrap(False)
        self._show_value(round(_PARTS * min(1.0, max(0.0, share))))
        self._times.setText(times)
        self._show_parts(running=True)

    def show_end(self, status: str, details: str, *, has_model: bool, has_report: bool) -> None:
        """Show how a run ended."""
        self._details.setText(details)
        self._times.clear()
        self._status.setText(status)
        self._status.setWordWrap(True)
        self._bar.setValue(_PARTS if has_model else 0)
        self._show_parts(running=False, has_model=has_model, has_report=has_report)

    def _show_value(self, value: int) -> None:
        """Move the bar, to be drawn with the rest; on its own a `QProgressBar` draws itself and its ground at once."""
        if value != self._bar.value():
            self._bar.setUpdatesEnabled(False)
            self._bar.setValue(value)
            self._bar.setUpdatesEnabled(True)

    def _show_parts(self, *, running: bool, has_model: bool = False, has_report: bool = False) -> None:
        self._bar.setVisible(running)
        self._times.setVisible(running)
        self._details.setVisible(not running and bool(self._details.text()))
        self._try.setVisible(has_model)
        self._inspect.setVisible(has_model)
        self._report.setVisible(has_report)
        self._turn()

    def _turn(self) -> None:
        is_beside = self._bar.isVisibleTo(self) or self.width() >= _WIDE
        direction = QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != direction:
            self._row.setDirection(direction)


def times_text(share: float, seconds_left: float, seconds: float) -> str:
    """62 % · 5 s left · 9 s so far."""
    return _("{share} · {left} left · {seconds} so far").format(
        share=percent_text(share, 0), left=duration_text(seconds_left), seconds=duration_text(seconds)
    )


def _button(object_name: str, text: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setProperty("role", role)
    button.setAccessibleName(text)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
