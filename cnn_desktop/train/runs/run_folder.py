"""The folder that a run leaves behind (DESIGN §5): written here, read by `runs`."""

import contextlib
import csv
import errno
import io
import json
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.events import EpochDone, Event
from cnn_desktop.core.file_lock import FileLock, is_locked
from cnn_desktop.core.files import sweep, sync_folder, write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
from cnn_desktop.train.runs.growing_file import GrowingFile

CONFIG, ENVIRONMENT, METRICS, TABLE = "config.json", "environment.json", "metrics.jsonl", "metrics.csv"
MODEL, REPORT, CHECKPOINTS, LOCK = "model.cnnmodel", "report.md", "checkpoints", "running.lock"

_COLUMNS = [
    "epoch",
    "step",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "learning_rate",
    "throughput",
    "seconds",
]


class RunFolder:
    """Writes a run's files; every event is a line on disk as soon as it happened.

    One process at a time does so: `running.lock` says which. A disk that fails doesn't end a run: what can't be
    written waits in memory, `take_problem` says so once, and a folder that was deleted is made again.

    Raises:
        BadInputError: the run is being trained already, or its folder can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._problem: str | None = None
        self._is_failing = False
        self._places = _other_places()
        self.checkpoints = CheckpointFolder(path / CHECKPOINTS)
        self._lock = FileLock(path / LOCK)
        try:
            if not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            if not self._lock.acquire(_holder()):
                raise trained_already(path)
            self._facts = {name: (path / name).read_bytes() for name in (CONFIG, ENVIRONMENT) if (path / name).exists()}
            self._metrics, self._table = GrowingFile(path / METRICS), GrowingFile(path / TABLE)
            sweep(path)
        except OSError as error:
            self._lock.release()
            raise _not_writable(path, error) from error
        self.checkpoints.sweep()
        if not self._table.size:
            self._table.add(_row(_COLUMNS))

    @classmethod
    def create(cls, config: RunConfig) -> "RunFolder":
        """Make the folder that `config` names, or a new one beside the other runs.

        Raises:
            BadInputError: the named folder holds something already, or can't be made.
        """
        path = config.run_dir or runs_dir()
        try:
            if config.run_dir is None:
                path = _make_new(path, _stem(config))
            if path.is_dir() and any(path.iterdir()):
                raise BadInputError(
                    _("{folder} isn't empty; name a new folder for the run, or go on with --resume.").format(
                        folder=path
                    )
                )
            (path / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
            write_atomic(path / CONFIG, config.to_json())
            sync_folder(path.parent)
        except OSError as error:
            raise _not_writable(path, error) from error
        return cls(path)

    @staticmethod
    def is_running(path: Path) -> bool:
        """Whether a process, this one included, trains the run in `path` now."""
        return is_locked(path / LOCK)

    def log(self, event: Event) -> None:
        """Append `event` to the metrics, and an epoch to the table."""
        self._metrics.add(json.dumps(event.to_json()) + "\n")
        if isinstance(event, EpochDone):
            values = event.to_json()
            self._table.add(_row(["" if values[column] is None else values[column] for column in _COLUMNS]))
        self._write()

    def take_problem(self) -> str | None:
        """Since the last call: why the run's files can't be written; said once, until it has worked in between."""
        problem, self._problem = self._problem, None
        return problem

    def write_environment(self, facts: dict[str, Any]) -> None:
        """Write on what the run was made; where that fails, it is tried again with every event."""
        self._facts[ENVIRONMENT] = (json.dumps(facts, indent=2) + "\n").encode()
        self._write()

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes of metrics and table so far; a checkpoint keeps them, for `rewind`."""
        return self._metrics.size, self._table.size

    def rewind(self, metrics_bytes: int, table_bytes: int) -> None:
        """Forget what was logged after a checkpoint, which is about to happen again."""
        self._metrics.rewind(metrics_bytes)
        self._table.rewind(table_bytes)

    def move_elsewhere(self) -> str | None:
        """Go on in another folder: beside the other runs, else among temporary files; each is tried once.

        Returns a sentence that says where; None where there is no other.
        """
        old = self.path
        for place in self._places:
            with contextlib.suppress(OSError):
                self.move_into(place)
                return _("{old} can't be written; the run is kept in {new}.").format(old=old, new=self.path)
        return None

    def move_into(self, place: Path) -> None:
        """Go on in a new folder in `place`, called like the run; see `move_to`."""
        self.move_to(_make_new(place, re.sub(r"-\d+$", "", self.path.name)))

    def move_to(self, path: Path) -> None:
        """Go on in `path`, an empty folder or a new one, with all but the checkpoints; the old folder stays as it is.

        Raises:
            OSError: `path` can't be written.
        """
        (path / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / LOCK)
        lock.acquire(_holder())
        config = RunConfig.from_json(self._facts[CONFIG]).changed(run_dir=path)
        facts = {**self._facts, CONFIG: config.to_json().encode()}
        try:
            for name, content in facts.items():
                write_atomic(path / name, content)
            sync_folder(path.parent)
            self._metrics.move_to(path / METRICS)
            self._table.move_to(path / TABLE)
        except OSError:
            lock.release()
            raise
        self._lock.release()
        self.path, self._facts, self._lock = path, facts, lock
        self.checkpoints = CheckpointFolder(path / CHECKPOINTS)

    def close(self) -> None:
        """Close the logs; another process may go on with the run."""
        self._metrics.close()
        self._table.close()
        self._lock.release()

    def _write(self) -> None:
        """Bring on disk what isn't there yet."""
        try:
            self._remake()
            self._metrics.flush()
            self._table.flush()
            self._is_failing = False
        except OSError as error:
            if not self._is_failing:
                sentence = _("{folder} can't be written ({reason}); until it can, the run's figures wait in memory.")
                self._problem = sentence.format(folder=self.path, reason=error.strerror or error)
            self._is_failing = True

    def _remake(self) -> None:
        """Make again what someone deleted, with all but the checkpoints."""
        missing = [name for name in self._facts if not (self.path / name).exists()]
        for name in missing:
            write_atomic(self.path / name, self._facts[name])
        if missing and not is_locked(self.path / LOCK):
            self._lock.release()
            self._lock.acquire(_holder())


def trained_already(path: Path) -> BadInputError:
    """What to say where someone trains the run in `path` now."""
    return BadInputError(
        _("The run {run} is being trained already; stop it there, or wait until it ends.").format(run=path)
    )


def _row(values: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def _holder() -> str:
    """For people who look into the lock's file."""
    return json.dumps({"pid": os.getpid(), "started": datetime.now().isoformat(timespec="seconds")})


def _not_writable(path: Path, error: OSError) -> BadInputError:
    return BadInputError(
        _("The run's folder {folder} can't be written ({reason}); name another place.").format(
            folder=path, reason=error.strerror or error
        )
    )


def _other_places() -> Iterator[Path]:
    yield runs_dir()
    with contextlib.suppress(OSError):  # where nothing at all can be written, there is no temporary folder either
        yield Path(tempfile.gettempdir()) / "cnn-desktop-runs"


def _stem(config: RunConfig) -> str:
    return f"{datetime.now():%Y-%m-%d}-{Path(config.dataset).name}-{config.architecture}"


def _make_new(place: Path, stem: str) -> Path:
    """Make a folder in `place` that wasn't there, also where two programs want one at once."""
    place.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = place / f"{stem}-{number}"
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path
