"""What the job threads of “Where it looks” do. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from cnn_desktop.core.errors import CancelledError, CnnDesktopError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.pictures import SeenPicture

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.attribution import Attribution, Method, Question
    from cnn_desktop.explain.sanity import Deletion, Randomisation
    from cnn_desktop.models.model import Model

_SMOOTH_SIDE = 384
"""Pixels of the sides of what a coarse map is enlarged to."""


@dataclass(frozen=True, eq=False)
class Order:
    """Which parts of `picture` speak for a class of `model`?"""

    model: Model
    picture: SeenPicture
    method: str
    class_index: int | None = None
    """None: the one that the model finds most probable."""


@dataclass(frozen=True, eq=False)
class Explained:
    """What a method says to an order; without an `attribution`, `words` says why."""

    order: Order
    question: Question
    ranking: tuple[tuple[int, float], ...]
    """Every class by its place, with its probability, the most probable first."""
    received: QImage
    """The part of the picture that the network is given."""
    attribution: Attribution | None
    overlay: QImage | None
    words: str

    @property
    def class_name(self) -> str:
        """What a person calls the class that was asked about."""
        return self.order.model.classes[self.question.class_index]

    @property
    def probability(self) -> float:
        """Of that class, 0…1."""
        return dict(self.ranking)[self.question.class_index]


def explain(order: Order, progress: Progress = no_progress) -> Explained:
    """Ask the method; that it doesn't fit the model, or finds nothing, is a sentence.

    Raises:
        ImageError: the picture can't be read.
    """
    import numpy as np
    import torch

    from cnn_desktop.explain.attribution import METHODS, Question

    progress(0, 0)
    pixels = torch.from_numpy(np.ascontiguousarray(order.picture.opened.pixels(order.model.preprocessing)))[None]
    question = Question.about(order.model, pixels, order.class_index or 0)
    ranking = _ranking(question)
    if order.class_index is None:
        question = question.of_class(ranking[0][0])
    found, words = _ask(METHODS[order.method], question, progress)
    received = _received(order.picture, order.model)
    overlay = None if found is None else draw_map(found.map, question)
    return Explained(order, question, ranking, received, found, overlay, words)


def randomise_weights(explained: Explained, progress: Progress = no_progress) -> tuple[Randomisation, list[QImage]]:
    """The randomisation check of what was found, and a picture of each of its stages."""
    from cnn_desktop.explain.attribution import METHODS
    from cnn_desktop.explain.sanity import randomise

    assert explained.attribution is not None
    method = METHODS[explained.order.method]
    check = randomise(method, explained.question, explained.attribution, progress)
    return check, [draw_map(stage.map, explained.question) for stage in check.stages]


def delete_pixels(explained: Explained, progress: Progress = no_progress) -> Deletion:
    """The deletion curve of what was found."""
    from cnn_desktop.explain.sanity import delete

    assert explained.attribution is not None
    return delete(explained.question, explained.attribution, progress)


def draw_map(shares: np.ndarray, question: Question) -> QImage:
    """A map to lay over the picture: as fine as the network's picture it stays as it is, a coarse one is smooth."""
    from cnn_desktop.explain.rendering import overlay

    is_fine = shares.shape == tuple(question.batch.shape[2:])
    height, width = shares.shape if is_fine else (_SMOOTH_SIDE, _SMOOTH_SIDE)
    colours = overlay(shares, height, width)
    return QImage(colours.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _ask(method: Method, question: Question, progress: Progress) -> tuple[Attribution | None, str]:
    reason = method.misfit(question.model)
    if reason is not None:
        return None, reason
    try:
        found = method.explain(question, progress)
    except CancelledError:
        raise
    except CnnDesktopError as error:
        return None, str(error)
    label = question.model.classes[question.class_index]
    if found.is_empty:
        return None, _("No part of the picture speaks for “{label}”.").format(label=label)
    return found, found.note


def _ranking(question: Question) -> tuple[tuple[int, float], ...]:
    probabilities = question.probabilities(question.batch)[0]
    order = probabilities.argsort(descending=True, stable=True).tolist()
    return tuple((index, float(probabilities[index])) for index in order)


def _received(picture: SeenPicture, model: Model) -> QImage:
    from cnn_desktop.data.pictures import received_part

    left, top, right, bottom = received_part(picture.opened.size, model.preprocessing)
    whole = picture.drawn
    part = QRectF(left * whole.width(), top * whole.height(), 0, 0)
    part.setRight(right * whole.width())
    part.setBottom(bottom * whole.height())
    return whole.copy(part.toRect())
