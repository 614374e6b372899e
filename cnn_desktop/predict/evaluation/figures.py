"""How good a model is on a split, in figures."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.predict.evaluation.answers import Answers
from cnn_desktop.predict.evaluation.calibration import reliability
from cnn_desktop.predict.evaluation.confusion import confusion_matrix
from cnn_desktop.predict.evaluation.intervals import Interval, wilson


@dataclass(frozen=True)
class ClassFigures:
    """How good the model is at one class; shares of 1, and the number of its pictures."""

    label: str
    precision: float
    recall: float
    recall_interval: Interval
    f1: float
    support: int


@dataclass(frozen=True)
class Evaluation:
    """What the model reaches on one split; intervals hold the true share in 95 of 100 cases (Wilson, 1927)."""

    model: str
    dataset: str
    split: str
    count: int
    accuracy: float
    accuracy_interval: Interval
    top5_accuracy: float
    top5_interval: Interval
    loss: float
    """Mean cross-entropy of the probabilities shown, nats."""
    calibration_error: float
    """Expected, over 15 bins: how far an answer's probability is from how often such answers are right."""
    temperature: float
    classes: tuple[ClassFigures, ...]
    skipped: tuple[str, ...]
    """A sentence for each picture that couldn't be read."""

    def to_json(self) -> dict[str, Any]:
        """The object that `evaluate --json` prints; an interval is a list of two numbers."""
        return asdict(self)

    def __str__(self) -> str:
        head = _(
            "{count:,} pictures of {dataset} ({split}): accuracy {accuracy} ({interval}), top five {top5}, "
            "loss {loss:.4f}, calibration error {error}"
        )
        text = head.format(
            count=self.count,
            dataset=self.dataset,
            split=self.split,
            accuracy=percent_text(self.accuracy, 2),
            interval=self.accuracy_interval,
            top5=percent_text(self.top5_accuracy, 2),
            loss=self.loss,
            error=percent_text(self.calibration_error),
        )
        width = max(len(figures.label) for figures in self.classes)
        columns = [_("precision"), _("recall"), "F1", _("pictures")]
        lines = [text, "", " " * width + "".join(f"{column:>11}" for column in columns)]
        for figures in self.classes:
            shares = "".join(f"{percent_text(share):>11}" for share in (figures.precision, figures.recall, figures.f1))
            lines.append(f"{figures.label:<{width}}{shares}{figures.support:>11,}")
        return "\n".join([*lines, *self.skipped])


def evaluate(answers: Answers) -> Evaluation:
    """The figures of a model's answers to a split."""
    hits, in_five = int(answers.is_right.sum()), int((answers.ranks < 5).sum())
    return Evaluation(
        model=answers.model,
        dataset=answers.dataset,
        split=answers.split,
        count=len(answers),
        accuracy=hits / len(answers),
        accuracy_interval=wilson(hits, len(answers)),
        top5_accuracy=in_five / len(answers),
        top5_interval=wilson(in_five, len(answers)),
        loss=float(answers.losses.mean(dtype=np.float64)),
        calibration_error=reliability(answers).error,
        temperature=answers.temperature,
        classes=_of_classes(answers),
        skipped=answers.skipped,
    )


def _of_classes(answers: Answers) -> tuple[ClassFigures, ...]:
    """A share of nothing is 0."""
    counts = confusion_matrix(answers.labels, answers.best, len(answers.classes))
    right, support, answered = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    precision, recall = right / np.maximum(answered, 1), right / np.maximum(support, 1)
    f1 = 2 * right / np.maximum(support + answered, 1)
    return tuple(
        ClassFigures(label, float(p), float(r), wilson(int(hits), int(n)), float(f), int(n))
        for label, p, r, f, hits, n in zip(answers.classes, precision, recall, f1, right, support, strict=True)
    )
