"""Whether a model is right as often as it says, and the temperature that makes it so (Guo et al., 2017)."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.predict.evaluation.answers import Answers

_BINS = 15
_STEPS = 100
_ENOUGH = 1e-6


@dataclass(frozen=True, eq=False)
class Reliability:
    """Answers by how sure the model was, in bins of equal width from 0 to 1; arrays of shape (bins,)."""

    counts: np.ndarray
    """int64."""
    confidence: np.ndarray
    """float64: mean probability of the answers; 0 in an empty bin."""
    accuracy: np.ndarray
    """float64: share of right ones; 0 in an empty bin."""

    @property
    def error(self) -> float:
        """Expected calibration error: the mean gap between both, weighed by the number of answers."""
        gaps = np.abs(self.confidence - self.accuracy)
        return float((gaps * self.counts).sum() / max(1, self.counts.sum()))


def reliability(answers: Answers, bins: int = _BINS) -> Reliability:
    """Sort the answers into bins; one at a border belongs to the lower bin."""
    confidence = answers.confidence.astype(np.float64)
    place = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    filled = np.maximum(counts, 1)
    return Reliability(
        counts=counts,
        confidence=np.bincount(place, confidence, bins) / filled,
        accuracy=np.bincount(place, answers.is_right, bins) / filled,
    )


@dataclass(frozen=True)
class Calibration:
    """A temperature fitted on a split, and what it changed there."""

    temperature: float
    split: str
    count: int
    loss_before: float
    loss_after: float
    error_before: float
    error_after: float

    def __str__(self) -> str:
        text = _(
            "Temperature {temperature:.3f}, fitted on {count:,} pictures ({split}): the calibration error there goes "
            "from {before} to {after}, the loss from {loss_before:.4f} to {loss_after:.4f}."
        )
        return text.format(
            temperature=self.temperature,
            count=self.count,
            split=self.split,
            before=percent_text(self.error_before),
            after=percent_text(self.error_after),
            loss_before=self.loss_before,
            loss_after=self.loss_after,
        )


def calibrate(answers: Answers) -> Calibration:
    """Fit the temperature on `answers`; the figures compare it with the one that the model had.

    Raises:
        DatasetError: the answers don't determine a temperature.
    """
    fitted = answers.at_temperature(fit_temperature(answers.logits, answers.labels))
    return Calibration(
        temperature=fitted.temperature,
        split=answers.split,
        count=len(answers),
        loss_before=float(answers.losses.mean()),
        loss_after=float(fitted.losses.mean()),
        error_before=reliability(answers).error,
        error_after=reliability(fitted).error,
    )


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature at which the labels (int64 N) are likeliest given `logits` (float32 N×C).

    The loss is convex in 1 over the temperature: its derivative there is the mean of the expected logit less the
    label's, and its second one the mean variance of the logits. Newton's steps, kept between bounds that close in.

    Raises:
        DatasetError: every answer is right, so that the loss falls with the temperature for ever; or the answers are no
            better than chance, so that it falls for as long as it rises.
    """
    values = torch.from_numpy(logits)
    own = _mean(values.gather(1, torch.from_numpy(labels)[:, None]))
    if own <= _mean(values):
        raise DatasetError(
            _("The answers are no better than chance, so no temperature makes their probabilities true.")
        )
    if own >= _mean(values.amax(dim=1)):
        text = _("Every answer is right, so nothing tells how sure the model may be: use a split with more pictures.")
        raise DatasetError(text)
    low, high, inverse = 0.0, math.inf, 1.0
    for _step in range(_STEPS):
        slope, curvature = _derivatives(values, own, inverse)
        low, high = (low, inverse) if slope > 0 else (inverse, high)
        following = inverse - slope / curvature if curvature > 0 else 0.0
        if not low < following < high:
            following = min((low + high) / 2, 2 * inverse)
        if abs(following - inverse) < _ENOUGH * inverse:
            break
        inverse = following
    return 1 / inverse


def _derivatives(logits: torch.Tensor, own: float, inverse: float) -> tuple[float, float]:
    """First and second derivative of the mean loss by 1 over the temperature; `own` is the labels' mean logit."""
    shares = (logits * inverse).softmax(dim=1)
    expected = (shares * logits).sum(dim=1)
    variance = (shares * (logits - expected[:, None]).square_()).sum(dim=1)
    return _mean(expected) - own, _mean(variance)


def _mean(values: torch.Tensor) -> float:
    return values.mean(dtype=torch.float64).item()
