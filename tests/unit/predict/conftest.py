"""Models whose answers are known beforehand."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.model import Model


class NearestGrey(nn.Module):
    """Finds the class whose grey is nearest to the picture's mean: class i of n stands for i / (n - 1)."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.greys = nn.Parameter(torch.linspace(0, 1, classes))

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return -100 * (batch.mean(dim=(1, 2, 3))[:, None] - self.greys).abs()


@pytest.fixture
def grey_model() -> Callable[..., Model]:
    """Makes a model of that kind for the class names given."""

    def make(*classes: str, side: int = 4) -> Model:
        preprocessing = Preprocessing.unit_range(side, side, 3)
        return Model("mnist_cnn", NearestGrey(len(classes)).eval(), classes, preprocessing, "Grey finder")

    return make
