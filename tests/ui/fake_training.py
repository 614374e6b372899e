"""A trainer without a network: the same events as the real one, at a chosen pace."""

import math
import random
import time
from collections.abc import Callable, Iterator

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import (
    EpochDone,
    Event,
    Paused,
    Preparing,
    Resumed,
    RunFinished,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.train.control import Control

TrainFunction = Callable[[RunConfig, Control], Iterator[Event]]


def fake_train(
    epochs: int = 4, steps_per_epoch: int = 10, pause: float = 0.001, fail_at: int | None = None
) -> TrainFunction:
    """A `train` whose loss falls; at step `fail_at` it raises as an out-of-memory does."""
    total = epochs * steps_per_epoch

    def finished(config: RunConfig, step: int, outcome: str) -> RunFinished:
        return RunFinished(
            outcome=outcome,  # pyright: ignore[reportArgumentType]
            run_dir="/runs/fake",
            message="",
            steps=step,
            test_accuracy=0.842 if outcome == "done" else None,
            test_loss=0.5,
            best_epoch=epochs,
            best_validation_accuracy=0.85,
            train_seconds=1.0,
            throughput=48_120.0,
            model_file="/runs/fake/model.cnnmodel",
        )

    def train(config: RunConfig, control: Control) -> Iterator[Event]:
        noise = random.Random(config.seed)
        yield RunStarted("/runs/fake", config.dataset, config.architecture)
        yield Preparing("Reading", 1, 2)
        yield TrainingStarted("CPU", "fp32", ("a", "b"), 1000, 100, 100, 10_000, epochs, steps_per_epoch, total, 0)
        for step in range(1, total + 1):
            if control.is_paused:
                yield Paused(step)
                control.wait_while_paused()
                yield Resumed(step)
            if control.stop_requested:
                yield finished(config, step, "stopped")
                return
            if step == fail_at:
                raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")
            time.sleep(pause)
            epoch = step / steps_per_epoch
            loss = 0.4 + 2 * math.exp(-epoch / 2)
            losses = (loss + noise.gauss(0, 0.1),)
            accuracy = 0.95 - 0.7 * math.exp(-epoch / 2)
            yield StepsDone(step, losses, accuracy, 1e-3, 48_120.0, step * pause, (total - step) * pause)
            if step % steps_per_epoch == 0:
                yield EpochDone(
                    round(epoch), step, loss, accuracy, loss + 0.1, accuracy - 0.03, 1e-3, 48_120.0, step * pause, True
                )
        yield finished(config, total, "done")

    return train
