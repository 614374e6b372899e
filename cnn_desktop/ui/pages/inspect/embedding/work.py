"""What the tab's job threads do. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QImage

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.inspect.model_dataset import open_model_dataset
from cnn_desktop.ui.pages.pictures import draw

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.data.dataset import Dataset, PictureRef, SplitName
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.embedded_split import EmbeddedSplit

Way = Literal["directions", "neighbours"]


@dataclass(frozen=True)
class Order:
    """Which map of which pictures."""

    model: Model = field(compare=False)
    split: SplitName
    way: Way
    most: int


@dataclass(frozen=True, eq=False)
class PictureMap:
    """Pictures of a dataset with their places on a plane."""

    order: Order
    dataset: Dataset
    embedded: EmbeddedSplit
    places: np.ndarray
    """float32 N×2."""
    is_wrong: np.ndarray
    """bool N; nowhere set where the model knows other classes than the dataset's."""
    is_final: bool
    share: float
    """Of the variance, that the plane holds; 0 where it isn't made of directions."""
    neighbours: float
    """The share of each picture's ten nearest that are so on the map."""

    def ref(self, place: int) -> PictureRef:
        """Which picture of the dataset it is."""
        from cnn_desktop.data.dataset import PictureRef

        return PictureRef(self.order.split, int(self.embedded.indices[place]))

    def words(self, place: int) -> str:
        """The picture's class, and what the model said where that is something else."""
        label = self.dataset.classes[int(self.embedded.labels[place])]
        if not self.is_wrong[place]:
            return label
        said = self.order.model.classes[int(self.embedded.answers[place])]
        return _("{label}, taken for {said}").format(label=label, said=said)


class Progression:
    """How far a map has come, on its way from the thread to the window."""

    def __init__(self) -> None:
        self.words = ""
        self.map: PictureMap | None = None


def splits_of(model: Model, progress: Progress = no_progress) -> dict[SplitName, int]:
    """How many pictures the parts of the model's dataset have.

    Raises:
        BadInputError: the model doesn't say which dataset.
        DatasetError: it isn't on this machine.
    """
    return {name: len(split) for name, split in open_model_dataset(model, progress).splits.items()}


def draw_map(order: Order, shown: Progression, progress: Progress = no_progress) -> PictureMap:
    """Ask the model about the pictures and lay them out.

    Raises:
        DatasetError: the dataset isn't there, or can't be read.
        ModelError: the model answers with something that is no number.
    """
    from cnn_desktop.explain.projection import by_neighbours, by_widest_directions, neighbours_kept
    from cnn_desktop.predict.classifier import Classifier
    from cnn_desktop.predict.embedded_split import embed_split

    shown.words = _("Asking the model about {done:,} of {total:,} pictures")
    dataset = open_model_dataset(order.model, progress)
    embedded = embed_split(Classifier(order.model), dataset, order.split, order.most, progress)
    knows = tuple(dataset.classes) == tuple(order.model.classes)
    is_wrong = (embedded.answers != embedded.labels) & knows
    places, share = by_widest_directions(embedded.points)
    first = PictureMap(order, dataset, embedded, places, is_wrong, order.way == "directions", share, 0.0)
    if order.way == "neighbours":
        shown.words = _("Moving neighbours together, {done} of {total}")

        def show(some: np.ndarray) -> None:
            shown.map = replace(first, places=some)

        places, share = by_neighbours(embedded.points, progress, show), 0.0
    kept = neighbours_kept(embedded.points, places)
    return replace(first, places=places, is_final=True, share=share, neighbours=kept)


@dataclass(frozen=True)
class Pointed:
    """A point whose picture is to be shown."""

    map: PictureMap
    place: int


def small_picture(pointed: Pointed, progress: Progress = no_progress) -> tuple[Pointed, QImage]:
    """The picture of a point.

    Raises:
        ImageError: it can't be read.
    """
    progress(0, 0)
    ref = pointed.map.ref(pointed.place)
    split = pointed.map.dataset.splits[ref.split]
    return pointed, draw(split.name(ref.index), split.opened(ref.index)).drawn
