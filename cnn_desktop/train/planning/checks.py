"""What would fail or mislead later, found before the start."""

from collections.abc import Iterator

import numpy as np
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from cnn_desktop.core.errors import BadInputError, ModelError, listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.models.architecture import require_fitting
from cnn_desktop.models.described import trainable
from cnn_desktop.models.freezing import FrozenBatchNorm2d
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.planning.problem import Problem
from cnn_desktop.train.planning.recipe_checks import recipe_problems
from cnn_desktop.train.task import Task
from cnn_desktop.train.updating import part_size

_NAMED = 5


def problems(task: Task) -> tuple[Problem, ...]:
    """All that stands against training `task`, what stops it first. Nothing is computed, and no picture is read."""
    stopping = (*_network_problems(task), *_data_problems(task))
    if stopping:
        return stopping
    return (*_batch_norm_problems(task), *_class_problems(task), *recipe_problems(task))


def require_trainable(task: Task) -> None:
    """Refuse what can't be trained.

    Raises:
        BadInputError: the first problem that stops a run, with the way out.
    """
    for problem in problems(task):
        if problem.stops:
            raise BadInputError(problem.sentence)


def _network_problems(task: Task) -> Iterator[Problem]:
    size = task.preprocessing.height, task.preprocessing.width
    try:
        require_fitting(trainable(task.config), len(task.dataset.classes), size)
    except ModelError as error:
        yield Problem(str(error), stops=True)
    if not any(parameter.requires_grad for parameter in task.module.parameters()):
        yield Problem(_("All layers are frozen, so nothing could learn; freeze fewer."), stops=True)


def _data_problems(task: Task) -> Iterator[Problem]:
    labels = task.dataset.splits["train"].labels
    present = np.unique(labels)
    if not len(present):
        yield Problem(_("There are no training pictures; choose another dataset."), stops=True)
    elif len(present) == 1:
        name = task.dataset.classes[present[0]]
        sentence = _("All training pictures are of one class ({name}); a classifier needs two or more.")
        yield Problem(sentence.format(name=name), stops=True)


def _batch_norm_problems(task: Task) -> Iterator[Problem]:
    """Batch norm compares the pictures that are computed at once; one alone has nothing to be compared with."""
    if not any(_learns_statistics(layer, task) for layer in task.module.modules()):
        return
    plan, parts = Plan(task.config, len(task.dataset.splits["train"])), task.recipe.accumulation
    full = min(task.recipe.batch_size, plan.usable)
    for count in (full, plan.usable % full or full):
        size = part_size(count, parts)
        if count == 1:
            sentence = _("Batch norm can't learn from one picture at a time: choose a batch size of 2 or more.")
        elif size == 1 or count % size == 1:
            sentence = _(
                "Batch norm can't learn from one picture at a time, and {count} pictures computed in {parts} parts "
                "leave some alone: choose a larger batch or fewer parts."
            )
        else:
            continue
        yield Problem(sentence.format(count=count, parts=parts), stops=True)
        return


def _learns_statistics(layer: nn.Module, task: Task) -> bool:
    stays_frozen = isinstance(layer, FrozenBatchNorm2d) and not task.recipe.unfreeze_every
    return isinstance(layer, _BatchNorm) and not stays_frozen


def _class_problems(task: Task) -> Iterator[Problem]:
    classes = task.dataset.classes
    counts = np.bincount(task.dataset.splits["train"].labels, minlength=len(classes))
    absent = [name for name, count in zip(classes, counts, strict=True) if count == 0]
    single = [name for name, count in zip(classes, counts, strict=True) if count == 1]
    if absent:
        sentence = _("Without training pictures, the network can't learn {names}: add some, or leave that out.")
        yield Problem(sentence.format(names=_first(absent)), stops=False)
    if absent and task.recipe.class_weights != "none":
        sentence = _("Class weights can't make up for pictures that aren't there ({names}).")
        yield Problem(sentence.format(names=_first(absent)), stops=False)
    if single:
        sentence = ngettext(
            "A class has one training picture only, too few to learn from ({names}): add more.",
            "{count} classes have one training picture only, too few to learn from ({names}): add more.",
            len(single),
        )
        yield Problem(sentence.format(count=len(single), names=_first(single)), stops=False)


def _first(names: list[str]) -> str:
    return listed(names) if len(names) <= _NAMED else listed([*names[:_NAMED], "…"])
