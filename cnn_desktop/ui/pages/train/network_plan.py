"""What a dataset and an architecture come to when they meet, laid out without giving it memory. No Qt."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from PIL import Image
from torch import nn
from typing_extensions import override

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import Dataset, Split, datasets
from cnn_desktop.data.decisions import decided_at
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.models.architecture import Architecture, choose_preprocessing, new_network
from cnn_desktop.models.described import architecture_of, require_same, trainable
from cnn_desktop.models.device import choose_device, choose_precision
from cnn_desktop.models.layers import LayerInfo, freezable, list_layers, parameter_depths, set_frozen
from cnn_desktop.models.weights import open_model
from cnn_desktop.train.optimization import rate_curve
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.planning.checks import problems
from cnn_desktop.train.planning.problem import Problem
from cnn_desktop.train.task import Task
from cnn_desktop.ui.jobs.garbage import without_collections


class Labels(Split):
    """A split without its pictures: all that must be known of it before the start, and next to no memory."""

    def __init__(self, labels: np.ndarray) -> None:
        self.labels = labels

    @override
    def picture(self, index: int) -> Image.Image:
        raise NotImplementedError("a plan has no pictures")

    @override
    def key(self, index: int) -> str:
        return str(index)

    @override
    def name(self, index: int) -> str:
        return self.key(index)

    @override
    def subset(self, indices: np.ndarray) -> "Labels":
        return Labels(self.labels[indices])

    @override
    def with_labels(self, labels: np.ndarray) -> "Labels":
        return Labels(labels)

    @override
    def joined(self, others: Sequence[Split]) -> Self:
        return type(self)(np.concatenate([part.labels for part in (self, *others)]))


@dataclass(frozen=True)
class NetworkPlan:
    """The layers of a network for a dataset's pictures."""

    dataset: Dataset
    """With its labels, without its pictures."""
    size: tuple[int, int]
    channels: int
    layers: tuple[LayerInfo, ...]
    depths: dict[str, int]
    """For each layer with parameters, how many counted layers (conv, dense) lie before its own."""
    counted: int

    @property
    def pictures(self) -> int:
        """In all splits."""
        return sum(len(split) for split in self.dataset.splits.values())

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
        self._datasets: dict[str, tuple[int, Dataset]] = {}
        self._opening = threading.Lock()
        self._starts: dict[tuple[Path, int], tuple[Architecture, Preprocessing]] = {}

    def forget(self, dataset: str) -> None:
        """Read the dataset anew the next time."""
        self._datasets.pop(dataset, None)

    def make_plan(self, config: RunConfig, progress: Progress) -> NetworkPlan:
        """Open the dataset, once, and lay out the network.

        Raises:
            BadInputError: the two can't work together, or the dataset can't be read; the sentence says why.
        """
        dataset = self._dataset(config.dataset, progress)
        seen = self._preprocessing(config, dataset, progress)
        module = _shadow(config, dataset, seen)
        size = (seen.height, seen.width)
        layers = tuple(list_layers(module, (seen.channels, *size)))
        return NetworkPlan(dataset, size, seen.channels, layers, _depths(module), len(freezable(module)))

    def check(self, config: RunConfig, progress: Progress) -> tuple[Problem, ...]:
        """What would fail or mislead later; nothing is computed.

        Raises:
            BadInputError: dataset, architecture and start can't work together.
        """
        dataset = self._dataset(config.dataset, progress)
        seen = self._preprocessing(config, dataset, progress)
        module = _shadow(config, dataset, seen)
        set_frozen(module, config.freeze)
        device = choose_device(config.device)
        dataset = with_validation(dataset, config.val_fraction)
        return problems(Task(config, dataset, seen, module, device, choose_precision(config.precision, device)))

    def _dataset(self, name: str, progress: Progress) -> Dataset:
        last_decision = decided_at(name)
        with self._opening, without_collections():  # jobs that ask at the same time read it once
            known = self._datasets.get(name)
            if known is None or known[0] != last_decision:
                known = self._datasets[name] = (last_decision, _without_pictures(name, progress))
            return known[1]

    def _preprocessing(self, config: RunConfig, dataset: Dataset, progress: Progress) -> Preprocessing:
        architecture = trainable(config)
        if config.start_from is not None:
            return self._preprocessing_of(config.start_from, architecture, progress)
        channels = 3 if config.pretrained else dataset.channels
        return choose_preprocessing(architecture, dataset.image_size, channels, config.image_size, config.pretrained)

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
            self._starts[key] = (architecture_of(model), model.preprocessing)
        there, preprocessing = self._starts[key]
        way_out = _("choose the architecture {there} to start from it").format(there=there.title)
        require_same(there, wanted, place.name, way_out)
        return preprocessing


def rate_points(config: RunConfig, dataset: Dataset) -> list[tuple[float, float]]:
    """The learning rate over the run's epochs, to draw."""
    pictures = len(dataset.splits["train"])
    if "validation" not in dataset.splits:
        pictures -= round(pictures * config.val_fraction)
    return rate_curve(config.recipe, Plan(config, max(1, pictures)).steps_per_epoch)


def _shadow(config: RunConfig, dataset: Dataset, seen: Preprocessing) -> nn.Module:
    """The network without values."""
    with torch.device("meta"):
        return new_network(trainable(config), len(dataset.classes), seen.channels, (seen.height, seen.width))


def _depths(module: nn.Module) -> dict[str, int]:
    depth_of = dict(parameter_depths(module))
    depths: dict[str, int] = {}
    for name, layer in module.named_modules():
        own = [depth_of[parameter] for parameter in layer.parameters(recurse=False)]
        if own:
            depths[name] = min(own)
    return depths


def _without_pictures(name: str, progress: Progress) -> Dataset:
    if name not in datasets and not Path(name).is_dir():
        raise BadInputError(_("The folder {folder} is no longer there; choose another dataset.").format(folder=name))
    opened = open_dataset(name, None, progress)
    return replace(opened, splits={part: Labels(split.labels) for part, split in opened.splits.items()})
