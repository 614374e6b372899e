"""Where a model looked: the job, and what comes of it. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from cnn_desktop.core.errors import CancelledError, CnnDesktopError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.predict.answering import AskedPicture
from cnn_desktop.ui.widgets.drop_zone import Overlay

if TYPE_CHECKING:
    from cnn_desktop.explain.attribution import Attribution
    from cnn_desktop.models.model import Model

_SIDE = 384
"""Pixels of an overlay's sides, whatever its shape in the end: it is smooth."""


@dataclass(frozen=True)
class LookOrder:
    """Which parts of `asked` speak for the class number `class_index` of `model`?"""

    asked: AskedPicture
    model: Model
    class_index: int
    method: str

    @property
    def class_name(self) -> str:
        """What a person calls the class."""
        return self.model.classes[self.class_index]


@dataclass(frozen=True)
class Looked:
    """What to lay over the picture, if anything, and what to say to it."""

    order: LookOrder
    overlay: Overlay | None
    words: str


def import_attribution(progress: Progress = no_progress) -> None:
    """Import what `look` needs: captum takes a second or two, since it brings matplotlib."""
    progress(0, 0)
    import captum.attr  # noqa: F401


def look(order: LookOrder, progress: Progress = no_progress) -> Looked:
    """Compute where the model looked; a model that can't say it is a sentence.

    Raises:
        ImageError: the picture can't be read.
    """
    import numpy as np
    import torch

    from cnn_desktop.data.pictures import received_part
    from cnn_desktop.explain.attribution import METHODS, Question

    opened, rules = order.asked.opened(), order.model.preprocessing
    progress(0, 0)
    pixels = torch.from_numpy(np.ascontiguousarray(opened.pixels(rules))).unsqueeze(0)
    method = METHODS[order.method]
    try:
        found = method.explain(Question.about(order.model, pixels, order.class_index), progress)
    except CancelledError:
        raise
    except CnnDesktopError as error:
        return Looked(order, None, str(error))
    if found.is_empty:
        text = _("No part of the picture speaks for “{label}”.")
        return Looked(order, None, text.format(label=order.class_name))
    left, top, right, bottom = received_part(opened.size, rules)
    overlay = Overlay(_drawn(found), QRectF(left, top, right - left, bottom - top))
    text = _("{label} · {method} {note}")
    return Looked(order, overlay, text.format(label=order.class_name, method=method.title, note=found.note))


def _drawn(found: Attribution) -> QImage:
    from cnn_desktop.explain.rendering import overlay

    colours = overlay(found.map, _SIDE, _SIDE)
    return QImage(colours.tobytes(), _SIDE, _SIDE, 4 * _SIDE, QImage.Format.Format_RGBA8888).copy()
