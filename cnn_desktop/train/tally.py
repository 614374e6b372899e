"""Adding up what steps found, and turning it into events."""

import math
import time

from cnn_desktop.core.events import EpochDone, StepsDone
from cnn_desktop.train.divergence import DivergenceWatch
from cnn_desktop.train.measuring import Figures, StepFigures, memory_in_use
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.runs.checkpoint import TrainingState
from cnn_desktop.train.task import Task
from cnn_desktop.train.updating import Update

_HORIZON_SECONDS = 60.0
"""The time left is told from about the last minute: other programs come and go."""


class Tally:
    """Figures of a run: from the device into its state, and out as events. The state is that of the run, shared."""

    def __init__(self, task: Task, plan: Plan, state: TrainingState) -> None:
        self.task, self.plan, self.state = task, plan, state
        self._watch = DivergenceWatch(task)
        self._figures = StepFigures()
        self._latest: list[float] = []
        self._seconds_per_step: float | None = None
        self._mark = time.perf_counter()

    def add(self, update: Update) -> None:
        """Note an update; nothing waits for the device."""
        self.state.step += 1
        self._figures.add(update)

    @property
    def is_due(self) -> bool:
        """Whether the device should be asked for the figures now."""
        return self._figures.is_due

    def steps_done(self, rate: float) -> StepsDone | None:
        """Read the figures of the latest steps, if there were any, and add them up; `rate` was that of the last."""
        if not self._figures:
            return None
        losses, hits, sizes, norm = self._figures.read()
        state, count = self.state, sum(sizes)
        self._latest = losses
        if state.first_loss is None:
            state.first_loss = losses[0]
        seconds = self._add_seconds(len(losses))
        state.images += count
        state.epoch_images += count
        state.epoch_hits += sum(hits)
        state.epoch_loss_sum += sum(loss * size for loss, size in zip(losses, sizes, strict=True))
        return StepsDone(
            step=state.step,
            losses=tuple(losses),
            accuracy=sum(hits) / max(1, count),
            learning_rate=rate,
            throughput=count / max(1e-9, seconds),
            seconds=state.seconds,
            seconds_left=self._seconds_left(),
            gradient_norm=norm,
            device_memory=memory_in_use(self.task.device),
        )

    def check(self) -> None:
        """Look at the losses that were read last.

        Raises:
            DivergedError: the run goes nowhere.
        """
        losses, self._latest = self._latest, []
        self._watch.check(losses, self.state.first_loss, self.state.step)

    def epoch_done(self, rate: float, measured: Figures | None, is_best: bool) -> EpochDone:
        """Report the epoch that ends now, and start to count the next one."""
        state = self.state
        count = max(1, state.epoch_images)
        done = EpochDone(
            epoch=self.plan.epoch_of(state.step),
            step=state.step,
            train_loss=state.epoch_loss_sum / count,
            train_accuracy=state.epoch_hits / count,
            validation_loss=None if measured is None else measured.loss,
            validation_accuracy=None if measured is None else measured.accuracy,
            learning_rate=rate,
            throughput=state.epoch_images / max(1e-9, state.epoch_seconds),
            seconds=state.seconds,
            is_best=is_best,
        )
        state.epoch_loss_sum, state.epoch_hits, state.epoch_images, state.epoch_seconds = 0.0, 0, 0, 0.0
        return done

    def validated(self) -> None:
        """Count the time since the last report as that of measuring the validation part."""
        seconds = self.restart_clock()
        self.state.seconds += seconds
        self.state.validation_seconds += seconds

    def restart_clock(self) -> float:
        """Seconds since the clock was last restarted."""
        before, self._mark = self._mark, time.perf_counter()
        return self._mark - before

    def _add_seconds(self, steps: int) -> float:
        state, seconds = self.state, self.restart_clock()
        state.seconds += seconds
        state.step_seconds += seconds
        state.epoch_seconds += seconds
        newest = seconds / steps
        if self._seconds_per_step is None:
            self._seconds_per_step = newest
        else:
            share = 1 - math.exp(-seconds / _HORIZON_SECONDS)
            self._seconds_per_step += share * (newest - self._seconds_per_step)
        return seconds

    def _seconds_left(self) -> float:
        """Time for the steps that are left, and for the validation after each epoch that is left."""
        state, plan = self.state, self.plan
        epochs_done = state.step // plan.steps_per_epoch
        per_validation = state.validation_seconds / max(1, epochs_done)
        steps = (plan.total_steps - state.step) * (self._seconds_per_step or 0.0)
        return steps + (plan.epochs - epochs_done) * per_validation
