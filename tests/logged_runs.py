"""Run folders as training leaves them, written by the engine's own `RunFolder`, without the training."""

import json
import math
import os
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import EpochDone, Outcome, RunFinished, RunStarted, StepsDone, TrainingStarted
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.train.runs.run_folder import RunFolder

STEPS_PER_EPOCH = 20


def open_run(
    epochs: int = 3, planned: int = 3, dataset: str = "digits", path: Path | None = None, **recipe: object
) -> RunFolder:
    """A run whose process still holds it, with so many epochs done."""
    config = RunConfig(
        dataset=dataset, architecture="mnist_cnn", recipe=Recipe(epochs=planned).changed(**recipe), run_dir=path
    )
    folder = RunFolder.create(config)
    folder.log(RunStarted(str(folder.path), dataset, "mnist_cnn"))
    total = planned * STEPS_PER_EPOCH
    folder.log(
        TrainingStarted(
            "CPU: test", "fp32", ("a", "b"), 1000, 100, 0, 5000, planned, STEPS_PER_EPOCH, total, 0, 50, 1, True
        )
    )
    for epoch in range(1, epochs + 1):
        log_epoch(folder, epoch)
    return folder


def log_epoch(folder: RunFolder, epoch: int) -> None:
    """Report the steps of one more epoch, four at a time, and its end."""
    for step in range((epoch - 1) * STEPS_PER_EPOCH + 4, epoch * STEPS_PER_EPOCH + 1, 4):
        losses = tuple(loss_at(step - 3 + index) for index in range(4))
        folder.log(StepsDone(step, losses, 0.5, 1e-3, 1000.0, step / 10, 1.0, 1.5, 10_000_000))
    accuracy = accuracy_at(epoch)
    step = epoch * STEPS_PER_EPOCH
    folder.log(
        EpochDone(
            epoch, step, loss_at(step), accuracy, loss_at(step) + 0.1, accuracy - 0.05, 1e-3, 1000.0, step / 10, True
        )
    )


def logged_run(
    epochs: int = 3,
    planned: int = 3,
    outcome: Outcome | None = "done",
    age: float = 0.0,
    can_go_on: bool = False,
    **settings: object,
) -> Path:
    """A run that has ended, `age` seconds ago; without an outcome, it was killed."""
    folder = open_run(epochs, planned, **settings)  # pyright: ignore[reportArgumentType]
    if outcome is not None:
        folder.log(finished(folder, outcome, epochs))
    folder.close()
    if can_go_on:
        (folder.path / "checkpoints" / "last.json").write_text(json.dumps({"folder": "step-000010", "step": 10}))
    config = folder.path / "config.json"
    moment = config.stat().st_mtime - age
    os.utime(config, (moment, moment))
    return folder.path


def finished(folder: RunFolder, outcome: Outcome, epochs: int) -> RunFinished:
    """A run's last event."""
    return RunFinished(
        outcome=outcome,
        run_dir=str(folder.path),
        message="The disk is on fire." if outcome == "failed" else "Done.",
        steps=epochs * STEPS_PER_EPOCH,
        test_accuracy=0.75 if outcome == "done" else None,
        test_loss=0.5,
        best_epoch=epochs,
        best_validation_accuracy=accuracy_at(epochs) - 0.05,
        train_seconds=12.5 if outcome == "done" else 0.0,
        throughput=1000.0,
        model_file=None,
    )


def loss_at(step: int) -> float:
    """The loss that these runs report after a step."""
    return 2 * math.exp(-step / 30)


def accuracy_at(epoch: int) -> float:
    """The training accuracy that these runs report after an epoch."""
    return 1 - 0.5 / max(1, epoch)
