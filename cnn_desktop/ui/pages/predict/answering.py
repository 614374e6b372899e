"""What the Predict page's job thread does. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.errors import CnnDesktopError
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.pictures import GivenPicture, SeenPicture, look_at

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.classifier import Classifier

TOP = 10


@dataclass(frozen=True)
class Answered:
    """A picture that was read, and what the model says to it."""

    seen: SeenPicture
    classifier: Classifier | None
    classes: tuple[tuple[str, float], ...] = ()
    """Names and probabilities, best first; empty where there is no model yet."""
    refusal: str = ""
    """Why the model has no answer, though the picture is fine."""


def prepare(model: Model, progress: Progress = no_progress) -> Classifier:
    """The model on its device, after a first blank picture: what that takes longer, the person's first doesn't."""
    import torch

    from cnn_desktop.predict.classifier import Classifier

    progress(0, 0)
    classifier = Classifier(model)
    size = model.preprocessing
    classifier.logits(torch.zeros(1, size.channels, size.height, size.width, dtype=torch.uint8))
    return classifier


def answer(
    given: GivenPicture, model: Model | None, classifier: Classifier | None, progress: Progress = no_progress
) -> Answered:
    """Read the picture and ask the model, made ready for its device where `classifier` is None.

    Raises:
        ImageError: the picture can't be read.
    """
    from cnn_desktop.predict.classifier import Classifier

    seen = look_at(given)
    progress(1, 2)
    if model is None:
        return Answered(seen, None)
    try:
        classifier = classifier or Classifier(model)
        guesses = classifier.predict(seen.opened, TOP)
    except CnnDesktopError as error:
        return Answered(seen, classifier, refusal=str(error))
    return Answered(seen, classifier, tuple((guess.label, guess.probability) for guess in guesses))
