"""What the list shows of each run, gathered in a job; the engine is imported inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.train.runs.notes import RunNotes, read_notes
from cnn_desktop.train.runs.run_summary import RunSummary

if TYPE_CHECKING:
    from cnn_desktop.train.runs.listing import DamagedRun


@dataclass(frozen=True)
class RunRow:
    """A run as a line of the list."""

    run: RunSummary
    notes: RunNotes
    dataset: str
    """Its title."""
    architecture: str
    """Its title."""
    searched: str
    """Everything that the search box looks through, without case."""

    @property
    def path(self) -> Path:
        """The run's folder, which stands for it."""
        return self.run.path

    @property
    def title(self) -> str:
        """What was trained on what."""
        return f"{self.architecture} · {self.dataset}"

    @property
    def accuracy(self) -> float | None:
        """The figure that runs are judged by."""
        return self.run.best_accuracy


@dataclass(frozen=True)
class Gathered:
    """All runs, newest first, and those that can't be read."""

    rows: list[RunRow]
    damaged: list[DamagedRun]


def gather(progress: Progress = no_progress) -> Gathered:
    """Look through the folder of runs.

    Raises:
        BadInputError: the folder can't be read.
    """
    from cnn_desktop.train.runs.listing import survey_runs

    survey = survey_runs(None, progress)
    return Gathered([_row(run) for run in survey.runs], survey.damaged)


def read_again(paths: Sequence[Path], progress: Progress = no_progress) -> list[RunRow]:
    """Some of the runs, as they are now; those that are gone meanwhile are left out."""
    from cnn_desktop.core.errors import BadInputError
    from cnn_desktop.train.runs.listing import read_run

    rows: list[RunRow] = []
    for done, path in enumerate(paths):
        progress(done, len(paths))
        try:
            rows.append(_row(read_run(path)))
        except BadInputError:  # the next look through the whole folder shows that it is gone
            continue
    return rows


def with_notes(row: RunRow, notes: RunNotes) -> RunRow:
    """The same line with other notes."""
    return _made(row.run, notes, row.dataset, row.architecture)


def _row(run: RunSummary) -> RunRow:
    from cnn_desktop.train.runs.comparing import architecture_title, dataset_title

    config = run.config
    return _made(run, read_notes(run.path), dataset_title(config.dataset), architecture_title(config))


def _made(run: RunSummary, notes: RunNotes, dataset: str, architecture: str) -> RunRow:
    config = run.config
    texts = (run.title, dataset, architecture, config.dataset, config.architecture, run.device, run.precision)
    searched = "\n".join((*texts, run.state_title, notes.text, *notes.tags)).casefold()
    return RunRow(run, notes, dataset, architecture, searched)
