"""What the tab's job threads do. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.inspect.model_dataset import given_picture, open_model_dataset, tested_split
from cnn_desktop.ui.pages.pictures import GivenPicture, SeenPicture, look_at

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.maximisation import Found, Rules, Stage, Unit
    from cnn_desktop.models.model import Model

RIVALS = 2000
"""So many pictures of the dataset are asked for the one that excites the unit most."""


@dataclass(frozen=True)
class Wish:
    """Whose wish, and how it is searched for."""

    model: Model = field(compare=False)  # it holds a network, which can't be compared
    layer: str
    """Name of an operation; empty: the classes."""
    channel: int
    cell: tuple[int, int] | None
    rules: Rules

    @property
    def unit(self) -> Unit:
        """The same for the engine.

        Raises:
            ModelError: there is no such operation, or it can't be excited.
        """
        from cnn_desktop.explain.maximisation import Unit, unit_of
        from cnn_desktop.explain.recording import outline

        if not self.layer:
            return Unit("", self.channel)
        size = self.model.preprocessing
        recording = outline(self.model.module, (size.channels, size.height, size.width))
        return unit_of(recording, self.layer, self.channel, self.cell)


@dataclass(frozen=True)
class Granted:
    """The picture that was found."""

    wish: Wish
    found: Found
    drawn: QImage


@dataclass(frozen=True)
class Rival:
    """The picture of the dataset that excites the unit most."""

    wish: Wish
    given: GivenPicture
    picture: SeenPicture
    excitement: float
    count: int
    """Among how many."""


class Easel:
    """Holds the newest picture on the way, from the thread that paints to the window."""

    def __init__(self) -> None:
        self.stage: Stage | None = None

    def hold(self, stage: Stage) -> None:
        """Replace what is held; any thread."""
        self.stage = stage


def search(wish: Wish, easel: Easel, progress: Progress = no_progress) -> Granted:
    """Search for the picture; those on the way are held by `easel`.

    Raises:
        ModelError: the network has no such unit.
    """
    from cnn_desktop.explain.maximisation import maximise

    progress(0, wish.rules.steps)
    found = maximise(wish.model, wish.unit, wish.rules, progress, easel.hold)
    return Granted(wish, found, drawn(found.pixels))


def find_rival(wish: Wish, progress: Progress = no_progress) -> Rival:
    """Look for the most exciting picture of the dataset that the model was trained on.

    Raises:
        BadInputError: the model doesn't say which.
        DatasetError: it isn't on this machine.
    """
    from cnn_desktop.explain.maximisation.strongest import strongest

    dataset = open_model_dataset(wish.model, progress)
    split = tested_split(dataset)
    best = strongest(wish.model, wish.unit, dataset.splits[split], RIVALS, progress)
    given = given_picture(dataset, split, best.index)
    return Rival(wish, given, look_at(given), best.excitement, best.count)


def drawn(pixels: np.ndarray) -> QImage:
    """uint8 C×H×W for the window, pixel by pixel."""
    channels, height, width = pixels.shape
    layout = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    content = pixels.transpose(1, 2, 0).tobytes()
    return QImage(content, width, height, channels * width, layout).copy()
