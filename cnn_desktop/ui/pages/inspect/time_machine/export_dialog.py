"""Asks what of a training shall move, and writes it as a GIF or an animated PNG in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import caption, labelled
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.numbers import CountSpin

if TYPE_CHECKING:
    from cnn_desktop.data.decoding import OpenedPicture
    from cnn_desktop.ui.pages.inspect.time_machine.work import Measuring, Timeline

_FORMS = {".gif": _("GIF"), ".png": _("Animated PNG")}


class ExportDialog(QDialog):
    """One moving picture after the other, until it is closed; closing cancels what runs."""

    def __init__(self, timeline: Timeline, measuring: Measuring, subject: Subject, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("animationDialog")
        self.setWindowTitle(_("Export the training"))
        self._timeline, self._measuring, self._subject = timeline, measuring, subject
        self._job = JobRunner(self)
        self._written: Path | None = None
        self._what = Picker("animationWhat", _choices(subject))
        self._form = Picker("animationForm", _FORMS)
        self._speed = CountSpin("animationSpeed", 1, 30)
        self._speed.setValue(6)
        self._speed.setSuffix(_(" a second"))
        self._bar = QProgressBar()
        self._bar.setAccessibleName(_("Progress of the export"))
        self._bar.setTextVisible(False)
        self._words: QLabel = caption()
        self._words.setWordWrap(True)
        self._folder = _button("animationFolder", _("Open folder"))
        self._close = _button("animationClose", _("Close"))
        self._start = _button("animationStart", _("Export…"), "primary")
        self._folder.clicked.connect(self._open_folder)
        self._close.clicked.connect(self._cancel_or_close)
        self._start.clicked.connect(self._ask_for_target)
        self._lay_out()
        self._show_working(False)
        count = len(timeline.snapshots)
        self._words.setText(ngettext("{count} moment", "{count} moments", count).format(count=count))

    def shutdown(self) -> None:
        """Cancel and await what runs."""
        self._job.cancel()
        self._job.wait()

    def write_to(self, target: Path) -> None:
        """Write what was chosen into a file, in the background."""
        picture = self._subject.picture
        self._written = target
        self._show_working(True)
        self._job.start(
            _write,
            self._timeline,
            self._measuring,
            (self._what.choice(), self._subject.layer, None if picture is None else picture.opened),
            (target, 1 / self._speed.value()),
            on_done=lambda _nothing: self._show_done(),
            on_error=self._show_error,
            on_progress=self._show_progress,
        )

    @override
    def done(self, result: int) -> None:
        self._job.cancel()
        super().done(result)

    def _ask_for_target(self) -> None:
        suffix = self._form.choice()
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or str(Path.home())
        proposed = Path(place) / f"{self._timeline.run_dir.name}-{self._what.choice()}{suffix}"
        chosen, _filter = QFileDialog.getSaveFileName(
            self, _("Export to"), str(proposed), f"{self._form.currentText()} (*{suffix})"
        )
        if chosen:
            file = Path(chosen)
            self.write_to(file if file.suffix.lower() == suffix else file.with_name(file.name + suffix))

    def _cancel_or_close(self) -> None:
        if not self._job.is_running:
            self.reject()
            return
        self._job.cancel()
        self._show_working(False)
        self._words.setText(_("Cancelled; nothing was written."))

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _show_done(self) -> None:
        self._show_working(False)
        self._folder.show()
        self._words.setText(_("Written to {file}.").format(file=self._written))

    def _show_error(self, error: Exception) -> None:
        self._show_working(False)
        self._words.setText(one_line(error))

    def _show_working(self, is_working: bool) -> None:
        for widget in (self._what, self._form, self._speed, self._start):
            widget.setEnabled(not is_working)
        self._folder.hide()
        self._bar.setRange(0, 0)
        self._bar.setVisible(is_working)
        self._close.setText(_("Cancel") if is_working else _("Close"))

    def _open_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    def _lay_out(self) -> None:
        fields = QGridLayout()
        fields.setSpacing(S16)
        fields.addLayout(labelled(_("What"), self._what), 0, 0, 1, 2)
        fields.addLayout(labelled(_("Form"), self._form), 1, 0)
        fields.addLayout(labelled(_("Moments"), self._speed), 1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(self._folder)
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S16, S16, S16)
        column.setSpacing(S16)
        column.addLayout(fields)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addStretch()
        column.addLayout(buttons)
        self.resize(460, 260)


def _choices(subject: Subject) -> dict[str, str]:
    """What there is to be animated of the subject."""
    choices: dict[str, str] = {}
    operation = None if subject.recording is None else subject.recording.operations.get(subject.layer)
    if operation is not None and operation.function == "conv2d":
        choices["filters"] = _("Filters of {layer}").format(layer=subject.layer)
    if operation is not None:
        choices["maps"] = _("Feature maps of {layer} for the picture").format(layer=subject.layer)
    return choices | {"confusion": _("Confusion matrix")}


def _write(
    timeline: Timeline,
    measuring: Measuring,
    what: tuple[str, str, OpenedPicture | None],
    where: tuple[Path, float],
    progress: Progress = no_progress,
) -> None:
    from cnn_desktop.train.animating import animate_confusion, animate_filters, animate_maps
    from cnn_desktop.train.runs.snapshots import open_snapshot

    (kind, layer, picture), (target, seconds) = what, where
    snapshots = timeline.snapshots
    if kind == "filters":
        animate_filters(snapshots, layer, target, seconds, progress)
    elif kind == "maps" and picture is not None:
        animate_maps(snapshots, layer, picture, target, seconds, progress)
    else:
        sample = measuring.prepare(open_snapshot(snapshots[-1]), progress)
        animate_confusion(snapshots, sample, target, seconds, progress)


def _button(object_name: str, text: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setAutoDefault(role == "primary")
    return button
