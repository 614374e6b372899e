"""Saving an evaluation: asks for a file, writes it in the background."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.evaluate.work import Evaluated

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.comparing import Comparison
    from cnn_desktop.ui.pages.evaluate.session import EvaluationSession


@dataclass(frozen=True)
class _Format:
    suffix: str
    text: str
    filter: str


_FORMATS = (
    _Format(".html", _("Save as a page with pictures (HTML)…"), _("Pages (*.html)")),
    _Format(".json", _("Save the figures (JSON)…"), _("JSON (*.json)")),
    _Format(".csv", _("Save a row for each picture (CSV)…"), _("Tables (*.csv)")),
)


class SavingActions(QObject):
    """One action a format, enabled once there is something to save."""

    told = Signal(str)
    """What is being saved, and then where it was."""
    failed = Signal(object)

    def __init__(self, window: QWidget, session: EvaluationSession) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._writing = JobRunner(self)
        self.all = [self._action(form) for form in _FORMATS]
        session.evaluated.connect(self._enable)

    def save(self, file: Path) -> None:
        """Write the evaluation that is shown; the file's suffix says how."""
        session = self._session
        if session.result is not None:
            self.told.emit(_("Saving {file}…").format(file=file))
            self._writing.start(
                write, session.result, session.comparison, file, on_done=self._tell, on_error=self.failed.emit
            )

    def shutdown(self) -> None:
        """Wait for what is being written."""
        self._writing.wait(30_000)

    def _tell(self, file: Path) -> None:
        self.told.emit(_("Saved as {file}.").format(file=file))

    def _enable(self) -> None:
        for action in self.all:
            action.setEnabled(True)

    def _ask(self, form: _Format) -> None:
        result = self._session.result
        if result is None:
            return
        name = f"{result.subject.model.title} {result.dataset.name} {result.split}{form.suffix}"
        chosen, _filter = QFileDialog.getSaveFileName(
            self._window, _("Save the evaluation"), name.replace("/", "-"), form.filter
        )
        if chosen:
            file = Path(chosen)
            self.save(file if file.suffix.lower() == form.suffix else file.with_name(file.name + form.suffix))

    def _action(self, form: _Format) -> QAction:
        action = QAction(form.text, self._window)
        action.setObjectName(f"saveEvaluation{form.suffix[1:].upper()}")
        set_icon(action, "save")
        action.setEnabled(False)
        action.triggered.connect(lambda _on=False: self._ask(form))
        return action


def write(result: Evaluated, comparison: Comparison | None, file: Path, progress: Progress = no_progress) -> Path:
    """Write an evaluation as HTML, JSON or CSV, by the file's suffix; the first two with the comparison.

    Raises:
        CnnDesktopError: it can't be written.
    """
    from cnn_desktop.predict.evaluation import saving

    match file.suffix.lower():
        case ".html":
            saving.write_html(file, result.answers, result.dataset, comparison, progress)
        case ".json":
            saving.write_json(file, result.answers, comparison)
        case _:
            saving.write_csv(file, result.answers)
    return file
