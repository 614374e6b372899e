"""Looking for a learning rate: a short training at ever higher rates (Smith 2017, arXiv:1506.01186)."""

import math
from collections.abc import Iterator, Sequence
from statistics import fmean, linear_regression, pstdev

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Event, RateFound, RateTried
from cnn_desktop.core.language import _
from cnn_desktop.models.device import arithmetic, choose_device
from cnn_desktop.train.control import Control
from cnn_desktop.train.planning.checks import require_trainable
from cnn_desktop.train.planning.trial import Trial, read_sample
from cnn_desktop.train.setup import prepare

SMOOTHING = 0.9
"""What an average over the latest losses keeps at each update."""
DIVERGED = 4.0
"""So many times the best smoothed loss ends the search."""


def find_rate(
    config: RunConfig, control: Control, lowest: float = 1e-6, highest: float = 10.0, steps: int = 140
) -> Iterator[Event]:
    """Train a network that is thrown away for `steps` updates, from the rate `lowest` up to `highest`.

    The rates lie evenly on a logarithmic scale; the updates are those of the run that `config` describes. Yields
    `Preparing` events, a `RateTried` for each update, and at the end one `RateFound`. The search ends early when the
    smoothed loss is `DIVERGED` times the best. No run may be going on in this process: both draw from the same random
    numbers.

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


def suggestion(tried: Sequence[RateTried]) -> RateFound:
    """The rate at which the smoothed loss falls fastest, in a window of half a decade; none where it hardly falls.

    On digits, MNIST and CIFAR-10 that rate differed by a factor of two from seed to seed; it was a good one, or lower
    than the best. A tenth of the rate with the lowest loss, the other usual rule, differed by a factor of ten and was
    sometimes beyond what the network bore: the smoothed loss lags behind the rate.
    """
    curve = [event for event in tried if math.isfinite(event.smoothed)]
    half = _quarter_decade(curve)
    if len(curve) < 4 * half:
        return RateFound(None, _("The loss grew out of bounds in the first updates, so that no rate can be suggested."))
    lowest = min(range(2 * half, len(curve)), key=lambda place: curve[place].smoothed)
    level, by_chance = _level(curve)
    if level - curve[lowest].smoothed < by_chance:
        return RateFound(
            None, _("The loss hardly fell at any rate, so that none stands out; a larger batch shows it more clearly.")
        )
    steepest = min(range(half, lowest + 1), key=lambda place: _slope(curve[place - half : place + half + 1]))
    rate = float(f"{curve[steepest].rate:.1e}")
    return RateFound(rate, _("The loss fell fastest at a learning rate of {rate:g}.").format(rate=rate))


def _quarter_decade(curve: Sequence[RateTried]) -> int:
    """Updates in which the rate grows by a quarter of a power of ten."""
    if len(curve) < 2:
        return 1
    return max(2, round(0.25 / math.log10(curve[1].rate / curve[0].rate)))


def _level(curve: Sequence[RateTried]) -> tuple[float, float]:
    """The loss at the low rates of the first quarter, and how much lower the smoothed loss gets by chance."""
    losses = [event.loss for event in curve[: max(8, len(curve) // 4)]]
    level, scatter = fmean(losses), pstdev(losses)
    return level, max(0.01 * level, 6 * scatter * math.sqrt((1 - SMOOTHING) / (1 + SMOOTHING)))


def _slope(window: Sequence[RateTried]) -> float:
    return linear_regression([math.log(event.rate) for event in window], [event.smoothed for event in window]).slope
