"""A trainer without a network: the same events as the real one, at a chosen pace, with faults at chosen steps."""

import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    NotSaved,
    Outcome,
    OutOfMemory,
    PartsChanged,
    Paused,
    Preparing,
    RateChanged,
    Resumed,
    RunFinished,
    RunMoved,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.train.control import Control

TrainFunction = Callable[[RunConfig, Control, Path | None], Iterator[Event]]

RUN_DIR = "/runs/fake"


@dataclass(frozen=True)
class FakeTraining:
    """A `train` whose loss falls; called as the real one is."""

    epochs: int = 4
    steps_per_epoch: int = 10
    pause: float = 0.001
    """Seconds for each step."""
    fail_at: int | None = None
    failure: BaseException = field(default_factory=lambda: RuntimeError("CUDA out of memory. Tried to allocate 20 MiB"))
    """What is raised at step `fail_at`."""
    memory_ends_at: int | None = None
    """The step that asks for smaller parts."""
    unsaved_at: tuple[int, ...] = ()
    """Steps after which a checkpoint can't be written."""
    saved_at: tuple[int, ...] = ()
    first_step: int = 0
    """Where it goes on, when it is told to go on."""

    @property
    def total(self) -> int:
        return self.epochs * self.steps_per_epoch

    def __call__(self, config: RunConfig, control: Control, resume_from: Path | None = None) -> Iterator[Event]:
        first = 0 if resume_from is None else self.first_step
        yield RunStarted(RUN_DIR, config.dataset, config.architecture)
        yield Preparing("Reading", 1, 2)
        yield self._started(config, first)
        try:
            for step in range(first + 1, self.total + 1):
                yield from self._obey(step, control)
                if control.stop_requested:
                    yield CheckpointSaved(step, RUN_DIR)
                    yield self._finished(step, "stopped")
                    return
                if control.finish_requested:
                    break
                yield from self._step(step, random.Random(config.seed + step))
            yield self._finished(self.total, "done")
        except BaseException as error:
            yield self._finished(0, "failed", str(error))
            raise

    def _obey(self, step: int, control: Control) -> Iterator[Event]:
        if control.is_paused:
            yield Paused(step, control.frees_device)
            control.wait_while_paused()
            yield Resumed(step)
        if (rate := control.take_rate()) is not None:
            yield RateChanged(step, rate)
        if (place := control.take_place()) is not None:
            yield RunMoved(step, str(place / "run"), f"The run is kept in {place / 'run'} from here on.")
            yield CheckpointSaved(step, str(place / "run"))
        if step == self.memory_ends_at:
            yield OutOfMemory(step, 128, 64)
            if control.wait_for_answer():
                yield PartsChanged(step, 2)
            else:
                control.stop()

    def _step(self, step: int, noise: random.Random) -> Iterator[Event]:
        if step == self.fail_at:
            raise self.failure
        time.sleep(self.pause)
        epoch = step / self.steps_per_epoch
        loss = 0.4 + 2 * math.exp(-epoch / 2)
        losses = (loss + noise.gauss(0, 0.1),)
        accuracy = 0.95 - 0.7 * math.exp(-epoch / 2)
        seconds, left = step * self.pause, (self.total - step) * self.pause
        yield StepsDone(step, losses, accuracy, 1e-3, 48_120.0, seconds, left, 0.8 * loss, 480_000_000)
        if step % self.steps_per_epoch == 0:
            yield EpochDone(
                round(epoch), step, loss, accuracy, loss + 0.1, accuracy - 0.03, 1e-3, 48_120.0, seconds, True
            )
        if step in self.unsaved_at:
            yield NotSaved(step, "The disk is full: 12 MB are needed.")
        if step in self.saved_at:
            yield CheckpointSaved(step, RUN_DIR)

    def _started(self, config: RunConfig, first_step: int) -> TrainingStarted:
        return TrainingStarted(
            device="CPU",
            precision="fp32",
            classes=("a", "b"),
            train_images=1000,
            validation_images=100,
            test_images=100,
            parameters=10_000,
            epochs=self.epochs,
            steps_per_epoch=self.steps_per_epoch,
            total_steps=self.total,
            first_step=first_step,
            batch_size=config.recipe.batch_size,
            parts=1,
            is_exact=True,
        )

    def _finished(self, step: int, outcome: Outcome, message: str = "") -> RunFinished:
        return RunFinished(
            outcome=outcome,
            run_dir=RUN_DIR,
            message=message,
            steps=step,
            test_accuracy=0.842 if outcome == "done" else None,
            test_loss=0.5,
            best_epoch=self.epochs,
            best_validation_accuracy=0.85,
            train_seconds=1.0,
            throughput=48_120.0,
            model_file=None if outcome == "failed" else f"{RUN_DIR}/model.cnnmodel",
        )
