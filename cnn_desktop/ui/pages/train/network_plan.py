"""What a dataset and an architecture come to when they meet, laid out without giving it memory. No Qt."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import nn

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.architecture import Architecture, architectures, build, choose_preprocessing
from cnn_desktop.models.layers import LayerInfo, freezable, list_layers, parameter_depths
from cnn_desktop.models.weights import open_model
from cnn_desktop.train.optimization import rate_curve
from cnn_desktop.train.plan import Plan


@dataclass(frozen=True)
class DataFacts:
    """What a network must know of a dataset."""

    classes: int
    channels: Literal[1, 3]
    image_size: tuple[int, int] | None
    pictures: int
    """In all splits."""
    training_pictures: int
    """In the training split, before a part of it is kept for validation."""
    has_validation: bool
    """Whether it brings a validation split of its own."""


@dataclass(frozen=True)
class NetworkPlan:
    """The layers of a network for a dataset's pictures."""

    data: DataFacts
    size: tuple[int, int]
    channels: int
    layers: tuple[LayerInfo, ...]
    depths: dict[str, int]
    """For each layer with parameters, how many counted layers (conv, dense) lie before its own."""
    counted: int

    @property
    def parameters(self) -> int:
        """All parameters of the network."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def most_frozen(self) -> int:
        """How many layers can be frozen, so that one is left to learn."""
        return max(0, self.counted - 1)

    def frozen(self, count: int) -> frozenset[str]:
        """The layers that keep their weights, batch norms among them, when the first `count` are frozen."""
        return frozenset(name for name, depth in self.depths.items() if depth < count)

    def learning(self, count: int) -> int:
        """The parameters that learn when the first `count` layers are frozen."""
        frozen = self.frozen(count)
        return sum(layer.parameters for layer in self.layers if layer.name not in frozen)


class Planner:
    """Makes plans; it remembers what it read of datasets and models, so that a changed setting costs milliseconds."""

    def __init__(self) -> None:
        self._facts: dict[str, DataFacts] = {}
        self._starts: dict[tuple[Path, int], tuple[str, Preprocessing]] = {}

    def forget(self, dataset: str) -> None:
        """Read the dataset anew the next time."""
        self._facts.pop(dataset, None)

    def make_plan(self, config: RunConfig, progress: Progress) -> NetworkPlan:
        """Open the dataset, once, and lay out the network.

        Raises:
            BadInputError: the two can't work together, or the dataset can't be read; the sentence says why.
        """
        facts = self._facts.get(config.dataset)
        if facts is None:
            facts = self._facts[config.dataset] = _read_facts(config.dataset, progress)
        chosen = architectures[config.architecture]
        if config.start_from is not None:
            preprocessing = self._preprocessing_of(config.start_from, chosen, progress)
        else:
            channels = 3 if config.pretrained else facts.channels
            preprocessing = choose_preprocessing(
                chosen, facts.image_size, channels, config.image_size, config.pretrained
            )
        size = (preprocessing.height, preprocessing.width)
        with torch.device("meta"):
            module = build(config.architecture, facts.classes, preprocessing.channels, size)
            layers = list_layers(module, (preprocessing.channels, *size))
        counted = len(freezable(module))
        return NetworkPlan(facts, size, preprocessing.channels, tuple(layers), _depths(module), counted)

    def _preprocessing_of(self, place: Path, wanted: Architecture, progress: Progress) -> Preprocessing:
        """What a model of the person's does to pictures."""
        try:
            key = (place, place.stat().st_mtime_ns)
        except OSError as error:
            raise BadInputError(
                _("{place} is no longer there; choose what to start from.").format(place=place)
            ) from error
        if key not in self._starts:
            model = open_model(str(place), progress=progress)
            self._starts[key] = (model.architecture, model.preprocessing)
        there, preprocessing = self._starts[key]
        if there != wanted.name:
            raise ModelError(
                _("{place} holds a {there}, not a {wanted}; choose the architecture {there} to start from it.").format(
                    place=place.name, there=architectures[there].title, wanted=wanted.title
                )
            )
        return preprocessing


def rate_points(config: RunConfig, data: DataFacts) -> list[tuple[float, float]]:
    """The learning rate over the run's epochs, to draw."""
    kept = 0 if data.has_validation else round(data.training_pictures * config.val_fraction)
    plan = Plan(config, max(1, data.training_pictures - kept))
    return rate_curve(config.recipe, plan.steps_per_epoch)


def _depths(module: nn.Module) -> dict[str, int]:
    depth_of = dict(parameter_depths(module))
    depths: dict[str, int] = {}
    for name, layer in module.named_modules():
        own = [depth_of[parameter] for parameter in layer.parameters(recurse=False)]
        if own:
            depths[name] = min(own)
    return depths


def _read_facts(name: str, progress: Progress) -> DataFacts:
    if name not in datasets and not Path(name).is_dir():
        raise BadInputError(_("The folder {folder} is no longer there; choose another dataset.").format(folder=name))
    opened = open_dataset(name, None, progress)
    return DataFacts(
        classes=len(opened.classes),
        channels=opened.channels,
        image_size=opened.image_size,
        pictures=sum(len(split) for split in opened.splits.values()),
        training_pictures=len(opened.splits["train"]),
        has_validation="validation" in opened.splits,
    )
