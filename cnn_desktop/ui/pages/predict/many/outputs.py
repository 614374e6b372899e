"""What can be made of the answers: a table, a list for programs, copies in folders of the classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.jobs.job import JobRunner

if TYPE_CHECKING:
    from cnn_desktop.predict.batch import Answer, Copied

_MOST_PROBLEMS = 3


class AnswerOutputs(QObject):
    """Asks where to, and writes in the background; one thing at a time.

    Args:
        window: the dialogs open over it.
    """

    copying = Signal(int, int)
    """How many pictures are copied, and how many there are."""
    ended = Signal(str, str)
    """A sentence about what came of it, and its role: caption or error. Empty: it was cancelled."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._job = JobRunner(self)
        self._last_folder = ""

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self._job.is_running

    def save_csv(self, answers: Sequence[Answer], threshold: float) -> None:
        """Write a table with a row a picture, where the person says."""
        chosen = self._ask_file(_("answers.csv"), _("Tables (*.csv)"))
        if chosen is not None:
            self._start(_save_csv, chosen, answers, threshold)

    def save_json(self, answers: Sequence[Answer], threshold: float) -> None:
        """Write a list with an object a picture, where the person says."""
        chosen = self._ask_file(_("answers.json"), _("JSON (*.json)"))
        if chosen is not None:
            self._start(_save_json, chosen, answers, threshold)

    def copy(self, answers: Sequence[Answer], threshold: float) -> None:
        """Copy the pictures into a folder for each class, below the one that the person says."""
        title = _("Copy the pictures into a folder for each class, below…")
        chosen = QFileDialog.getExistingDirectory(self._window, title, self._last_folder)
        if chosen:
            self._last_folder = chosen
            self.copying.emit(0, len(answers))
            self._start(_copy, Path(chosen), answers, threshold)

    def cancel(self) -> None:
        """Stop; what was copied stays."""
        if self._job.is_running:
            self._job.cancel()
            self.ended.emit("", "caption")

    def shutdown(self) -> None:
        """Cancel and wait; called once."""
        self._job.cancel()
        self._job.wait()

    def _ask_file(self, name: str, kind: str) -> Path | None:
        start = str(Path(self._last_folder) / name)
        chosen, _filter = QFileDialog.getSaveFileName(self._window, _("Save the answers"), start, kind)
        if not chosen:
            return None
        self._last_folder = str(Path(chosen).parent)
        return Path(chosen)

    def _start(self, function: object, target: Path, answers: Sequence[Answer], threshold: float) -> None:
        assert callable(function)
        self._job.start(
            function,
            target,
            list(answers),  # more may arrive meanwhile
            threshold,
            on_done=lambda sentence: self.ended.emit(sentence, "caption"),
            on_error=lambda error: self.ended.emit(one_line(error), "error"),
            on_progress=self.copying.emit if function is _copy else None,
        )


def _save_csv(target: Path, answers: Sequence[Answer], threshold: float, progress: Progress = no_progress) -> str:
    from cnn_desktop.predict.batch import write_csv

    write_csv(target, answers, threshold)
    return _saved(target, len(answers))


def _save_json(target: Path, answers: Sequence[Answer], threshold: float, progress: Progress = no_progress) -> str:
    from cnn_desktop.predict.batch import write_json

    write_json(target, answers, threshold)
    return _saved(target, len(answers))


def _copy(target: Path, answers: Sequence[Answer], threshold: float, progress: Progress = no_progress) -> str:
    from cnn_desktop.predict.batch import copy_into_folders

    return _copied(target, copy_into_folders(answers, target, threshold, progress))


def _saved(target: Path, count: int) -> str:
    text = ngettext("Saved {count:,} answer in {file}.", "Saved {count:,} answers in {file}.", count)
    return text.format(count=count, file=target)


def _copied(target: Path, copied: Copied) -> str:
    count, folders = sum(copied.counts.values()), len(copied.counts)
    text = ngettext("{count:,} picture lies", "{count:,} pictures lie", count).format(count=count)
    into = ngettext("{count:,} folder", "{count:,} folders", folders).format(count=folders)
    sentence = _("{pictures} in {folders} below {place}.").format(pictures=text, folders=into, place=target)
    left = len(copied.problems) - _MOST_PROBLEMS
    more = [_("{count:,} more weren't copied either.").format(count=left)] if left > 0 else []
    return " ".join([sentence, *copied.problems[:_MOST_PROBLEMS], *more])
