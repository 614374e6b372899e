"""What is trained on what: the facts that all of a run shares."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.models.described import architecture_of
from cnn_desktop.models.device import ComputePrecision
from cnn_desktop.models.model import Model


@dataclass(frozen=True)
class Footing:
    """What a run keeps to when it goes on, whatever has changed around it since its start."""

    preprocessing: Preprocessing
    precision: ComputePrecision

    def to_json(self) -> dict[str, Any]:
        """For a checkpoint's facts."""
        return {"preprocessing": self.preprocessing.model_dump(mode="json"), "precision": self.precision}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "Footing":
        """What `to_json` gave."""
        return cls(Preprocessing.model_validate(facts["preprocessing"]), facts["precision"])


@dataclass(frozen=True)
class Task:
    """A network on its device, the data it will see, and how it will see it."""

    config: RunConfig
    dataset: Dataset
    preprocessing: Preprocessing
    module: nn.Module
    device: torch.device
    precision: ComputePrecision
    precision_reason: str = ""
    """A sentence where the precision was measured, else empty."""

    @property
    def is_exact(self) -> bool:
        """Whether an interrupted run that goes on ends with the same bits as an uninterrupted one."""
        return self.device.type == "cpu" or self.config.deterministic

    @property
    def recipe(self) -> Recipe:
        """How the network is trained."""
        return self.config.recipe

    def model(self) -> Model:
        """The network as a model, which says on what it is trained; `module` is the one in training itself."""
        figures: dict[str, float | int | str] = {"dataset": self.config.dataset}
        if self.config.data_root is not None:
            figures["data_root"] = str(self.config.data_root)
        return Model(
            architecture=self.config.architecture,
            design=self.config.design,
            module=self.module,
            classes=self.dataset.classes,
            preprocessing=self.preprocessing,
            title=f"{architecture_of(self.config).title} · {self.dataset.title}",
            figures=figures,
        )
