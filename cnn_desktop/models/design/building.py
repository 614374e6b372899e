"""From the calls of a design to its network with first weights."""

from collections import OrderedDict
from collections.abc import Callable

import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.models.design.calls import Call
from cnn_desktop.models.design.report import Report


class ResidualBlock(nn.Module):
    """Two convolutions whose output is added to their input: float N×width×H×W -> the same shape.

    Source: He et al., “Deep Residual Learning for Image Recognition”, arXiv:1512.03385 (2015), its basic block.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Add what the layers make of `maps` to `maps`."""
        change = self.relu1(self.bn1(self.conv1(maps)))
        return self.relu2(maps + self.bn2(self.conv2(change)))


_OURS: dict[str, Callable[..., nn.Module]] = {"ResidualBlock": ResidualBlock}


def network_of(report: Report, title: str) -> nn.Sequential:
    """The network that `report` describes, with torch's first weights.

    Raises:
        ModelError: one of the layers can't stand where it does.
    """
    calls = calls_of(report, title)
    return nn.Sequential(OrderedDict((name, _made(call)) for name, call in calls.items()))


def calls_of(report: Report, title: str) -> dict[str, Call]:
    """What makes each layer that `report` describes, by its name.

    Raises:
        ModelError: one of the layers can't stand where it does.
    """
    wrong = report.wrong
    if wrong is not None:
        text = _("{title} can't be built for pictures of {width}×{height}: {layer}: {problem}")
        _channels, height, width = report.input_shape
        names = {"title": title, "layer": wrong.name, "problem": wrong.problem}
        raise ModelError(text.format(width=width, height=height, **names))
    return {row.name: row.step.call for row in report.rows if row.step is not None}


def glorot_weights(network: nn.Module) -> None:
    """Begin as Glorot and Bengio 2010: convolutions and dense layers uniform, their biases 0."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def he_weights(network: nn.Module) -> None:
    """Begin as He et al. 2015: convolutions and dense layers uniform, their biases 0."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def _made(call: Call) -> nn.Module:
    kind = _OURS[call.name] if call.is_ours else getattr(nn, call.name)
    return kind(*call.positional, **call.named)
