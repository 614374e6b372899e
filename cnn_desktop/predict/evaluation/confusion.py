"""Which classes a model takes for which."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.predict.evaluation.answers import Answers


def confusion_matrix(labels: np.ndarray, best: np.ndarray, classes: int) -> np.ndarray:
    """int64 classes×classes: how many pictures of the class of a row were answered with that of a column."""
    return np.bincount(labels * classes + best, minlength=classes * classes).reshape(classes, classes)


@dataclass(frozen=True)
class ConfusedPair:
    """Pictures of one class that were answered with another."""

    label: int
    answer: int
    count: int
    share: float
    """Of the label's pictures."""


@dataclass(frozen=True, eq=False)
class Confusion:
    """The confusion matrix of some answers, and the way from its cells to their pictures."""

    answers: Answers

    @property
    def classes(self) -> tuple[str, ...]:
        """Of rows and columns."""
        return self.answers.classes

    @cached_property
    def counts(self) -> np.ndarray:
        """int64 C×C: a row a label, a column an answer."""
        return confusion_matrix(self.answers.labels, self.answers.best, len(self.classes))

    @cached_property
    def by_row(self) -> np.ndarray:
        """float64 C×C: shares of each label's pictures; 0 in rows without any."""
        return _shares(self.counts, self.counts.sum(axis=1, keepdims=True))

    @cached_property
    def by_column(self) -> np.ndarray:
        """float64 C×C: shares of what was answered with each class; 0 in columns without any."""
        return _shares(self.counts, self.counts.sum(axis=0, keepdims=True))

    def most_confused(self, limit: int | None = None) -> tuple[ConfusedPair, ...]:
        """Pairs of different classes, the most frequent first, among equals that with the larger share."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        labels, answers = np.nonzero(wrong)
        counts, shares = wrong[labels, answers], self.by_row[labels, answers]
        order = np.lexsort((-shares, -counts))[:limit]
        return tuple(
            ConfusedPair(int(labels[place]), int(answers[place]), int(counts[place]), float(shares[place]))
            for place in order
        )

    def pictures(self, label: int, answer: int) -> tuple[PictureRef, ...]:
        """The pictures in a cell, those that the model was surest of first."""
        return self.answers.refs_at(self.places(label, answer))

    def places(self, label: int, answer: int) -> np.ndarray:
        """Where the pictures in a cell stand among the answers, int64, those that the model was surest of first."""
        places = np.flatnonzero((self.answers.labels == label) & (self.answers.best == answer))
        return places[np.argsort(-self.answers.confidence[places], kind="stable")]


def _shares(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    return counts / np.maximum(totals, 1)
