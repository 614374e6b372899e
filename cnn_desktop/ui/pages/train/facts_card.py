"""“This run”: what can be said of it in words and single figures."""

from pathlib import Path
from time import monotonic

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from cnn_desktop.core.events import EpochDone, RunFinished, StepsDone, TrainingStarted
from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.elided_label import ElidedLabel

_NOTHING = "–"
_SHARES = (12, 13, 14, 10)
"""How wide the columns are."""
_WIDE = 440
"""From this width on there is room for all columns, else for two of them."""

_NARROWEST = 232


class FactsCard(Card):
    """Step, mean throughput, best and test accuracy, device, exactness, the age of the last checkpoint, notices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("factsCard")
        self._values: dict[str, ElidedLabel] = {}
        self._folder: Path | None = None
        self._total_steps = self._batch_size = 0
        self._images = self._seconds = 0.0
        self._saved_at: float | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._show_age)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S8)
        self._grid.setVerticalSpacing(0)
        self._captions: list[QLabel] = []
        self._columns = 0
        for name, text in (
            ("step", _("Step")),
            ("throughput", _("Images/s, mean")),
            ("best", _("Best validation")),
            ("test", _("Test accuracy")),
            ("device", _("Device")),
            ("exact", _("If interrupted")),
            ("saved", _("Last saved")),
        ):
            self._add(name, text)
        self._link = QPushButton(_("Open folder"))
        self._link.setObjectName("runFolderButton")
        self._link.setProperty("role", "link")
        self._link.setAccessibleName(_("Open the folder of this run"))
        self._link.clicked.connect(self._open_folder)
        self._arrange(len(_SHARES))
        self._notice = caption()
        self._notice.setObjectName("runNotice")
        self._notice.setWordWrap(True)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._notice)
        self.body.addStretch()
        self.clear()

    def clear(self) -> None:
        """Forget the last run."""
        for label in self._values.values():
            label.setText(_NOTHING)
        self._images = self._seconds = 0.0
        self._saved_at = None
        self._clock.stop()
        self._folder = None
        self._link.setEnabled(False)
        self._notice.clear()
        self._notice.hide()

    def show_folder(self, folder: str) -> None:
        """Offer the run's folder."""
        self._folder = Path(folder)
        self._link.setToolTip(folder)
        self._link.setEnabled(True)

    def show_start(self, event: TrainingStarted) -> None:
        """Show what the run works with."""
        self._total_steps, self._batch_size = event.total_steps, event.batch_size
        self._tell("device", f"{event.device} · {event.precision}")
        if event.is_exact:
            self._tell("exact", _("goes on exactly"))
            why = _("An interrupted run that goes on ends with exactly the weights of an uninterrupted one.")
        else:
            self._tell("exact", _("goes on, not exactly"))
            why = _(
                "This device adds up in changing order. An interrupted run goes on from all that was saved, but the "
                "last digits may differ from an uninterrupted one; deterministic mode, under Exactness and device, "
                "avoids that."
            )
        self._values["exact"].setToolTip(why)

    def show_steps(self, events: list[StepsDone]) -> None:
        """Take in what was reported since the last time."""
        for event in events:
            images = len(event.losses) * self._batch_size
            self._images += images
            self._seconds += images / max(1e-9, event.throughput)
        self._tell("step", _("{step:,} of {total:,}").format(step=events[-1].step, total=self._total_steps))
        self._tell("throughput", f"{self._images / max(1e-9, self._seconds):,.0f}")

    def show_epoch(self, event: EpochDone) -> None:
        """Show the best epoch so far."""
        if event.is_best and event.validation_accuracy is not None:
            accuracy = percent_text(event.validation_accuracy)
            self._tell("best", _("{accuracy}, epoch {epoch}").format(accuracy=accuracy, epoch=event.epoch))

    def show_saved(self) -> None:
        """Note that a checkpoint is safe from now on."""
        self._saved_at = monotonic()
        self._show_age()
        self._clock.start()

    def show_finished(self, event: RunFinished | None) -> None:
        """Show the test split's verdict, and stop the clock."""
        self._clock.stop()
        if self._saved_at is not None:
            self._tell("saved", _("at the end"))
        if event is None:
            return
        if event.test_accuracy is not None:
            self._tell("test", percent_text(event.test_accuracy))
        if event.throughput:
            self._tell("throughput", f"{event.throughput:,.0f}")

    def add_notice(self, sentence: str) -> None:
        """Add a sentence that the person should see."""
        self._notice.setText("\n".join(filter(None, [self._notice.text(), sentence])))
        self._notice.show()

    def _tell(self, name: str, text: str) -> None:
        if text != self._values[name].text():
            self._values[name].setText(text)

    def _show_age(self) -> None:
        if self._saved_at is not None and self.isVisible():
            age = monotonic() - self._saved_at
            text = _("just now") if age < 1.5 else _("{time} ago").format(time=duration_text(age))
            self._tell("saved", text)

    def _add(self, name: str, text: str) -> None:
        label = self._values[name] = ElidedLabel(Qt.TextElideMode.ElideRight)
        label.setProperty("role", "value")
        label.setObjectName(f"{name}Value")
        label.setAccessibleName(text)
        self._captions.append(caption(text))

    def _arrange(self, columns: int) -> None:
        """Lay the figures out in so many columns, the link in the last place."""
        if columns == self._columns:
            return
        self._columns = columns
        for number, (text, label) in enumerate(zip(self._captions, self._values.values(), strict=True)):
            row, column = divmod(number, columns)
            self._grid.addWidget(text, 3 * row, column)
            self._grid.addWidget(label, 3 * row + 1, column)
            self._grid.setRowMinimumHeight(3 * row + 2, S4)
        row, column = divmod(len(self._values), columns)
        self._grid.addWidget(self._link, 3 * row, column, 2, 1, Qt.AlignmentFlag.AlignLeft)
        for column, share in enumerate(_SHARES):
            self._grid.setColumnStretch(column, share if column < columns else 0)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(len(_SHARES) if self.width() >= _WIDE else len(_SHARES) // 2)

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
