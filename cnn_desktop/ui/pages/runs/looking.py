"""What the panel beside the list needs of the selected runs, read in a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_desktop.core.errors import BadInputError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.train.runs.notes import RunNotes, write_notes

if TYPE_CHECKING:
    from cnn_desktop.train.runs.curves import CurveReader, RunCurves


@dataclass(frozen=True)
class Looked:
    """The curves of runs, in their order."""

    paths: tuple[Path, ...]
    curves: tuple[RunCurves, ...]


def look_at(reader: CurveReader, paths: Sequence[Path], progress: Progress = no_progress) -> Looked:
    """Read the curves of these runs.

    Raises:
        BadInputError: a file can't be read.
    """
    progress(0, len(paths))
    try:
        curves = reader.read(paths)
    except OSError as error:
        sentence = _("The run's figures can't be read: {reason}.")
        raise BadInputError(sentence.format(reason=error.strerror or one_line(error))) from error
    return Looked(tuple(paths), tuple(curves[path] for path in paths))


def keep_notes(run: Path, notes: RunNotes, progress: Progress = no_progress) -> None:
    """Write the notes of a run; once begun, that isn't cancelled.

    Raises:
        BadInputError: the folder is gone or can't be written.
    """
    del progress
    write_notes(run, notes)


def report_of(run: Path, progress: Progress = no_progress) -> str:
    """The run's report, in Markdown.

    Raises:
        BadInputError: there is none, or it can't be read.
    """
    from cnn_desktop.train.runs.run_folder import REPORT

    progress(0, 1)
    try:
        return (run / REPORT).read_text("utf-8", errors="replace")
    except OSError as error:
        sentence = _("{run} has no report yet; one is written when a run ends.")
        raise BadInputError(sentence.format(run=run.name)) from error


def export_all(runs: Sequence[Path], progress: Progress = no_progress) -> str:
    """Write the runs' events for TensorBoard; the answer says where they are and how to look at them.

    Raises:
        BadInputError: a folder can't be written.
    """
    from cnn_desktop.train.runs.tensorboard import how_to_look, write_events

    written = [write_events(run, progress) for run in runs]
    place = written[0].parent if len(runs) == 1 else written[0].parent.parent
    return _("TensorBoard's events are in {place}. {how}").format(place=place, how=how_to_look(place))
