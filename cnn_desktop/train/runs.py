"""The runs that there are: read from their folders."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.train.checkpoint import CheckpointFolder
from cnn_desktop.train.run_folder import CHECKPOINTS, CONFIG, METRICS, MODEL


@dataclass(frozen=True)
class RunSummary:
    """What a list of runs shows of one."""

    path: Path
    config: RunConfig
    outcome: str | None
    """done, stopped, failed; None while it runs, or where it was killed."""
    epochs: int
    best_validation_accuracy: float | None
    test_accuracy: float | None
    has_model: bool
    can_go_on: bool

    @property
    def title(self) -> str:
        """The folder's name, which says date, dataset, architecture and number."""
        return self.path.name

    @property
    def best_accuracy(self) -> float | None:
        """Test accuracy where it was measured, else the best on the validation part."""
        return self.best_validation_accuracy if self.test_accuracy is None else self.test_accuracy


def list_runs(folder: Path | None = None) -> list[RunSummary]:
    """All runs below `folder` (None: the program's own), newest first; what isn't a run is passed over."""
    place = folder or runs_dir()
    if not place.is_dir():
        return []
    paths = [path for path in place.iterdir() if (path / CONFIG).is_file()]
    paths.sort(key=lambda path: (path / CONFIG).stat().st_mtime_ns, reverse=True)
    runs: list[RunSummary] = []
    for path in paths:
        try:
            runs.append(read_run(path))
        except BadInputError:  # a damaged run must not hide the others; opening it by name says what is wrong
            continue
    return runs


def read_run(path: Path) -> RunSummary:
    """What the folder of a run says.

    Raises:
        BadInputError: the folder holds no run, or its settings can't be read.
    """
    try:
        config = RunConfig.from_json((path / CONFIG).read_bytes())
    except OSError as error:
        raise BadInputError(_("{folder} isn't the folder of a run.").format(folder=path)) from error
    epochs, last = 0, {}
    best: float | None = None
    for event in _events(path / METRICS):
        if event.get("event") == "epoch_done":
            epochs = event["epoch"]
            accuracy = event["validation_accuracy"]
            best = accuracy if best is None or (accuracy or 0) > best else best
        last = event
    finished = last if last.get("event") == "run_finished" else {}
    outcome = finished.get("outcome")
    return RunSummary(
        path=path,
        config=config,
        outcome=outcome,
        epochs=epochs,
        best_validation_accuracy=best,
        test_accuracy=finished.get("test_accuracy"),
        has_model=(path / MODEL).is_file(),
        can_go_on=outcome != "done" and CheckpointFolder(path / CHECKPOINTS).exists(),
    )


def latest_unfinished(folder: Path | None = None) -> RunSummary:
    """The newest run that can go on.

    Raises:
        BadInputError: there is none.
    """
    for run in list_runs(folder):
        if run.can_go_on:
            return run
    raise BadInputError(_("There is no unfinished run to go on with in {folder}.").format(folder=folder or runs_dir()))


def _events(file: Path) -> Iterator[dict[str, Any]]:
    """The lines of a metrics file; a last line that a crash cut short is left out."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                return
