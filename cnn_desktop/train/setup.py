"""From a configuration to what is trained on what, with everything checked that can be checked before the start."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from cnn_desktop.core.config import Recipe, RunConfig
from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.models.architecture import Architecture, architectures, build, choose_preprocessing
from cnn_desktop.models.device import ComputePrecision, choose_device, choose_precision
from cnn_desktop.models.layers import freeze_first
from cnn_desktop.models.weights import pretrained_backbone
from cnn_desktop.train.background import reported
from cnn_desktop.train.control import Control
from cnn_desktop.train.randomness import derived_seed
from cnn_desktop.train.rewriting import pool_before_relu


@dataclass(frozen=True)
class Task:
    """A network on its device, the data it will see, and how it will see it."""

    config: RunConfig
    dataset: Dataset
    preprocessing: Preprocessing
    module: nn.Module
    device: torch.device
    precision: ComputePrecision

    @property
    def recipe(self) -> Recipe:
        """How the network is trained."""
        return self.config.recipe


def default_config(dataset: str, architecture: str, **changes: Any) -> RunConfig:
    """The run that an architecture recommends for itself; `changes` replace fields of the RunConfig, None none.

    Raises:
        BadInputError: no such architecture, or a value that doesn't fit.
    """
    config = RunConfig(dataset=dataset, architecture=architecture, recipe=architectures[architecture].recipe)
    return config.changed(**changes)


def prepare(config: RunConfig, control: Control) -> Generator[Preparing, None, Task]:
    """Open the dataset and build the network, reporting progress on the way.

    Raises:
        BadInputError: a name, a size, a device or the data doesn't fit; nothing was written.
        CancelledError: stopped.
    """
    architecture = architectures[config.architecture]
    device = choose_device(config.device)
    what = _("Opening {dataset}").format(dataset=config.dataset)
    dataset = yield from reported(
        what, control, lambda progress: open_dataset(config.dataset, config.data_root, progress)
    )
    dataset = with_validation(dataset, config.val_fraction, config.seed)
    preprocessing = choose_preprocessing(
        architecture,
        dataset.image_size,
        3 if config.pretrained else dataset.channels,
        config.image_size,
        config.pretrained,
    )
    what = _("Building {architecture}").format(architecture=architecture.title)
    module = yield from reported(
        what, control, lambda progress: _build(config, architecture, dataset, preprocessing, progress)
    )
    module = module.to(device=device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return Task(config, dataset, preprocessing, module, device, choose_precision(config.precision, device))


def _build(
    config: RunConfig, architecture: Architecture, dataset: Dataset, preprocessing: Preprocessing, progress: Progress
) -> nn.Module:
    torch.manual_seed(derived_seed(config.seed, "weights", 0))
    if config.pretrained:
        if architecture.pretrained() is None:
            raise ModelError(
                _("{architecture} has no pretrained weights; train it from scratch.").format(
                    architecture=architecture.title
                )
            )
        module = pretrained_backbone(config.architecture, len(dataset.classes), progress)
    else:
        size = (preprocessing.height, preprocessing.width)
        module = build(config.architecture, len(dataset.classes), preprocessing.channels, size)
    if config.freeze:
        freeze_first(module, config.freeze)
    pool_before_relu(module)
    if not any(parameter.requires_grad for parameter in module.parameters()):
        raise BadInputError(_("All layers are frozen, so nothing could learn; freeze fewer."))
    return module
