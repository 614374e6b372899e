"""A run in the terminal: its events as lines, Ctrl+C as a stop."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cnn_desktop.cli.output import (
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_OK,
    ProgressLine,
    print_json,
    print_message,
    print_text,
)
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CnnDesktopError
from cnn_desktop.core.events import (
    EndedEarly,
    EpochDone,
    Event,
    LayersUnfrozen,
    Notice,
    NotSaved,
    OutOfMemory,
    Preparing,
    RunFinished,
    RunMoved,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text


def print_training(config: RunConfig, as_json: bool, resume_from: Path | None = None, tensorboard: bool = False) -> int:
    """Train, print every event, and return the exit code. Ctrl+C saves a checkpoint and ends the run."""
    from cnn_desktop.train.control import Control
    from cnn_desktop.train.runs.tensorboard import followed
    from cnn_desktop.train.trainer import train

    events = followed(train) if tensorboard else train
    control = Control()
    show: Callable[[Event], None] = _print_event if as_json else _Report().show
    finished: RunFinished | None = None
    with stopping_on_signals(control.stop):
        try:
            for event in events(config, control, resume_from):
                show(event)
                if isinstance(event, RunFinished):
                    finished = event
        except CnnDesktopError:
            raise
        except Exception as error:
            if finished is None:
                raise
            print_message(_("The run failed: {reason}").format(reason=finished.message or type(error).__name__))
            return EXIT_FAILED
    if finished is None or finished.outcome == "failed":
        return EXIT_FAILED
    return EXIT_INTERRUPTED if finished.outcome == "stopped" else EXIT_OK


@contextmanager
def stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C and a polite kill stop the run after its step; a second Ctrl+C interrupts at once."""

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def on_signal(number: int, _frame: object) -> None:
        stop()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_event(event: Event) -> None:
    print_json(event.to_json())


class _Report:
    """A run for a person: a progress line, and a line an epoch."""

    def __init__(self) -> None:
        self._line = ProgressLine()
        self._total_steps = self._epochs = 0
        self._epoch = 1

    def show(self, event: Event) -> None:
        """Print what `event` says."""
        match event:
            case Preparing(what=what, done=done, total=total):
                self._line.show(what, done, total)
            case StepsDone():
                text = _("Epoch {epoch} of {epochs} · loss {loss:.3f} · {rate:,.0f} pictures/s · {left} left").format(
                    epoch=self._epoch,
                    epochs=self._epochs,
                    loss=sum(event.losses) / len(event.losses),
                    rate=event.throughput,
                    left=duration_text(event.seconds_left),
                )
                self._line.show(text, event.step, self._total_steps)
            case _:
                if text := self._sentence(event):
                    self._line.clear()
                    print_text(text)

    def _sentence(self, event: Event) -> str:
        match event:
            case RunStarted():
                return _("Run folder: {folder}").format(folder=event.run_dir)
            case TrainingStarted():
                self._total_steps, self._epochs = event.total_steps, event.epochs
                return _("{pictures:,} pictures, {parameters:,} parameters, on {device} in {precision}").format(
                    pictures=event.train_images,
                    parameters=event.parameters,
                    device=event.device,
                    precision=event.precision,
                )
            case EpochDone():
                self._epoch = event.epoch + 1
                return self._epoch_sentence(event)
            case RunFinished():
                return self._end_sentence(event)
            case _:
                return _remark(event)

    def _epoch_sentence(self, event: EpochDone) -> str:
        sentence = _("Epoch {epoch} of {epochs}: training loss {loss:.4f}, accuracy {accuracy}").format(
            epoch=event.epoch,
            epochs=self._epochs,
            loss=event.train_loss,
            accuracy=percent_text(event.train_accuracy),
        )
        if event.validation_accuracy is not None:
            sentence += _("; validation loss {loss:.4f}, accuracy {accuracy}").format(
                loss=event.validation_loss, accuracy=percent_text(event.validation_accuracy)
            )
        return sentence

    def _end_sentence(self, event: RunFinished) -> str:
        parts = [event.message]
        if event.test_accuracy is not None:
            parts.append(_("Test accuracy {accuracy}.").format(accuracy=percent_text(event.test_accuracy, 2)))
        if event.train_seconds:
            parts.append(
                _("{time} of training, {rate:,.0f} pictures/s.").format(
                    time=duration_text(event.train_seconds), rate=event.throughput
                )
            )
        return " ".join(parts)


def _remark(event: Event) -> str:
    """What else a person should know; nothing for most events."""
    match event:
        case Notice(message=message) | NotSaved(message=message) | RunMoved(message=message):
            return message
        case EndedEarly(reason=message):
            return message
        case OutOfMemory():
            return _("Not enough memory for {size} pictures at once; going on with {proposed} at a time.").format(
                size=event.part_size, proposed=event.proposed_part_size
            )
        case LayersUnfrozen():
            return _("From here on, all layers but the first {frozen} learn ({parameters:,} parameters).").format(
                frozen=event.frozen, parameters=event.trainable_parameters
            )
        case _:
            return ""
