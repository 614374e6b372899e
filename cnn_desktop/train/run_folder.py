"""The folder that a run leaves behind (DESIGN §5): written here, read by `runs`."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.events import EpochDone, Event
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.train.checkpoint import CheckpointFolder

CONFIG, ENVIRONMENT, METRICS, TABLE = "config.json", "environment.json", "metrics.jsonl", "metrics.csv"
MODEL, REPORT, CHECKPOINTS = "model.cnnmodel", "report.md", "checkpoints"

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
    """Writes a run's files; every event is a line on disk as soon as it happened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = CheckpointFolder(path / CHECKPOINTS)
        self._metrics = (path / METRICS).open("ab")
        self._table = (path / TABLE).open("ab")

    @classmethod
    def create(cls, config: RunConfig) -> "RunFolder":
        """Make the folder that `config` names, or a new one beside the other runs.

        Raises:
            BadInputError: the named folder holds something already, or can't be made.
        """
        path = config.run_dir or _new_path(config)
        try:
            if path.is_dir() and any(path.iterdir()):
                raise BadInputError(
                    _("{folder} isn't empty; name a new folder for the run, or go on with --resume.").format(
                        folder=path
                    )
                )
            (path / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
            write_atomic(path / CONFIG, config.to_json())
            folder = cls(path)
        except OSError as error:
            raise BadInputError(
                _("The run's folder {folder} can't be written ({reason}); name another place.").format(
                    folder=path, reason=error.strerror or error
                )
            ) from error
        folder._write_row(_COLUMNS)
        return folder

    def log(self, event: Event) -> None:
        """Append `event` to the metrics, and an epoch to the table."""
        self._metrics.write((json.dumps(event.to_json()) + "\n").encode())
        self._metrics.flush()
        if isinstance(event, EpochDone):
            values = event.to_json()
            self._write_row(["" if values[column] is None else values[column] for column in _COLUMNS])

    def write_environment(self, facts: dict[str, Any]) -> None:
        """Write on what the run was made."""
        write_atomic(self.path / ENVIRONMENT, json.dumps(facts, indent=2) + "\n")

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes of metrics and table so far; a checkpoint keeps them, for `rewind`."""
        return self._metrics.tell(), self._table.tell()

    def rewind(self, metrics_bytes: int, table_bytes: int) -> None:
        """Forget what was logged after a checkpoint, which is about to happen again."""
        for stream, size in ((self._metrics, metrics_bytes), (self._table, table_bytes)):
            stream.truncate(size)
            stream.seek(0, io.SEEK_END)

    def close(self) -> None:
        """Close the logs."""
        self._metrics.close()
        self._table.close()

    def _write_row(self, values: list[Any]) -> None:
        text = io.StringIO()
        csv.writer(text).writerow(values)
        self._table.write(text.getvalue().encode())
        self._table.flush()


def _new_path(config: RunConfig) -> Path:
    dataset = Path(config.dataset).name
    stem = f"{datetime.now():%Y-%m-%d}-{dataset}-{config.architecture}"
    number = 1
    while (runs_dir() / f"{stem}-{number}").exists():
        number += 1
    return runs_dir() / f"{stem}-{number}"
