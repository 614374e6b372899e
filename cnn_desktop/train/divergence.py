"""Seeing early that a run goes nowhere: a loss that is no number, or far above where it started."""

import math
from collections import deque

import torch

from cnn_desktop.core.errors import DivergedError
from cnn_desktop.core.language import _
from cnn_desktop.train.optimization import USUAL_RATES
from cnn_desktop.train.task import Task

_FACTOR = 10.0
_STEPS = 5


class DivergenceWatch:
    """Looks at every step's loss.

    A run has diverged when a loss is infinite or no number, or when `_STEPS` losses in a row are `_FACTOR` times what
    they were at the start (or what guessing would give, where that is more). A rate just too high costs less than that
    and recovers; one far too high can stay finite for long, and learn nothing.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._guessing = math.log(len(task.dataset.classes))
        self._recent: deque[float] = deque(maxlen=_STEPS)

    def check(self, losses: list[float], first_loss: float | None, step: int) -> None:
        """Look at the losses of the latest steps, the last of which is `step`.

        Raises:
            DivergedError: the run has diverged; the sentence suggests a rate.
        """
        if not all(math.isfinite(loss) for loss in losses):
            raise self._diverged(_("The loss is no longer a number after step {step}.").format(step=step))
        limit = _FACTOR * max(self._guessing, first_loss or 0.0)
        for loss in losses:
            self._recent.append(loss)
            if len(self._recent) == _STEPS and min(self._recent) > limit:
                raise self._diverged(
                    _("The loss rose to {loss:.3g} by step {step}, {factor:g} times what guessing costs.").format(
                        loss=loss, step=step, factor=_FACTOR
                    )
                )

    def check_weights(self, step: int) -> None:
        """Look at the weights before they are saved.

        Raises:
            DivergedError: one of them is infinite or no number.
        """
        floats = [tensor for tensor in self._task.module.state_dict().values() if tensor.is_floating_point()]
        if not torch.stack([torch.isfinite(tensor).all() for tensor in floats]).all().item():
            raise self._diverged(_("The weights are no longer numbers after step {step}.").format(step=step))

    def _diverged(self, what: str) -> DivergedError:
        recipe = self._task.recipe
        rate = min(recipe.learning_rate / 10, USUAL_RATES[recipe.optimizer])
        sentence = _("{what} The last good checkpoint is kept; try a learning rate of {rate:g} or less.")
        return DivergedError(sentence.format(what=what, rate=rate), rate)
