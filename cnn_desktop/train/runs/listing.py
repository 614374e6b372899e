"""The runs that there are: read from their folders, and read again only where something changed."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
from cnn_desktop.train.runs.metrics_log import MetricsLog
from cnn_desktop.train.runs.run_folder import CHECKPOINTS, CONFIG, METRICS, MODEL, REPORT, RunFolder
from cnn_desktop.train.runs.run_summary import RunSummary, best_epoch, number_or_none, thumbnail

_Marks = tuple[tuple[int, int] | None, ...]
"""(modified, size) of the files that a summary is made from; None for an absent one."""
_WATCHED = (CONFIG, METRICS, MODEL, REPORT, f"{CHECKPOINTS}/last.json", f"{CHECKPOINTS}/best.json")


@dataclass(frozen=True)
class DamagedRun:
    """A folder of a run whose settings can't be read; the reason is a sentence."""

    path: Path
    reason: str


@dataclass(frozen=True)
class RunSurvey:
    """Everything in the folder of runs."""

    runs: list[RunSummary]
    """Newest first."""
    damaged: list[DamagedRun]


def survey_runs(folder: Path | None = None, progress: Progress = no_progress) -> RunSurvey:
    """All runs below `folder` (None: the program's own), damaged ones apart; what isn't a run is passed over."""
    paths = list(_run_folders(folder or runs_dir()))
    survey = RunSurvey([], [])
    for done, path in enumerate(paths):
        progress(done, len(paths))
        try:
            survey.runs.append(read_run(path))
        except BadInputError as error:  # it must not hide the others
            survey.damaged.append(DamagedRun(path, one_line(error)))
    survey.runs.sort(key=lambda run: run.started, reverse=True)
    return survey


def list_runs(folder: Path | None = None) -> list[RunSummary]:
    """All runs below `folder` (None: the program's own), newest first; damaged ones are passed over."""
    return survey_runs(folder).runs


def read_run(path: Path) -> RunSummary:
    """What the folder of a run says.

    Raises:
        BadInputError: the folder holds no run, or its settings can't be read.
    """
    return _reader.read(path)


def find_run(name: str) -> RunSummary:
    """The run in the folder `name`, or the one of that name among the program's own.

    Raises:
        BadInputError: there is none, or its settings can't be read.
    """
    path = Path(name)
    return read_run(path if path.exists() else runs_dir() / name)


def latest_unfinished(folder: Path | None = None) -> RunSummary:
    """The newest run that can go on.

    Raises:
        BadInputError: there is none.
    """
    for run in list_runs(folder):
        if run.can_go_on:
            return run
    raise BadInputError(_("There is no unfinished run to go on with in {folder}.").format(folder=folder or runs_dir()))


@dataclass
class _Known:
    log: MetricsLog
    marks: _Marks
    summary: RunSummary


class _RunReader:
    """Remembers what it read; threads take turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Path, _Known] = {}

    def read(self, path: Path) -> RunSummary:
        with self._lock:
            marks = _marks(path)
            known = self._known.get(path)
            if known is None or known.marks != marks:
                known = self._known[path] = self._read(path, marks, known)
            is_running = RunFolder.is_running(path)
            return replace(known.summary, is_running=is_running, can_go_on=known.summary.can_go_on and not is_running)

    def _read(self, path: Path, marks: _Marks, known: _Known | None) -> _Known:
        try:
            config = RunConfig.from_json((path / CONFIG).read_bytes())
            log = known.log if known is not None else MetricsLog(path / METRICS)
            log.follow()
            return _Known(log, marks, _summary(path, config, log))
        except FileNotFoundError as error:
            raise BadInputError(_("{folder} isn't the folder of a run.").format(folder=path)) from error
        except OSError as error:
            sentence = _("The run {folder} can't be read: {reason}.")
            raise BadInputError(sentence.format(folder=path, reason=error.strerror or one_line(error))) from error


_reader = _RunReader()


def _run_folders(place: Path) -> Iterator[Path]:
    try:
        yield from (path for path in place.iterdir() if _may_be_run(path))
    except FileNotFoundError:
        return
    except OSError as error:
        sentence = _("The folder of runs {folder} can't be read: {reason}.")
        raise BadInputError(sentence.format(folder=place, reason=error.strerror or one_line(error))) from error


def _may_be_run(path: Path) -> bool:
    try:
        return (path / CONFIG).exists()
    except OSError:  # a folder that may not be looked into: reading it will say so
        return True


def _marks(path: Path) -> _Marks:
    def mark(name: str) -> tuple[int, int] | None:
        try:
            found = (path / name).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    return tuple(mark(name) for name in _WATCHED)


def _summary(path: Path, config: RunConfig, log: MetricsLog) -> RunSummary:
    finished = log.finished
    outcome = finished.get("outcome")
    epoch, accuracy = best_epoch(log.epochs)
    planned = log.started.get("epochs")
    return RunSummary(
        path=path,
        config=config,
        started=datetime.fromtimestamp((path / CONFIG).stat().st_mtime),
        outcome=outcome,
        message=str(finished.get("message") or ""),
        is_running=False,
        epochs=len(log.epochs),
        planned_epochs=planned if isinstance(planned, int) else None,
        steps=log.step,
        seconds=number_or_none(finished.get("train_seconds")) or log.seconds,
        device=str(log.started.get("device", "")),
        precision=str(log.started.get("precision", "")),
        best_validation_accuracy=accuracy,
        best_epoch=epoch,
        test_accuracy=number_or_none(finished.get("test_accuracy")),
        curve=thumbnail(log),
        has_model=(path / MODEL).is_file(),
        can_go_on=outcome != "done" and CheckpointFolder(path / CHECKPOINTS).exists(),
        size=_size(path),
    )


def _size(path: Path) -> int:
    total = 0
    for file in path.rglob("*"):
        with contextlib.suppress(OSError):  # a run that is going on replaces its checkpoints
            total += file.lstat().st_size
    return total
