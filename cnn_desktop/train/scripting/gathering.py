"""From a run's folder to all that a training script has to know of it."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.models.described import trainable
from cnn_desktop.models.device import choose_device
from cnn_desktop.models.weights import load_model
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs.environment import fingerprint
from cnn_desktop.train.runs.run_folder import ENVIRONMENT, MODEL
from cnn_desktop.train.scripting.history import History, read_history
from cnn_desktop.train.scripting.subject import Subject
from cnn_desktop.train.setup import given_model, prepare

T = TypeVar("T")


def subject_of(config: RunConfig, run: Path | None, progress: Progress = no_progress) -> Subject:
    """All that is known of the run in the folder `run`, or of one that `config` describes.

    Raises:
        BadInputError: its dataset or its weights aren't there any more.
    """
    history = History() if run is None else read_history(run)
    dataset = open_dataset(config.dataset, config.data_root, progress)
    start = config.start_from and given_model(config.start_from, trainable(config), progress)
    if run is not None and (run / MODEL).is_file():
        dataset = with_validation(dataset, config.val_fraction)
        preprocessing = load_model(run / MODEL).preprocessing
    else:
        task = _result(prepare(config.changed(device="cpu", precision="fp32"), Control()))
        dataset, preprocessing = task.dataset, task.preprocessing
    asked = "fp32" if config.precision == "auto" else config.precision
    return Subject(
        config=config,
        dataset=dataset,
        preprocessing=preprocessing,
        device=_device(history, config),
        precision=history.precision or asked,
        run=run,
        history=history,
        is_changed=run is not None and _is_changed(run, dataset),
        start=start,
    )


def _device(history: History, config: RunConfig) -> str:
    """From the title that the run noted down; see `device_title`."""
    if not history.device:
        return choose_device(config.device).type
    kind = history.device.partition(":")[0].lower()
    return kind if kind in {"cpu", "cuda"} else "mps"


def _is_changed(run: Path, dataset: Dataset) -> bool:
    try:
        began_with = json.loads((run / ENVIRONMENT).read_bytes())["dataset_fingerprint"]
    except (OSError, ValueError, KeyError):
        return False  # nobody can tell
    return began_with != fingerprint(dataset)


def _result(generator: Generator[object, None, T]) -> T:
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value
