"""What finds the exciting pictures and draws them, in job threads. The engine is imported inside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.inspect.model_dataset import given_picture, tested_split
from cnn_desktop.ui.pages.pictures import GivenPicture

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.explain.exciting import Excited, Excitement
    from cnn_desktop.explain.recording import Recording
    from cnn_desktop.models.model import Model

_MOST, _FEWEST = 2000, 500
"""Small and large pictures that are looked at; where there are more, they are sampled."""
_MOST_PIXELS = _MOST * 64 * 64

_QUICK = 2000 * 32 * 32
"""Pixels of all pictures that are looked through without being asked."""
_SIDE = 96


@dataclass(frozen=True)
class Source:
    """Where exciting pictures come from."""

    name: str
    """The dataset, by registered name or folder."""
    root: Path | None
    """The folder of datasets; None for the usual one."""


@dataclass(frozen=True, eq=False)
class Found:
    """What is known about a model and a dataset."""

    model: Model
    source: Source
    dataset: Dataset
    outline: Recording
    excitement: Excitement | None
    """None: nobody has looked yet, and that would take a while."""


@dataclass(frozen=True, eq=False)
class ExcitingPicture:
    """A picture as the network receives it, and the part of it that excites a channel."""

    given: GivenPicture
    image: QImage
    part: QRectF
    """In shares of the image's width and height."""
    channel: int
    """That it excites."""
    excited: Excited


def find(
    model: Model, source: Source, dataset: Dataset | None, is_asked: bool, progress: Progress = no_progress
) -> Found:
    """Look through the pictures, or say what is known already.

    Args:
        model: whose channels are excited.
        source: of the pictures.
        dataset: that of `source`, where it is open.
        is_asked: look even where that takes a while.

    Raises:
        DatasetError: the dataset isn't on this machine, or can't be read.
    """
    from cnn_desktop.data.sets import open_dataset
    from cnn_desktop.explain.exciting import known_excitement, most_exciting
    from cnn_desktop.explain.recording import outline

    size = model.preprocessing
    opened = dataset or open_dataset(source.name, source.root, progress)
    split = tested_split(opened)
    count = count_of(model, opened)
    if is_asked or count * size.height * size.width <= _QUICK:
        excitement = most_exciting(model, opened, split, count, progress)
    else:
        excitement = known_excitement(model, opened, split, count)
    plan = outline(model.module, (size.channels, size.height, size.width))
    return Found(model, source, opened, plan, excitement)


def count_of(model: Model, dataset: Dataset) -> int:
    """How many pictures are looked at."""
    size = model.preprocessing
    most = max(_FEWEST, min(_MOST, _MOST_PIXELS // (size.height * size.width)))
    return min(most, len(dataset.splits[tested_split(dataset)]))


def draw(found: Found, layer: str, channel: int, progress: Progress = no_progress) -> list[ExcitingPicture]:
    """The pictures that excite one channel, the strongest first; those that leave it cold are left out.

    Raises:
        ImageError: one can't be read any more.
    """
    assert found.excitement is not None
    best = [one for one in found.excitement.of(layer, channel) if one.value]
    drawn = []
    for number, excited in enumerate(best):
        progress(number, len(best))
        drawn.append(_drawn(found, layer, channel, excited))
    return drawn


def _drawn(found: Found, layer: str, channel: int, excited: Excited) -> ExcitingPicture:
    from cnn_desktop.explain.receptive_field import receptive_field

    size = found.model.preprocessing
    split = tested_split(found.dataset)
    pixels = found.dataset.splits[split].pixels(excited.picture, size)
    colours = np.ascontiguousarray(np.broadcast_to(pixels, (3, *pixels.shape[1:])).transpose(1, 2, 0))
    image = QImage(colours.data, size.width, size.height, 3 * size.width, QImage.Format.Format_RGB888).copy()
    if size.width > 2 * _SIDE:
        image = image.scaled(
            2 * _SIDE, 2 * _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    seen = receptive_field(found.outline, layer, excited.row, excited.column).rectangle
    part = QRectF(seen.left / size.width, seen.top / size.height, seen.width / size.width, seen.height / size.height)
    return ExcitingPicture(given_picture(found.dataset, split, excited.picture), image, part, channel, excited)
