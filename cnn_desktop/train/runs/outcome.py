"""What a run leaves when it ends: the model file, the report, the last event."""

from typing import Literal

from cnn_desktop.core.events import RunFinished
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model
from cnn_desktop.predict.polarity import FIGURE as POLARITY
from cnn_desktop.predict.polarity import light_on_dark
from cnn_desktop.train.measuring import Figures
from cnn_desktop.train.runs.checkpoint import TrainingState
from cnn_desktop.train.runs.report import report
from cnn_desktop.train.runs.run_folder import MODEL, REPORT, RunFolder
from cnn_desktop.train.sample import sample_pixels
from cnn_desktop.train.task import Task

_SEEN_FOR_POLARITY = 64
"""Pictures; enough for a mean that hardly changes with more, and read in no time."""


def write_outcome(
    task: Task, folder: RunFolder, state: TrainingState, outcome: Literal["done", "stopped"], test: Figures | None
) -> RunFinished:
    """Write the model that `task.module` now holds and the report; return the run's last event."""
    model_file = folder.path / MODEL
    if state.step > 0:
        save_model(_model(task, state, test), model_file)
    finished = RunFinished(
        outcome=outcome,
        run_dir=str(folder.path),
        message=_message(state, outcome),
        steps=state.step,
        test_accuracy=None if test is None else test.accuracy,
        test_loss=None if test is None else test.loss,
        best_epoch=state.best_epoch,
        best_validation_accuracy=state.best_accuracy,
        train_seconds=state.seconds,
        throughput=state.images / max(1e-9, state.step_seconds),
        model_file=str(model_file) if state.step > 0 else None,
    )
    write_atomic(folder.path / REPORT, report(task, state, finished))
    return finished


def _message(state: TrainingState, outcome: Literal["done", "stopped"]) -> str:
    if outcome == "stopped":
        return _("Stopped; the run can go on from here.")
    return _("Done.") if state.ended is None else _("Done. {reason}").format(reason=state.ended)


def _model(task: Task, state: TrainingState, test: Figures | None) -> Model:
    model = task.model()
    model.figures["steps"] = state.step
    if state.best_accuracy is not None:
        model.figures["validation_accuracy"] = state.best_accuracy
    if test is not None:
        model.figures["test_accuracy"] = test.accuracy
    seen = sample_pixels(task.dataset.splits["train"], task.preprocessing, _SEEN_FOR_POLARITY)
    if len(seen):
        model.figures[POLARITY] = round(float(light_on_dark(seen).mean()), 3)
    return model
