"""The pictures that a person should look at first."""

from dataclasses import dataclass

import numpy as np

from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.predict.evaluation.answers import Answers


@dataclass(frozen=True)
class Answered:
    """One picture and what the model made of it."""

    ref: PictureRef
    key: str
    label: str
    answer: str
    probability: float
    """Of the answer."""
    label_probability: float
    loss: float
    """Cross-entropy, nats."""

    @property
    def is_right(self) -> bool:
        """Whether the answer is the label."""
        return self.answer == self.label


def answered(answers: Answers, places: np.ndarray) -> tuple[Answered, ...]:
    """The pictures at `places` of `answers`, int64, in that order."""
    labels, best = answers.labels[places], answers.best[places]
    rows = zip(
        places.tolist(),
        labels.tolist(),
        best.tolist(),
        answers.confidence[places].tolist(),
        answers.probabilities[places, labels].tolist(),
        answers.losses[places].tolist(),
        strict=True,
    )
    return tuple(
        Answered(
            ref=answers.refs[place],
            key=answers.keys[place],
            label=answers.classes[label],
            answer=answers.classes[answer],
            probability=probability,
            label_probability=of_label,
            loss=loss,
        )
        for place, label, answer, probability, of_label, loss in rows
    )


def top_losses(answers: Answers, limit: int | None = None) -> tuple[Answered, ...]:
    """The pictures whose own class the model finds least likely, worst first."""
    return answered(answers, np.argsort(-answers.losses, kind="stable")[:limit])


def confident_mistakes(answers: Answers, limit: int | None = None) -> tuple[Answered, ...]:
    """The wrong answers, those first that the model was surest of."""
    wrong = np.flatnonzero(~answers.is_right)
    return answered(answers, wrong[np.argsort(-answers.confidence[wrong], kind="stable")][:limit])
