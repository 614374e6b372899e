"""A run's figures as TensorBoard reads them; writing them needs nothing of TensorBoard.

The file is a sequence of records (`tensorflow/core/lib/io/record_writer.h`), each a protocol buffer `Event`
(`tensorboard/compat/proto/event.proto`) whose summary holds named numbers.
"""

import functools
import importlib.util
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, ParamSpec

from cnn_desktop.core.errors import BadInputError, one_line
from cnn_desktop.core.events import EpochDone, Event, Notice, RunMoved, RunStarted, StepsDone, TrainingStarted
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.train.runs.crc32c import masked_crc32c
from cnn_desktop.train.runs.run_folder import CONFIG, METRICS

P = ParamSpec("P")

_PER_STEPS = {
    "step/accuracy": "accuracy",
    "step/learning_rate": "learning_rate",
    "step/throughput": "throughput",
    "step/gradient_norm": "gradient_norm",
    "step/device_memory": "device_memory",
}
_PER_EPOCH = {
    "loss/train": "train_loss",
    "loss/validation": "validation_loss",
    "accuracy/train": "train_accuracy",
    "accuracy/validation": "validation_accuracy",
    "epoch": "epoch",
}
_PROGRESS_EVERY = 500


def write_events(run: Path, progress: Progress = no_progress) -> Path:
    """Write everything that the run logged so far to its `events.out.tfevents…`, and return that file.

    `progress` counts bytes of the log.

    Raises:
        BadInputError: the folder holds no run, or can't be written.
    """
    try:
        started = _started(run)
        target = run / f"events.out.tfevents.{started:010d}.cnn-desktop"
        with atomic_path(target) as temporary, temporary.open("wb") as stream:
            stream.write(_record(_event(started, 0, version="brain.Event:2")))
            for step, seconds, values in _scalars(run / METRICS, progress):
                stream.write(_record(_event(started + seconds, step, values)))
    except FileNotFoundError as error:
        raise BadInputError(_("{folder} isn't the folder of a run.").format(folder=run)) from error
    except OSError as error:
        sentence = _("TensorBoard's file for {run} can't be written: {reason}.")
        raise BadInputError(sentence.format(run=run.name, reason=error.strerror or one_line(error))) from error
    return target


def followed(train: Callable[P, Iterator[Event]]) -> Callable[P, Iterator[Event]]:
    """`train`, the figures of whose run are written for TensorBoard as they come.

    Where that fails, the run goes on without, after a `Notice`.
    """

    @functools.wraps(train)
    def follow(*args: P.args, **kwargs: P.kwargs) -> Iterator[Event]:
        return _follow(train(*args, **kwargs))

    return follow


def _follow(events: Iterator[Event]) -> Iterator[Event]:
    run, stream = Path(), None
    try:
        for event in events:
            yield event
            try:
                if isinstance(event, RunStarted):
                    run = Path(event.run_dir)
                elif isinstance(event, TrainingStarted):  # a run that goes on has gone back to its checkpoint by now
                    stream = write_events(run).open("ab")
                elif isinstance(event, RunMoved):
                    if stream is not None:
                        stream.close()
                    run = Path(event.run_dir)
                    stream = write_events(run).open("ab")
                elif stream is not None:
                    _append(stream, run, event)
            except (OSError, BadInputError) as error:
                stream = None
                yield Notice(_("TensorBoard's events aren't written any more: {reason}").format(reason=one_line(error)))
    finally:
        if stream is not None:
            stream.close()


def _append(stream: BinaryIO, run: Path, event: Event) -> None:
    if isinstance(event, StepsDone | EpochDone):
        started = _started(run)
        for step, seconds, values in _of_line(event.to_json()):
            stream.write(_record(_event(started + seconds, step, values)))
        stream.flush()


def _started(run: Path) -> int:
    """Seconds since 1970; what the run logs are seconds since then."""
    return int((run / CONFIG).stat().st_mtime)


def how_to_look(folder: Path) -> str:
    """A sentence that says how to open the events below `folder`; with how to get TensorBoard where it is absent."""
    command = f'tensorboard --logdir "{folder}"'
    if importlib.util.find_spec("tensorboard") is not None:
        return _("Look at it with `{command}`.").format(command=command)
    install = 'pip install "cnn-desktop[tensorboard]"'
    sentence = _("TensorBoard isn't installed here; get it with `{install}`, then look with `{command}`.")
    return sentence.format(install=install, command=command)


def _scalars(metrics: Path, progress: Progress) -> Iterator[tuple[int, float, dict[str, float]]]:
    """(step, seconds, values by tag) of every line that holds figures; damaged lines are passed over."""
    if not metrics.exists():
        return
    size, done = metrics.stat().st_size, 0
    with metrics.open("rb") as lines:
        for number, line in enumerate(lines):
            done += len(line)
            if number % _PROGRESS_EVERY == 0:
                progress(done, size)
            try:
                yield from _of_line(json.loads(line))
            except (ValueError, TypeError, KeyError):
                continue


def _of_line(event: Mapping[str, Any]) -> list[tuple[int, float, dict[str, float]]]:
    if event["event"] == "epoch_done":
        return [(int(event["step"]), float(event["seconds"]), _values(event, _PER_EPOCH))]
    if event["event"] != "steps_done":
        return []
    step, seconds, losses = int(event["step"]), float(event["seconds"]), event["losses"]
    first = step - len(losses) + 1
    points = [
        (first + index, seconds, {"step/loss": float(loss)}) for index, loss in enumerate(losses) if loss is not None
    ]
    return [*points, (step, seconds, _values(event, _PER_STEPS))]


def _values(event: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, float]:
    return {tag: float(value) for tag, field in fields.items() if (value := event.get(field)) is not None}


# ---- TensorFlow's record file, and the few fields of protocol buffers that it takes


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    return struct.pack("<I", masked_crc32c(data))


def _event(wall_time: float, step: int, values: Mapping[str, float] | None = None, version: str = "") -> bytes:
    """`Event`: 1 wall_time, 2 step, 3 file_version, 5 summary."""
    data = b"\x09" + struct.pack("<d", wall_time) + b"\x10" + _varint(step)
    if version:
        return data + b"\x1a" + _sized(version.encode())
    summary = b"".join(b"\x0a" + _sized(_value(tag, number)) for tag, number in (values or {}).items())
    return data + b"\x2a" + _sized(summary)


def _value(tag: str, number: float) -> bytes:
    """`Summary.Value`: 1 tag, 2 simple_value."""
    return b"\x0a" + _sized(tag.encode()) + b"\x15" + struct.pack("<f", number)


def _sized(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
