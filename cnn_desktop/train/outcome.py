"""What a run leaves when it ends: the model file, the report, the last event."""

from typing import Literal

from cnn_desktop.core.events import RunFinished
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model
from cnn_desktop.train.checkpoint import TrainingState
from cnn_desktop.train.measuring import Figures
from cnn_desktop.train.run_folder import MODEL, REPORT, RunFolder
from cnn_desktop.train.task import Task


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
        message=_("Done.") if outcome == "done" else _("Stopped; the run can go on from here."),
        steps=state.step,
        test_accuracy=None if test is None else test.accuracy,
        test_loss=None if test is None else test.loss,
        best_epoch=state.best_epoch,
        best_validation_accuracy=state.best_accuracy,
        train_seconds=state.seconds,
        throughput=state.images / max(1e-9, state.step_seconds),
        model_file=str(model_file) if state.step > 0 else None,
    )
    write_atomic(folder.path / REPORT, _report(task, finished))
    return finished


def _model(task: Task, state: TrainingState, test: Figures | None) -> Model:
    figures: dict[str, float | int | str] = {"dataset": task.config.dataset, "steps": state.step}
    if task.config.data_root is not None:
        figures["data_root"] = str(task.config.data_root)
    if state.best_accuracy is not None:
        figures["validation_accuracy"] = state.best_accuracy
    if test is not None:
        figures["test_accuracy"] = test.accuracy
    title = architectures[task.config.architecture].title
    return Model(
        architecture=task.config.architecture,
        module=task.module,
        classes=task.dataset.classes,
        preprocessing=task.preprocessing,
        title=f"{title} · {task.dataset.title}",
        figures=figures,
    )


def _report(task: Task, finished: RunFinished) -> str:
    """The run in a page that a colleague can read."""
    config, recipe, facts = task.config, task.recipe, task.preprocessing
    counts = ", ".join(f"{len(split):,} {name}" for name, split in task.dataset.splits.items())
    rows = [
        (_("Outcome"), f"{finished.outcome}, {finished.steps:,} " + _("steps")),
        (_("Dataset"), f"{task.dataset.title} ({counts})"),
        (_("Classes"), ", ".join(task.dataset.classes[:20]) + (" …" if len(task.dataset.classes) > 20 else "")),
        (_("Architecture"), architectures[config.architecture].title),
        (_("Picture"), f"{facts.width}×{facts.height}, {facts.channels} " + _("channels")),
        (_("Optimizer"), f"{recipe.optimizer}, {_('rate')} {recipe.learning_rate:g} ({recipe.schedule})"),
        (_("Batch size"), str(recipe.batch_size)),
        (_("Augmentation"), str(recipe.augmentation)),
        (_("Seed"), str(config.seed)),
        (_("Device"), f"{task.device}, {task.precision}"),
        (_("Training time"), duration_text(finished.train_seconds)),
        (_("Throughput"), f"{finished.throughput:,.0f} " + _("pictures a second")),
    ]
    if finished.best_validation_accuracy is not None:
        rows.append((_("Best validation accuracy"), percent_text(finished.best_validation_accuracy, 2)))
    if finished.test_accuracy is not None:
        rows.append((_("Test accuracy"), percent_text(finished.test_accuracy, 2)))
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    limits = _(
        "The model knows only the classes above and pictures like those it was trained on; "
        "whatever it is shown, it answers with one of them."
    )
    return f"# {finished.run_dir.replace(chr(92), '/').rsplit('/', 1)[-1]}\n\n| | |\n|---|---|\n{table}\n\n{limits}\n"
