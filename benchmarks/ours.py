"""Contestant: the program's own engine. Run as: ours.py ARCHITECTURE DATASET BATCH_SIZE PRECISION."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.answering import Answer, Answers
from benchmarks.pictures import dataset_name, register_pictures
from benchmarks.places import PICTURES
from cnn_desktop.core.events import CheckpointSaved, Event, StepsDone, TrainingStarted
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train

_EPOCHS = 10_000
"""More than anybody waits for."""


def main() -> None:
    """Start the run that the architecture recommends, and go on with it whenever told to."""
    answers = Answers()
    architecture, dataset, batch_size, precision = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        run, started = begin(architecture, dataset, int(batch_size), precision, Path(folder) / "run")
        facts = {"parameters": started.parameters, "precision": started.precision, "device": started.device}
        answers.serve(facts, lambda seconds: train_for(run, seconds, int(batch_size)))


def begin(
    architecture: str, dataset: str, batch_size: int, precision: str, run_dir: Path
) -> tuple[Iterator[Event], TrainingStarted]:
    """A run without a validation part, as far as before its first step; once in a process."""
    register_pictures()
    places = {"data_root": PICTURES, "run_dir": run_dir}
    config = default_config(dataset_name(dataset), architecture, precision=precision, val_fraction=0.0, **places)
    run = train(config.changed(recipe=config.recipe.changed(epochs=_EPOCHS, batch_size=batch_size)), Control())
    return run, next(event for event in run if isinstance(event, TrainingStarted))


def train_for(run: Iterator[Event], seconds: float, batch_size: int) -> Answer:
    """Go on for so long; the writing of checkpoints, which the others don't do, isn't counted."""
    images, spent = 0, 0.0
    mark = time.perf_counter()
    while spent < seconds:
        event = next(run)
        now = time.perf_counter()
        if not isinstance(event, CheckpointSaved):
            spent += now - mark
        mark = now
        if isinstance(event, StepsDone):
            images += len(event.losses) * batch_size
    return {"images": images, "seconds": spent}


if __name__ == "__main__":
    main()
