"""Settings of a recipe that would mislead: each is allowed, and hardly what was meant."""

from collections.abc import Iterator

from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import OPTIMIZER_TITLES
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.sets import is_mirrorable
from cnn_desktop.models.described import trainable
from cnn_desktop.train.optimization import USUAL_RATES
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.planning.problem import Problem
from cnn_desktop.train.task import Task

_FAR_ABOVE, _FAR_BELOW = 30.0, 1000.0
_MOST_SMOOTHING = 0.3
_MOST_SHIFT = 0.5


def recipe_problems(task: Task) -> Iterator[Problem]:
    """Warnings about the settings of `task`; none of them stops a run."""
    sentences = (*_rate(task), *_without_effect(task), *_never_reached(task), *_too_much(task))
    return (Problem(sentence, stops=False) for sentence in sentences)


def _rate(task: Task) -> Iterator[str]:
    recipe, own = task.recipe, trainable(task.config).recipe
    usual = own.learning_rate if own.optimizer == recipe.optimizer else USUAL_RATES[recipe.optimizer]
    if recipe.learning_rate > _FAR_ABOVE * usual:
        sentence = _("A learning rate of {rate:g} is so high for {optimizer} that training will fail; try {usual:g}.")
    elif recipe.learning_rate * _FAR_BELOW < usual:
        sentence = _("A learning rate of {rate:g} is so low for {optimizer} that little is learned; try {usual:g}.")
    else:
        return
    yield sentence.format(rate=recipe.learning_rate, optimizer=OPTIMIZER_TITLES[recipe.optimizer], usual=usual)


def _without_effect(task: Task) -> Iterator[str]:
    recipe = task.recipe
    if recipe.unfreeze_every and not task.config.freeze:
        yield _("No layers are frozen, so there are none to unfreeze one by one: freeze some, or set that to 0.")
    if recipe.nesterov and (recipe.optimizer != "sgd" or not recipe.momentum):
        yield _("Nesterov changes nothing here: it goes with sgd and a momentum above 0.")
    if recipe.early_stopping and not len(task.dataset.splits.get("validation", ())):
        yield _("Early stopping needs validation pictures, and there are none: keep a part of the pictures for them.")


def _never_reached(task: Task) -> Iterator[str]:
    recipe, plan = task.recipe, Plan(task.config, len(task.dataset.splits["train"]))
    if recipe.warmup_epochs * plan.steps_per_epoch >= plan.total_steps:
        yield _("The warm-up is as long as the whole run, so that the learning rate is never reached: shorten it.")
    if recipe.early_stopping and plan.epochs <= recipe.early_stopping + 1:
        yield _(
            "Early stopping waits for {count} epochs, and the run has {epochs}: it can't happen; let it wait less long."
        ).format(count=recipe.early_stopping, epochs=plan.epochs)


def _too_much(task: Task) -> Iterator[str]:
    recipe, pictures = task.recipe, len(task.dataset.splits["train"])
    if recipe.label_smoothing > _MOST_SMOOTHING:
        yield _("Label smoothing of {amount:g} keeps the network from being sure of anything; 0.1 is usual.").format(
            amount=recipe.label_smoothing
        )
    if recipe.batch_size > pictures:
        yield _("A batch of {size} is more than the {count} training pictures: one update is a whole epoch.").format(
            size=recipe.batch_size, count=pictures
        )
    padding, side = recipe.augmentation.crop_padding, min(task.preprocessing.height, task.preprocessing.width)
    if 4 * padding > side:
        yield _(
            "Random crops may move pictures by {padding} of their {side} pixels, often out of sight; {fewer} would do."
        ).format(padding=padding, side=side, fewer=max(1, side // 8))
    augmentation = recipe.augmentation
    if (augmentation.horizontal_flip or augmentation.vertical_flip) and not is_mirrorable(task.config.dataset):
        yield _("Mirrored, a picture of {dataset} mostly shows something else: leave the flips out.").format(
            dataset=task.dataset.title
        )
    if recipe.augmentation.translation > _MOST_SHIFT:
        yield _("Shifts may move pictures by up to {part} of their side, often out of sight; 10 % would do.").format(
            part=percent_text(recipe.augmentation.translation, 0)
        )
