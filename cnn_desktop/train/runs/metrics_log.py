"""A run's `metrics.jsonl`, read fast: only the lines that are needed, and at a later look only what was added since."""

from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json

_STEPS = b'{"event": "steps_done"'
_TAIL = 96
"""Bytes kept of what was read last, to notice that a run went back to a checkpoint and wrote something else."""


class Measured(NamedTuple):
    """Figures of a run after `step`; those that weren't measured, or weren't finite, are None."""

    step: int
    seconds: float
    train_loss: float | None
    train_accuracy: float | None
    validation_loss: float | None = None
    validation_accuracy: float | None = None


class MetricsLog:
    """Follows one file, which may still grow.

    Args:
        file: need not exist yet.
        most_samples: of the lines about steps, at most so many are taken, evenly spread: a long run has a million.
    """

    def __init__(self, file: Path, most_samples: int = 100) -> None:
        self._file = file
        self._most_samples = most_samples
        self._forget()

    def _forget(self) -> None:
        self.epochs: list[Measured] = []
        self.samples: list[Measured] = []
        """Means over the steps of a line, for lines all through the run."""
        self.started: dict[str, Any] = {}
        """The `training_started` event as JSON values; empty before it."""
        self.finished: dict[str, Any] = {}
        """The `run_finished` event, where nothing came after it."""
        self.step = 0
        self.seconds = 0.0
        self._offset, self._tail = 0, b""
        self._lines, self._stride = 0, 1

    @property
    def steps_per_epoch(self) -> int | None:
        """As the run announced it."""
        steps = self.started.get("steps_per_epoch")
        return steps if isinstance(steps, int) and steps > 0 else None

    def follow(self) -> None:
        """Read what was added since the last time; a last line that isn't whole yet is left for the next time.

        Raises:
            OSError: the file is there and can't be read.
        """
        if not self._file.exists():
            self._forget()
            return
        latest = b""
        with self._file.open("rb") as stream:
            stream.seek(self._offset - len(self._tail))
            if stream.read(len(self._tail)) != self._tail:
                self._forget()
                stream.seek(0)
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                self._offset += len(line)
                self._tail = line[-_TAIL:]
                if line.startswith(_STEPS):
                    latest = line
                    self._sample(line)
                else:
                    latest = b"" if self._take(line) else latest
        if latest and (point := _of_steps(latest)) is not None:
            self._move_to(point)

    def _sample(self, line: bytes) -> None:
        """Keep one line in so many, and one in twice as many whenever there are too many."""
        self.finished = {}
        self._lines += 1
        if self._lines % self._stride or (point := _of_steps(line)) is None:
            return
        self.samples.append(point)
        if len(self.samples) > self._most_samples:
            del self.samples[::2]
            self._stride *= 2

    def _take(self, line: bytes) -> bool:
        """Take any other line; whether it told how far the run is. One that a fault damaged is passed over."""
        try:
            event = from_json(line)
            name = event["event"]
        except (ValueError, TypeError, KeyError):
            return False
        self.finished = event if name == "run_finished" else {}
        if name == "training_started":
            self.started = event
        elif name == "epoch_done" and (point := _of_epoch(event)) is not None:
            self.epochs.append(point)
            self._move_to(point)
            return True
        return False

    def _move_to(self, point: Measured) -> None:
        self.step, self.seconds = point.step, point.seconds


def _of_steps(line: bytes) -> Measured | None:
    try:
        event = from_json(line)
        losses = [loss for loss in event["losses"] if loss is not None]
        mean = sum(losses) / len(losses) if losses else None
        return Measured(int(event["step"]), float(event["seconds"]), mean, _number(event["accuracy"]))
    except (ValueError, TypeError, KeyError):
        return None


def _of_epoch(event: dict[str, Any]) -> Measured | None:
    try:
        return Measured(
            int(event["step"]),
            float(event["seconds"]),
            _number(event["train_loss"]),
            _number(event["train_accuracy"]),
            _number(event["validation_loss"]),
            _number(event["validation_accuracy"]),
        )
    except (ValueError, TypeError, KeyError):
        return None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
