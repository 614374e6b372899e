"""One picture as a person sees it and as a network receives it. No widgets: this runs in the large view's jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from cnn_desktop.core.errors import CnnDesktopError, ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.data.pictures.received_words import words_of

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    from cnn_desktop.core.preprocessing import Preprocessing
    from cnn_desktop.data.dataset import Dataset, PictureRef

_LONGEST_SHOWN = 2048
"""Pixels of the longer side of what is drawn of the original."""

_PRETRAINED = "+pretrained"


@dataclass(frozen=True)
class LookOrder:
    """Which picture, for which network."""

    dataset: Dataset
    ref: PictureRef
    network: str
    """One of `networks`; empty: for none."""


@dataclass(frozen=True)
class Look:
    """What is shown of a picture."""

    order: LookOrder
    original: QImage | None
    size: str
    """Of the original, in words; where it can't be read, why."""
    received: QImage | None
    words: str
    """What happens to the picture on its way to the network; or why that is impossible."""


def networks(progress: Progress = no_progress) -> dict[str, str]:
    """What a picture can be prepared for: names and titles; twice where published weights prepare it differently."""
    from cnn_desktop.models.described import all_trainable

    progress(0, 0)
    titles: dict[str, str] = {}
    for architecture in all_trainable():
        titles[architecture.name] = architecture.title
        if architecture.pretrained() is not None:
            titles[architecture.name + _PRETRAINED] = _("{title}, pretrained").format(title=architecture.title)
    return titles


def look(order: LookOrder, progress: Progress = no_progress) -> Look:
    """Read a picture, and do to it what is done before a network sees it; problems become sentences."""
    progress(0, 0)
    split = order.dataset.splits[order.ref.split]
    try:
        picture = split.picture(order.ref.index)
    except ImageError as error:
        return Look(order, None, str(error), None, _("Nothing: training leaves this picture out."))
    size = _("{width} × {height} pixels").format(width=picture.width, height=picture.height)
    if picture.info.get("turned"):
        size = _("{size}, turned upright by EXIF").format(size=size)
    if not order.network:
        return Look(order, _drawn(picture), size, None, "")
    progress(0, 0)
    try:
        preprocessing = preprocessing_for(order.dataset, order.network)
        pixels = split.pixels(order.ref.index, preprocessing)
    except CnnDesktopError as error:
        return Look(order, _drawn(picture), size, None, str(error))
    return Look(order, _drawn(picture), size, _as_image(pixels), words_of(preprocessing, order.dataset))


def preprocessing_for(dataset: Dataset, network: str) -> Preprocessing:
    """What training would do to the dataset's pictures for one of `networks`, where no other size is asked for."""
    from cnn_desktop.models.architecture import choose_preprocessing, find_architecture

    pretrained = network.endswith(_PRETRAINED)
    channels = 3 if pretrained else dataset.channels
    architecture = find_architecture(network.removesuffix(_PRETRAINED))
    return choose_preprocessing(architecture, dataset.image_size, channels, None, pretrained)


def _drawn(picture: Image) -> QImage:
    reduced = picture.convert("RGB")
    reduced.thumbnail((_LONGEST_SHOWN, _LONGEST_SHOWN))
    return _copied(reduced.tobytes(), reduced.width, reduced.height, 3)


def _as_image(pixels: np.ndarray) -> QImage:
    """uint8 C×H×W as it is, pixel by pixel."""
    channels, height, width = pixels.shape
    return _copied(pixels.transpose(1, 2, 0).tobytes(), width, height, channels)


def _copied(content: bytes, width: int, height: int, channels: int) -> QImage:
    form = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    return QImage(content, width, height, channels * width, form).copy()
