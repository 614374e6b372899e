"""A run on a page that a colleague can read: what was done, what came out, what to be careful about."""

import numpy as np

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import RunFinished
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.recipe import OPTIMIZER_TITLES, Recipe
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.models.described import architecture_of
from cnn_desktop.train.runs.checkpoint import TrainingState
from cnn_desktop.train.setup import Task


def report(task: Task, state: TrainingState, finished: RunFinished) -> str:
    """Markdown: a paragraph, a table of settings and figures, and the limits."""
    title = finished.run_dir.replace("\\", "/").rsplit("/", 1)[-1]
    rows = [*_data_rows(task), *_recipe_rows(task), *_figure_rows(finished)]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    parts = [f"# {title}", _summary(task, state, finished), f"| | |\n|---|---|\n{table}", *_cautions(task, finished)]
    return "\n\n".join(parts) + "\n"


def _summary(task: Task, state: TrainingState, finished: RunFinished) -> str:
    """What happened, in a few sentences."""
    splits = task.dataset.splits
    sentences = [
        _("{architecture} was trained on {count:,} pictures of {dataset} for {steps:,} steps in {time}.").format(
            architecture=architecture_of(task.config).title,
            count=len(splits["train"]),
            dataset=task.dataset.title,
            steps=finished.steps,
            time=duration_text(finished.train_seconds),
        )
    ]
    if state.ended is not None:
        sentences.append(state.ended)
    if finished.outcome == "stopped":
        sentences.append(_("It was stopped before its end and can go on."))
    if finished.best_validation_accuracy is not None:
        sentences.append(
            _(
                "It was best after epoch {epoch}, with {share} of the validation pictures right; the model is that one."
            ).format(epoch=finished.best_epoch, share=percent_text(finished.best_validation_accuracy, 2))
        )
    if finished.test_accuracy is not None:
        sentences.append(
            _("Of {count:,} test pictures, which it never saw, it got {share} right.").format(
                count=len(splits["test"]), share=percent_text(finished.test_accuracy, 2)
            )
        )
    return " ".join(sentences)


def _data_rows(task: Task) -> list[tuple[str, str]]:
    facts, classes = task.preprocessing, task.dataset.classes
    counts = ", ".join(f"{len(split):,} {name}" for name, split in task.dataset.splits.items())
    return [
        (_("Dataset"), f"{task.dataset.title} ({counts})"),
        (_("Classes"), ", ".join(classes[:20]) + (" …" if len(classes) > 20 else "")),
        (_("Picture"), f"{facts.width}×{facts.height}, {facts.channels} " + _("channels")),
        (_("Augmentation"), str(task.recipe.augmentation)),
    ]


def _recipe_rows(task: Task) -> list[tuple[str, str]]:
    config, recipe = task.config, task.recipe
    return [
        (_("Architecture"), architecture_of(config).title),
        (
            _("Optimizer"),
            f"{OPTIMIZER_TITLES[recipe.optimizer]}, {_('rate')} {recipe.learning_rate:g} ({recipe.schedule})",
        ),
        (_("Batch size"), str(recipe.batch_size)),
        *_extras(config, recipe),
        (_("Seed"), str(config.seed)),
        (_("Device"), f"{task.device}, {task.precision}"),
    ]


def _extras(config: RunConfig, recipe: Recipe) -> list[tuple[str, str]]:
    """What isn't as plain training has it."""
    started = str(config.start_from) if config.start_from else _("published weights")
    rows = [
        (_("Started from"), started, bool(config.start_from or config.pretrained)),
        (_("Frozen layers"), str(config.freeze), config.freeze > 0),
        (_("Weight decay"), f"{recipe.weight_decay:g}", recipe.weight_decay > 0),
        (_("Label smoothing"), f"{recipe.label_smoothing:g}", recipe.label_smoothing > 0),
        (_("Class weights"), recipe.class_weights, recipe.class_weights != "none"),
        (_("Average of the weights"), f"{recipe.ema_decay:g}", recipe.ema_decay > 0),
        (_("Largest gradient norm"), f"{recipe.clip_norm:g}", recipe.clip_norm > 0),
    ]
    return [(name, value) for name, value, is_used in rows if is_used]


def _figure_rows(finished: RunFinished) -> list[tuple[str, str]]:
    rows = [
        (_("Training time"), duration_text(finished.train_seconds)),
        (_("Throughput"), f"{finished.throughput:,.0f} " + _("pictures a second")),
    ]
    if finished.best_validation_accuracy is not None:
        rows.append((_("Best validation accuracy"), percent_text(finished.best_validation_accuracy, 2)))
    if finished.test_accuracy is not None:
        rows.append((_("Test accuracy"), percent_text(finished.test_accuracy, 2)))
    return rows


def _cautions(task: Task, finished: RunFinished) -> list[str]:
    """What a reader should keep in mind."""
    cautions = [
        _(
            "The model knows only the classes above and pictures like those it was trained on; "
            "whatever it is shown, it answers with one of them."
        )
    ]
    if finished.test_accuracy is None:
        cautions.append(_("No test pictures were measured: the accuracy on new pictures is likely to be lower."))
    fewest = min(_counts(task))
    if fewest < 20:
        sentence = ngettext(
            "The smallest class has {count} training picture: what is said of it rests on little.",
            "The smallest class has {count} training pictures: what is said of it rests on little.",
            fewest,
        )
        cautions.append(sentence.format(count=fewest))
    return cautions


def _counts(task: Task) -> list[int]:
    labels = task.dataset.splits["train"].labels
    return np.bincount(labels, minlength=len(task.dataset.classes)).tolist()
