"""From a configuration to what is trained on what, with everything checked that can be checked before the start."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.data.sets import is_mirrorable, open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.models.architecture import Architecture, at_side, choose_preprocessing, new_network, require_pretrained
from cnn_desktop.models.described import architecture_of, require_same, trainable
from cnn_desktop.models.device import choose_device, choose_precision
from cnn_desktop.models.layers import list_layers, set_frozen
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model, pretrained_backbone
from cnn_desktop.train.background import reported
from cnn_desktop.train.control import Control
from cnn_desktop.train.planning.precision import measured_precision
from cnn_desktop.train.randomness import derived_seed
from cnn_desktop.train.rewriting import speed_up
from cnn_desktop.train.sample import sample
from cnn_desktop.train.task import Footing, Task

_WEIGHTS_SUFFIXES = {".pth", ".pt", ".safetensors"}
"""Files with weights and nothing else: for the published layout of the chosen architecture."""


def default_config(dataset: str, architecture: str, **changes: Any) -> RunConfig:
    """The run that an architecture recommends for a dataset; `changes` replace fields of the RunConfig, None none.

    Raises:
        BadInputError: no such architecture, or a value that doesn't fit.
    """
    config = RunConfig(dataset=dataset, architecture=architecture, recipe=Recipe())
    return config.changed(recipe=recommended_recipe(trainable(config), dataset)).changed(**changes)


def recommended_recipe(architecture: Architecture, dataset: str) -> Recipe:
    """How `architecture` should be trained on a dataset, by its name, or on a folder."""
    recipe = architecture.dataset_recipes.get(dataset, architecture.recipe)
    return recipe if is_mirrorable(dataset) else recipe.without_flips()


def with_design(config: RunConfig) -> RunConfig:
    """`config` with the layers in it where it names a person's own design: the run keeps them, whatever is edited.

    Raises:
        BadInputError: no such architecture.
    """
    return config.changed(design=trainable(config).design)


def prepare(config: RunConfig, control: Control, footing: Footing | None = None) -> Generator[Preparing, None, Task]:
    """Open the dataset and build the network, reporting progress on the way.

    Args:
        config: what to train.
        control: a stop cancels.
        footing: of a run that goes on, whose weights are in its checkpoint; None for a new run.

    Raises:
        BadInputError: a name, a size, a device or the data doesn't fit; nothing was written.
        CancelledError: stopped.
    """
    architecture = trainable(config)
    device = choose_device(config.device)
    what = _("Opening {dataset}").format(dataset=config.dataset)
    dataset = yield from reported(
        what, control, lambda progress: open_dataset(config.dataset, config.data_root, progress)
    )
    dataset = with_validation(dataset, config.val_fraction)
    what = _("Building {architecture}").format(architecture=architecture.title)
    module, preprocessing = yield from reported(
        what, control, lambda progress: _build(config, dataset, footing, progress)
    )
    speed_up(module, device)
    module = module.to(device=device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    task = Task(config, dataset, preprocessing, module, device, choose_precision(config.precision, device))
    if footing is not None:
        return replace(task, precision=footing.precision)
    if config.precision != "auto":
        return task
    choice = yield from measured_precision(task, control)
    return replace(task, precision=choice.precision, precision_reason=choice.reason)


def _build(
    config: RunConfig, dataset: Dataset, footing: Footing | None, progress: Progress
) -> tuple[nn.Module, Preprocessing]:
    """The network that training starts from, and how it sees pictures."""
    torch.manual_seed(derived_seed(config.seed, "weights", 0))
    if footing is None:
        module, preprocessing = _network(config, dataset, progress)
    else:
        preprocessing = footing.preprocessing
        module = _fresh(config, dataset, preprocessing)
    set_frozen(module, config.freeze)
    return module, preprocessing


def _network(config: RunConfig, dataset: Dataset, progress: Progress) -> tuple[nn.Module, Preprocessing]:
    architecture = trainable(config)
    if config.start_from is not None:
        model = given_model(config.start_from, architecture, progress)
        return _continued(model, config, dataset)
    channels = 3 if config.pretrained else dataset.channels
    preprocessing = choose_preprocessing(
        architecture, dataset.image_size, channels, config.image_size, config.pretrained
    )
    if config.pretrained:
        require_pretrained(architecture)
        return pretrained_backbone(config.architecture, len(dataset.classes), progress), preprocessing
    module = _fresh(config, dataset, preprocessing)
    if architecture.sample_size:
        architecture.adapt(module, sample(dataset.splits["train"], preprocessing, architecture.sample_size, progress))
    return module, preprocessing


def _fresh(config: RunConfig, dataset: Dataset, preprocessing: Preprocessing) -> nn.Module:
    size = (preprocessing.height, preprocessing.width)
    return new_network(trainable(config), len(dataset.classes), preprocessing.channels, size)


def given_model(place: Path, architecture: Architecture, progress: Progress = no_progress) -> Model:
    """The model of a run, a model file or a file of weights, of the given architecture.

    Raises:
        ModelError: there is none, or it is of another architecture.
    """
    if place.suffix.lower() in _WEIGHTS_SUFFIXES:
        return open_model(architecture.name, place, progress)
    model = open_model(str(place), progress=progress)
    found = architecture_of(model)
    way_out = _("choose the architecture {there} to go on from it").format(there=found.title)
    require_same(found, architecture, place, way_out)
    return model


def _continued(model: Model, config: RunConfig, dataset: Dataset) -> tuple[nn.Module, Preprocessing]:
    """The model's network, with a fresh head where its classes aren't the dataset's, and how it sees pictures."""
    if model.classes != dataset.classes:
        architecture_of(model).replace_head(model.module, len(dataset.classes))
    facts = model.preprocessing
    if config.image_size is None or (facts.height, facts.width) == (config.image_size, config.image_size):
        return model.module, facts
    try:
        list_layers(model.module, (facts.channels, config.image_size, config.image_size))
    except RuntimeError as error:
        raise ModelError(
            _("{model} was made for pictures of {width}×{height}; leave the picture size at that.").format(
                model=model.title, width=facts.width, height=facts.height
            )
        ) from error
    return model.module, at_side(facts, config.image_size)
