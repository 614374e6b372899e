"""Finds a learning rate while one watches: the loss over rising rates, and what that suggests."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import one_line
from cnn_desktop.core.events import Event, Preparing, RateFound, RateTried
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.train_thread import Mailbox
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.curve_view import CurveView

if TYPE_CHECKING:
    from cnn_desktop.train.control import Control

FindRate = Callable[[RunConfig, "Control"], Generator[Event]]

_LOWEST, _HIGHEST = 1e-6, 10.0
"""Where the axis ends, if all rates lie in between."""
_ENDLESS = 1_000_000_000
_OF_THE_FIRST = 1.5
"""A loss above so many times the first has run away; how far is of no interest."""


class FinderDialog(QDialog):
    """Searches in the background; closing it cancels.

    Args:
        job: runs the search; it outlives the dialog, so that its end can be waited for.
        parent: the window that waits meanwhile.
    """

    rate_chosen = Signal(float)

    def __init__(self, job: JobRunner, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("rateFinder")
        self.setWindowTitle(_("Find a learning rate"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._job = job
        self._mailbox = Mailbox()
        self._control: Control | None = None
        self._tried: list[RateTried] = []
        self._found: float | None = None
        self.chart = CurveView(_("learning rate"), is_log=True, height=240)
        self.chart.setObjectName("finderChart")
        self.chart.setAccessibleName(_("Loss over the learning rate"))
        self.chart.set_x_range(_LOWEST, _HIGHEST)
        self._status = QLabel()
        self._status.setObjectName("finderStatus")
        self._status.setWordWrap(True)
        self._use = _button("useRateButton", _("Use"), "primary")
        self._use.clicked.connect(self._choose)
        self._close = _button("closeFinderButton", _("Cancel"), "")
        self._close.clicked.connect(self.reject)
        self._lay_out()

    def search(self, find_rate: FindRate, config: RunConfig) -> None:
        """Begin to search for `config`."""
        from cnn_desktop.train.control import Control

        self._control = Control()
        self._status.setText(_("Starting…"))
        self._use.setEnabled(False)
        self._job.start(
            _collect,
            find_rate,
            config,
            self._control,
            self._mailbox,
            on_done=lambda _nothing: self._take_news(),
            on_error=self._show_error,
            on_progress=lambda _done, _total: self._take_news(),
        )
        self.open()

    @override
    def done(self, result: int) -> None:
        if self._control is not None:
            self._control.stop()
        self._job.cancel()
        super().done(result)

    def _lay_out(self) -> None:
        card = Card(_("Loss over the learning rate"))
        about = caption(_("Each batch is learnt at a higher rate than the one before, on a copy that is thrown away."))
        about.setWordWrap(True)
        card.body.addWidget(about)
        card.body.addWidget(self.chart, 1)
        card.body.addWidget(self._status)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S16, S16, S16)
        column.setSpacing(S16)
        column.addWidget(card, 1)
        column.addLayout(buttons)
        self.resize(560, 440)

    def _take_news(self) -> None:
        for event in self._mailbox.drain():
            self._take(event)
        smoothed = [(event.rate, event.smoothed) for event in self._tried]
        mark = None if self._found is None else (self._found, f"{self._found:g}")
        self.chart.set_x_range(min([_LOWEST, *(event.rate for event in self._tried)]), _HIGHEST)
        top = _OF_THE_FIRST * smoothed[0][1] if smoothed else 1.0
        self.chart.show_line(smoothed, [(event.rate, event.loss) for event in self._tried], mark, top)

    def _take(self, event: Event) -> None:
        match event:
            case Preparing():
                self._status.setText(_("{what}…").format(what=event.what))
            case RateTried():
                self._tried.append(event)
                self._status.setText(_("Trying {rate:.2g}…").format(rate=event.rate))
            case RateFound():
                self._show_found(event)
            case _:
                pass

    def _show_found(self, event: RateFound) -> None:
        self._found = event.rate
        self._status.setText(event.reason)
        self._close.setText(_("Close") if event.rate is None else _("Cancel"))
        if event.rate is not None:
            self._use.setText(_("Use {rate:g}").format(rate=event.rate))
            self._use.setAccessibleName(self._use.text())
            self._use.setEnabled(True)
            self._use.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_error(self, error: Exception) -> None:
        self._take_news()
        self._status.setProperty("role", "error")
        self._status.style().unpolish(self._status)
        self._status.style().polish(self._status)
        self._status.setText(one_line(error))
        self._close.setText(_("Close"))

    def _choose(self) -> None:
        if self._found is not None:
            self.rate_chosen.emit(self._found)
        self.accept()


def _collect(find_rate: FindRate, config: RunConfig, control: "Control", mailbox: Mailbox, progress: Progress) -> None:
    with closing(find_rate(config, control)) as events:
        for count, event in enumerate(events):
            mailbox.put(event)
            progress(count, _ENDLESS)


def _button(object_name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setAutoDefault(role == "primary")
    return button
