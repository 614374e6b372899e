"""What the Inspect page's job threads do. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.inspect.model_dataset import given_picture, open_model_dataset, tested_split
from cnn_desktop.ui.pages.pictures import GivenPicture, SeenPicture, look_at
from cnn_desktop.ui.widgets.layer_tree import Layer

if TYPE_CHECKING:
    from cnn_desktop.explain.recording import Recording
    from cnn_desktop.models.model import Model


@dataclass(frozen=True)
class Seen:
    """A picture and what every layer made of it."""

    given: GivenPicture
    picture: SeenPicture
    recording: Recording


def find_layers(model: Model, progress: Progress = no_progress) -> list[Layer]:
    """The model's layers, ready for the list."""
    from cnn_desktop.explain.recording import layers_of

    progress(0, 0)
    return [
        Layer(layer.name, f"{layer.kind} {layer.detail}".strip(), layer.shape, layer.block)
        for layer in layers_of(model)
    ]


def look(model: Model, given: GivenPicture, progress: Progress = no_progress) -> Seen:
    """Read the picture and run it through the model once, keeping what every layer puts out.

    Raises:
        ImageError: the picture can't be read.
    """
    from cnn_desktop.explain.viewing import record_picture

    seen = look_at(given)
    progress(1, 2)
    return Seen(given, seen, record_picture(model, seen.opened))


def dataset_of(model: Model) -> str:
    """The dataset that the model was trained on, by registered name or folder; empty where the file doesn't say."""
    return str(model.figures.get("dataset", ""))


def dataset_pictures(model: Model, progress: Progress = no_progress) -> list[GivenPicture]:
    """The pictures on which the model is tested: those of its dataset's test split, else validation, else training.

    Raises:
        BadInputError: the model doesn't say on which dataset it was trained.
        DatasetError: the dataset isn't on this machine.
    """
    dataset = open_model_dataset(model, progress)
    split = tested_split(dataset)
    return [given_picture(dataset, split, index) for index in range(len(dataset.splits[split]))]
