"""`train --estimate` and `train --find-rate`: what is known about a run before it starts."""

from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from cnn_desktop.cli.output import (
    EXIT_BAD_INPUT,
    EXIT_INTERRUPTED,
    EXIT_OK,
    ProgressLine,
    print_json,
    print_message,
    print_text,
)
from cnn_desktop.cli.training_output import stopping_on_signals
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Event, Preparing, RateFound, RateTried
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text, duration_text

T = TypeVar("T")


def print_estimate(config: RunConfig, as_json: bool) -> int:
    """Print what the run will take and what stands against it, and train nothing."""
    from cnn_desktop.train.control import Control
    from cnn_desktop.train.planning.estimate import estimate

    control = Control()
    with stopping_on_signals(control.stop):
        try:
            found = _awaited(estimate(config, control))
        except CancelledError:
            return EXIT_INTERRUPTED
    if as_json:
        print_json(found.to_json())
    else:
        for sentence in _sentences(found):
            print_text(sentence)
        for problem in found.problems:
            print_message(problem.sentence)
    return EXIT_BAD_INPUT if found.is_stopped else EXIT_OK


def print_rates(config: RunConfig, as_json: bool) -> int:
    """Print the losses at ever higher learning rates and the rate that they suggest, and train nothing."""
    from cnn_desktop.train.control import Control
    from cnn_desktop.train.planning.finder import find_rate

    control = Control()
    show: Callable[[Event], None] = _print_event if as_json else _RateTable().show
    with stopping_on_signals(control.stop):
        for event in find_rate(config, control):
            show(event)
    return EXIT_INTERRUPTED if control.stop_requested else EXIT_OK


def _awaited(work: Generator[Preparing, None, T]) -> T:
    """What `work` returns, its progress on stderr."""
    line = ProgressLine()
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            line.clear()
            return end.value
        line.show(event.what, event.done, event.total)


def _sentences(found) -> Iterator[str]:  # noqa: ANN001 - its type would import torch before it is needed
    if found.parameters is not None:
        yield (
            _("{trainable:,} of {all:,} parameters learn, computed in {precision}. {reason}")
            .format(
                trainable=found.trainable_parameters,
                all=found.parameters,
                precision=found.precision,
                reason=found.precision_reason,
            )
            .rstrip()
        )
    if found.seconds is None:
        return
    yield _("An epoch takes about {epoch}, the run {run}, at {rate:,.0f} pictures/s.").format(
        epoch=duration_text(found.seconds_per_epoch), run=duration_text(found.seconds), rate=found.throughput
    )
    yield _("It needs about {needed} of memory; {free} is free.").format(
        needed=bytes_text(found.memory_bytes), free=bytes_text(found.free_bytes)
    )


def _print_event(event: Event) -> None:
    print_json(event.to_json())


class _RateTable:
    """A search for a person: a progress line, then a line a rate."""

    def __init__(self) -> None:
        self._line = ProgressLine()
        self._has_head = False

    def show(self, event: Event) -> None:
        """Print what `event` says."""
        match event:
            case Preparing(what=what, done=done, total=total):
                self._line.show(what, done, total)
            case RateTried():
                self._print_head()
                print_text(f"{event.rate:10.2e}  {event.loss:10.4f}  {event.smoothed:10.4f}")
            case RateFound(reason=reason):
                self._line.clear()
                print_text(reason)
            case _:
                pass

    def _print_head(self) -> None:
        if not self._has_head:
            self._has_head = True
            self._line.clear()
            print_text(f"{_('rate'):>10}  {_('loss'):>10}  {_('smoothed'):>10}")
