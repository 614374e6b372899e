"""The rest of the time machine's card: prediction over time, confusion matrix, export; each only on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.inspect.time_machine.details import Details
from cnn_desktop.ui.pages.inspect.time_machine.work import Measuring, Timeline, over_time
from cnn_desktop.ui.theme import S8

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.ui.pages.inspect.time_machine.export_dialog import ExportDialog

_NOW = -1
"""Stands for the model itself among the steps."""


class History(QObject):
    """Owns the details below the slider and the buttons that open them; computes what is open, and nothing else."""

    def __init__(self, context: AppContext, subject: Subject, parent: QObject) -> None:
        super().__init__(parent)
        self.context, self.subject = context, subject
        self.details = Details()
        self.details.hide()
        self._timeline: Timeline | None = None
        self._measuring: Measuring | None = None
        self._dialog: ExportDialog | None = None
        self._drawn: object = None
        """The picture whose predictions are in the chart."""
        self._predicting = JobRunner(self)
        self._confusing = NewestRunner(self._measure, self._show_confusion, self._say, self)
        tip = _("What it took the picture for, over time")
        self._prediction = _toggle("timeMachinePrediction", _("Prediction"), tip)
        tip = _("Confusion matrix on validation pictures, at this moment")
        self._confusion = _toggle("timeMachineConfusionButton", _("Confusion"), tip)
        self._export = QPushButton(_("Export…"))
        self._export.setObjectName("timeMachineExport")
        self._export.setProperty("role", "link")
        self._export.setAccessibleName(_("Export the training as a moving picture"))
        self._export.clicked.connect(self._open_export)
        self.buttons = (self._prediction, self._confusion, self._export)
        self._prediction.toggled.connect(lambda on: self._choose(self._confusion, on))
        self._confusion.toggled.connect(lambda on: self._choose(self._prediction, on))
        self._epoch: float | None = None

    def show_run(self, timeline: Timeline | None) -> None:
        """Look at the moments of a run, or of the same one that has grown; None: of none."""
        is_same = timeline is not None and self._timeline is not None and timeline.run_dir == self._timeline.run_dir
        self._timeline, self._drawn = timeline, None
        self._predicting.cancel()
        self._confusing.cancel()
        if not is_same:
            self._measuring = None if timeline is None else Measuring(timeline.run_dir)
        if timeline is not None:
            self.follow(self._epoch)

    def follow(self, epoch: float | None) -> None:
        """Show what is open for the subject, at the moment `epoch`; None: now."""
        self._epoch = epoch
        if self._timeline is None:
            return
        if self._prediction.isChecked():
            self._follow_prediction(self._timeline)
        elif self._confusion.isChecked():
            self._follow_confusion()

    def shutdown(self) -> None:
        """Cancel and await what runs."""
        if self._dialog is not None:
            self._dialog.shutdown()
        self._predicting.cancel()
        self._confusing.cancel()
        self._predicting.wait()
        self._confusing.wait()

    def _choose(self, other: QPushButton, on: bool) -> None:
        if on:
            other.setChecked(False)
        self.details.fit(self._export.window().height())
        self.details.setVisible(self._prediction.isChecked() or self._confusion.isChecked())
        self.follow(self._epoch)

    # ---- prediction

    def _follow_prediction(self, timeline: Timeline) -> None:
        picture = self.subject.picture
        if picture is None:
            self._drawn = None
            self.details.say(_("Drop a picture at the left to see what the network took it for, and when."))
        elif self._drawn is not picture:
            self._drawn = picture
            self.details.say(_("Asking the network of each moment…"))
            self._predicting.start(
                over_time, timeline, picture, on_done=self._show_shares, on_error=self._say, on_progress=self._count
            )
        elif not self._predicting.is_running:
            self._mark(timeline)

    def _show_shares(self, shares: np.ndarray) -> None:
        if self._timeline is not None and self.subject.model is not None and self._prediction.isChecked():
            self.details.show_probabilities(self._timeline, self.subject.model.classes, shares)
            self._mark(self._timeline)

    def _mark(self, timeline: Timeline) -> None:
        self.details.setCurrentWidget(self.details.chart)
        self.details.mark(timeline.epochs if self._epoch is None else self._epoch)

    def _count(self, done: int, total: int) -> None:
        if self._prediction.isChecked():
            text = _("Asking the network of each moment… {done} of {total}")
            self.details.say(text.format(done=done, total=total))

    # ---- confusion

    def _follow_confusion(self) -> None:
        model = self.subject.model
        if model is None or self._measuring is None:
            return
        step = _NOW if self._epoch is None else int(model.figures.get("step", _NOW))
        counts = self._measuring.known(step)
        if counts is not None:
            self._confusing.cancel()
            self._show_confusion((step, counts))
            return
        if self.details.matrix.table is None:
            self.details.say(_("Measuring…"))
        self._confusing.ask((self._measuring, (step, model)))

    @staticmethod
    def _measure(order: tuple[Measuring, tuple[int, object]], progress: object) -> tuple[int, np.ndarray]:
        measuring, wanted = order
        return measuring.measure(wanted, progress)  # pyright: ignore[reportArgumentType]

    def _show_confusion(self, measured: tuple[int, np.ndarray]) -> None:
        if self.subject.model is not None and self._confusion.isChecked():
            self.details.show_confusion(measured[1], self.subject.model.classes)

    def _say(self, error: Exception) -> None:
        self.details.say(one_line(error))

    # ---- export

    def make_dialog(self) -> ExportDialog | None:
        """The dialog that exports what is looked at; None where there is nothing."""
        if self._timeline is None or self._measuring is None:
            return None
        from cnn_desktop.ui.pages.inspect.time_machine.export_dialog import ExportDialog

        self._dialog = ExportDialog(self._timeline, self._measuring, self.subject, self._export.window())
        return self._dialog

    def _open_export(self) -> None:
        dialog = self.make_dialog()
        if dialog is not None:
            dialog.exec()


def _toggle(object_name: str, text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setProperty("role", "toggle")
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.setCheckable(True)
    bold = button.font()
    bold.setBold(True)  # as it is when it is checked
    button.setFixedWidth(QFontMetrics(bold).horizontalAdvance(text) + 2 * S8)
    return button
