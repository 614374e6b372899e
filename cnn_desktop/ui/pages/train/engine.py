"""What the Train page asks of the layers below; imported only once torch is there. No Qt."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch

from cnn_desktop.core.config import Recipe
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import data_root
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.architecture import architectures, build, choose_preprocessing
from cnn_desktop.models.device import choose_device, choose_precision, devices
from cnn_desktop.models.layers import LayerInfo, freezable, list_layers
from cnn_desktop.models.weights import pretrained_is_present
from cnn_desktop.train.trainer import train

__all__ = ["automatic_precision", "download", "make_plan", "survey", "train"]


@dataclass(frozen=True)
class DatasetChoice:
    """A dataset that can be picked."""

    name: str
    title: str
    pictures: int
    classes: int
    is_present: bool
    download_bytes: int


@dataclass(frozen=True)
class ArchitectureChoice:
    """An architecture that can be picked."""

    name: str
    title: str
    summary: str
    recipe: Recipe
    pretrained_bytes: int
    """0: it has no pretrained weights."""
    pretrained_present: bool


@dataclass(frozen=True)
class DataFacts:
    """What a network must know of a dataset."""

    classes: int
    channels: Literal[1, 3]
    image_size: tuple[int, int] | None
    pictures: int
    """In all splits."""


@dataclass(frozen=True)
class Plan:
    """What a dataset and an architecture come to when they meet."""

    data: DataFacts
    size: tuple[int, int]
    channels: int
    layers: tuple[LayerInfo, ...]
    freezable: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """All parameters of the network."""
        return sum(layer.parameters for layer in self.layers)


@dataclass(frozen=True)
class Survey:
    """What there is on this machine."""

    datasets: list[DatasetChoice]
    architectures: list[ArchitectureChoice]
    devices: list[tuple[str, str]]
    """By name and title; the first is what “auto” takes."""


_facts: dict[str, DataFacts] = {}


def survey(progress: Progress) -> Survey:
    """Look at the registries, the data root and the devices."""
    progress(0, 1)
    auto = choose_device("auto")
    found = sorted(devices(), key=lambda device: not device[0].startswith(auto.type))
    return Survey(_dataset_choices(), _architecture_choices(), found)


def _dataset_choices() -> list[DatasetChoice]:
    return [
        DatasetChoice(
            name=name,
            title=source.title,
            pictures=source.picture_count,
            classes=source.class_count,
            is_present=source.is_present(data_root()),
            download_bytes=source.download_bytes,
        )
        for name, source in ((name, datasets[name]) for name in datasets)
    ]


def _architecture_choices() -> list[ArchitectureChoice]:
    return [
        ArchitectureChoice(
            name=name,
            title=architecture.title,
            summary=architecture.summary,
            recipe=architecture.recipe,
            pretrained_bytes=weights.bytes if (weights := architecture.pretrained()) else 0,
            pretrained_present=weights is not None and pretrained_is_present(name),
        )
        for name, architecture in ((name, architectures[name]) for name in architectures)
    ]


def download(name: str, progress: Progress) -> None:
    """Fetch a dataset into the data root.

    Raises:
        DownloadError: it didn't arrive whole.
        CancelledError: stopped; what has arrived is kept for next time.
    """
    datasets[name].download(data_root(), progress)
    _facts.pop(name, None)


def make_plan(dataset: str, architecture: str, side: int | None, pretrained: bool, progress: Progress) -> Plan:
    """Open the dataset, once, and lay out the network without giving it memory.

    Args:
        side: of the square that pictures are brought to; None chooses.

    Raises:
        BadInputError: the two can't work together, or the dataset can't be read; the sentence says why.
    """
    facts = _facts.get(dataset)
    if facts is None:
        facts = _facts[dataset] = _read_facts(dataset, progress)
    chosen = architectures[architecture]
    preprocessing = choose_preprocessing(
        chosen, facts.image_size, 3 if pretrained else facts.channels, side, pretrained
    )
    size = (preprocessing.height, preprocessing.width)
    with torch.device("meta"):
        module = build(architecture, facts.classes, preprocessing.channels, size)
        layers = list_layers(module, (preprocessing.channels, *size))
    return Plan(facts, size, preprocessing.channels, tuple(layers), tuple(freezable(module)))


def automatic_precision(device: str) -> str:
    """What precision “auto” stands for on `device`."""
    try:
        chosen = choose_device(device)
    except BadInputError:
        return ""
    return choose_precision("auto", chosen)


def _read_facts(name: str, progress: Progress) -> DataFacts:
    if name not in datasets and not Path(name).is_dir():
        raise BadInputError(_("The folder {folder} is no longer there; choose another dataset.").format(folder=name))
    opened = open_dataset(name, None, progress)
    return DataFacts(
        classes=len(opened.classes),
        channels=opened.channels,
        image_size=opened.image_size,
        pictures=sum(len(split) for split in opened.splits.values()),
    )
