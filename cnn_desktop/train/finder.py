"""Looking for a learning rate: a short training at ever higher rates (Smith 2017, arXiv:1506.01186)."""

import math
from collections.abc import Iterator

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Event, RateFound, RateTried
from cnn_desktop.core.language import _
from cnn_desktop.models.device import arithmetic, choose_device
from cnn_desktop.train.checks import require_trainable
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import prepare
from cnn_desktop.train.trial import Trial, read_sample

SMOOTHING = 0.9
"""Share of the average that stays at each update."""
DIVERGED = 4.0
"""So many times the best smoothed loss ends the search."""


def find_rate(
    config: RunConfig, control: Control, lowest: float = 1e-7, highest: float = 10.0, steps: int = 100
) -> Iterator[Event]:
    """Train a network that is thrown away for `steps` updates, from the rate `lowest` up to `highest`.

    The rates lie evenly on a logarithmic scale. Updates are those of the run that `config` describes. Yields `Preparing`
    events, a `RateTried` for each update, and at the end one `RateFound`. No run may be going on in this process: both
    draw from the same random numbers.

    Raises:
        BadInputError: the run couldn't start.
        TrainingError: memory doesn't suffice for a single picture.
    """
    with arithmetic(choose_device(config.device), config.deterministic):
        tried: list[RateTried] = []
        try:
            for event in _search(config, control, lowest, highest, steps):
                if isinstance(event, RateTried):
                    tried.append(event)
                yield event
        except CancelledError:
            yield RateFound(None, _("Stopped before a rate was found."))
        else:
            yield suggestion(tried)


def _search(config: RunConfig, control: Control, lowest: float, highest: float, steps: int) -> Iterator[Event]:
    task = yield from prepare(config, control)
    require_trainable(task)
    sample = yield from read_sample(task, steps * task.recipe.batch_size, control)
    trial = Trial(task, sample, control)
    average, best = 0.0, math.inf
    for step, batch in enumerate(trial.batches(steps)):
        rate = lowest * (highest / lowest) ** (step / max(1, steps - 1))
        loss = trial.update(batch, rate).loss.item()
        average = SMOOTHING * average + (1 - SMOOTHING) * loss
        smoothed = average / (1 - SMOOTHING ** (step + 1))  # an average that starts at 0 is too low at first
        yield RateTried(rate, loss, smoothed)
        best = min(best, smoothed)
        if not smoothed <= DIVERGED * best:  # not a number either
            break
